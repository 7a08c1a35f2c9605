import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { type IdempotencyRecord, noRecord } from '../../src/db/idempotency-record.ts'
import { makeDeps, newIsolateCache, type Outside } from '../../src/deps.ts'
import { ANSWER_WITHIN, runNow } from '../../src/jobs/runner.ts'
import { fireCron } from '../support/cron.ts'
import { callsThrough } from '../support/failing.ts'
import { insertKey, startService } from '../support/service.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** A service with an admin, a cron, and receivers whose answers `receive` gives. */
async function startWithCron(receive: Fetch = async () => new Response(), more: Outside = {}) {
  const posts: { url: string; headers: Headers; body: any }[] = []
  const fetch = (async (url: string, init: RequestInit) => {
    posts.push({ url, headers: new Headers(init.headers), body: JSON.parse(init.body as string) })
    return receive(url, init)
  }) as unknown as typeof globalThis.fetch
  const service = startService({ fetch, ...more })
  const { call, clock } = service
  const admin = await insertKey(['admin'])
  const now = () => new Date(clock.now)
  return {
    ...service,
    admin,
    posts,
    /** To the job's receiver, not to the endpoint of alerts. */
    beats: () => posts.filter(({ url }) => url.includes('beat')),
    put: (id: string, body: unknown) => call(`/api/jobs/${id}`, { method: 'PUT', body, bearer: admin }),
    show: async (id: string) => (await call(`/api/jobs/${id}`, { bearer: admin })).body,
    run: (id: string, headers = {}) => call(`/api/jobs/${id}/run`, { method: 'POST', bearer: admin, headers }),
    tick: (options = {}, outside: Outside = {}) => fireCron({ now, fetch, ...more, ...outside }, options),
  }
}

const beat = (schedule = 'every 10m', url = 'https://beat.example/1') => ({
  action: 'webhook.post',
  schedule,
  payload: { url },
})

const grantAll = (schedule = 'every 1d') => ({
  action: 'credits.grant',
  schedule,
  payload: { amount: 7, reason: 'gift' },
})

/** Users of the numbers 1 to `count`. */
const insertUsers = (count: number) =>
  env.DB.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
     INSERT INTO users (username, created_at) SELECT 'user' || i, 0 FROM n`,
  )
    .bind(count)
    .run()

const insertWebhook = () =>
  env.DB.prepare(
    `INSERT INTO webhooks (id, url, format, events, secret, created_at) VALUES ('whk_1', 'https://discord.com/api/webhooks/1/x', 'discord', '["job.failed"]', '', 0)`,
  ).run()

async function rows<Row>(query: string): Promise<Row[]> {
  return (await env.DB.prepare(query).all<Row>()).results
}

/** How many users have how many top-ups of how many runs. */
const topUps = () =>
  rows<{ users: number; grants: number; runs: number }>(
    `SELECT COUNT(DISTINCT user_id) AS users, COUNT(*) AS grants, COUNT(DISTINCT source_key) AS runs FROM grants WHERE source = 'topup'`,
  )

/** A database that fails at each call for which `fails` holds; told the SQL. */
const failing = (fails: (query: string) => boolean): Pick<Outside, 'database'> => ({
  database: callsThrough(async (work, query) => {
    if (fails(query)) throw new Error('D1_ERROR: the isolate is gone')
    return work()
  }),
})

/** A database that, before its first call for which `isIt` holds, does `first` and waits for it. */
function callsOnce(isIt: (query: string) => boolean, first: () => Promise<unknown>): Pick<Outside, 'database'> {
  let done = false
  return {
    database: callsThrough(async (work, query) => {
      if (!done && isIt(query)) {
        done = true
        await first()
      }
      return work()
    }),
  }
}

/** A database that is cut off for good at its `n`-th call. */
function cutOff(n: number) {
  let calls = 0
  return failing(() => ++calls >= n)
}

test('runs a due job, and shows its outcome and its next run', async () => {
  const { clock, put, show, tick, beats } = await startWithCron()
  await put('beat', beat())
  clock.now += 9 * MINUTE
  await tick()
  expect(beats()).toEqual([])
  clock.now += MINUTE
  await tick()
  expect(beats()).toHaveLength(1)
  expect(beats()[0]?.body).toMatchObject({ job: 'beat', timestamp: '2027-01-15T12:10:00.000Z' })
  expect(beats()[0]?.headers.get('Content-Type')).toBe('application/json')
  expect(await show('beat')).toMatchObject({
    lastRunAt: '2027-01-15T12:10:00.000Z',
    lastOutcome: 'answered 200',
    lastError: '',
    failures: 0,
    running: false,
    nextRunAt: '2027-01-15T12:20:00.000Z',
  })
})

test("posts the body from the job's payload", async () => {
  const { put, run, beats } = await startWithCron()
  await put('beat', { ...beat(), payload: { url: 'https://beat.example/1', body: { alive: [true, null, 1.5] } } })
  expect((await run('beat')).body.state).toBe('done')
  expect(beats()[0]?.body).toEqual({ alive: [true, null, 1.5] })
})

test('runs a job once after sixty missed ticks', async () => {
  const { clock, put, show, tick, beats } = await startWithCron()
  await put('beat', beat('every 1m'))
  clock.now += HOUR
  await tick()
  await tick()
  expect(beats()).toHaveLength(1)
  expect((await show('beat')).nextRunAt).toBe('2027-01-15T13:01:00.000Z')
})

test('uses the planned time of the cron if the clock is behind', async () => {
  const { clock, put, tick, beats } = await startWithCron()
  await put('beat', beat('0 13 * * *'))
  clock.now = Date.parse('2027-01-15T12:59:59.700Z')
  await tick({ scheduledTime: Date.parse('2027-01-15T13:00:00Z') })
  expect(beats()).toHaveLength(1)
  clock.now = Date.parse('2027-01-15T13:00:59.900Z')
  await tick({ scheduledTime: Date.parse('2027-01-15T13:01:00Z') })
  expect(beats()).toHaveLength(1)
})

test('runs nothing twice when two crons fire at once', async () => {
  const { clock, put, tick, beats } = await startWithCron()
  await insertUsers(3)
  await put('beat', beat())
  await put('gift', grantAll('every 10m'))
  clock.now += 10 * MINUTE
  await Promise.all([tick(), tick(), tick({ cron: '0 0 1 * *' }), tick()])
  expect(beats()).toHaveLength(1)
  expect(await topUps()).toEqual([{ users: 3, grants: 3, runs: 1 }])
})

test('a job that fails alerts once, is retried after 1, 2, 4 … minutes, and then runs as before', async () => {
  await insertWebhook()
  let status = 500
  const { clock, put, show, tick, beats, posts } = await startWithCron(async (url) =>
    url.includes('beat') ? new Response(status === 204 ? null : 'secret', { status }) : new Response(),
  )
  await put('beat', beat('every 1d'))
  clock.now += 24 * HOUR
  const due = clock.now
  const attempts: number[] = []
  const looked = [...Array(18).keys(), 30, 31, 32, 62, 63, 64, 122, 123, 124, 182, 183, 184]
  for (const minute of looked) {
    const before = beats().length
    clock.now = due + minute * MINUTE
    await tick()
    if (beats().length > before) attempts.push(minute)
  }
  expect(attempts).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183])
  expect(await show('beat')).toMatchObject({ failures: 9, lastError: 'answered 500', lastOutcome: '' })
  // The same run each time, so that its receiver can tell.
  expect(new Set(beats().map(({ headers }) => headers.get('Idempotency-Key'))).size).toBe(1)

  const alerts = posts.filter(({ url }) => url.includes('discord'))
  expect(alerts).toHaveLength(1)
  expect(alerts[0]?.body.content).toContain('beat failed')
  expect(alerts[0]?.body.content).not.toContain('secret')

  status = 204
  clock.now = due + 243 * MINUTE
  await tick()
  expect(await show('beat')).toMatchObject({
    failures: 0,
    lastError: '',
    lastOutcome: 'answered 204',
    nextRunAt: new Date(due + 24 * HOUR).toISOString(),
  })
})

test('does not wait longer for a retry than for the next run', async () => {
  const { clock, put, show, tick, beats } = await startWithCron(async () => new Response(null, { status: 503 }))
  await put('beat', beat('every 3m'))
  for (let minute = 1; minute <= 12; minute++) {
    clock.now += MINUTE
    await tick()
  }
  // Run at 3, tried again at 4, 6, 9 (rather than 10) and 12.
  expect(beats()).toHaveLength(5)
  expect((await show('beat')).failures).toBe(5)
})

test.each([
  [301, 'redirects are not followed'],
  [410, 'answered 410'],
  [429, 'answered 429'],
])('an answer of %i to a heartbeat is a failure', async (status, text) => {
  const { put, run } = await startWithCron(
    async () => new Response(null, { status, headers: { Location: 'http://127.0.0.1/' } }),
  )
  await put('beat', beat())
  const { status: answered, body } = await run('beat')
  expect([answered, body.state]).toEqual([200, 'failed'])
  expect(body.error).toContain(text)
})

test('a job that hangs is aborted, and does not stop the others', async () => {
  const waited: number[] = []
  const { clock, put, show, tick, beats } = await startWithCron(
    async (url) => {
      if (url.endsWith('/hangs')) return new Promise(() => {})
      if (url.endsWith('/throws')) throw new TypeError('connection refused')
      return new Response()
    },
    {
      wait: async (milliseconds, until) => {
        waited.push(milliseconds)
        // Whatever can end has ended by then.
        for (let turn = 0; turn < 100 && !until?.aborted; turn++) await new Promise((resolve) => setTimeout(resolve, 2))
      },
    },
  )
  await put('a-hangs', beat('every 1m', 'https://beat.example/hangs'))
  await put('b-throws', beat('every 1m', 'https://beat.example/throws'))
  await put('c-works', beat('every 1m'))
  clock.now += MINUTE
  await tick()
  expect(beats()).toHaveLength(3)
  expect(await show('c-works')).toMatchObject({ lastOutcome: 'answered 200', failures: 0 })
  expect(await show('b-throws')).toMatchObject({ lastError: 'could not be reached', failures: 1 })
  expect(await show('a-hangs')).toMatchObject({ lastError: 'took longer than 20 seconds at a time', failures: 1 })
  expect(waited).toContain(20_000)
})

test('shows only the class of an unexpected error, and logs it', async () => {
  const { clock, put, show, tick } = await startWithCron()
  const logged: Record<string, unknown>[] = []
  await put('gift', grantAll())
  await env.DB.prepare(`UPDATE jobs SET payload = '{"amount":"sk_secret","reason":""}' WHERE id = 'gift'`).run()
  clock.now += 24 * HOUR
  await tick({}, { log: (level, record) => logged.push({ level, ...record }) })
  const { lastError, failures } = await show('gift')
  expect([failures, lastError]).toEqual([1, expect.stringMatching(/^unexpected \w+; the log says where$/)])
  expect(logged).toContainEqual(expect.objectContaining({ level: 'warn', job: 'gift' }))
  expect(JSON.stringify(logged)).not.toContain('sk_secret')
})

test('a job whose action no longer exists fails, and the others run', async () => {
  const { clock, put, show, tick, beats } = await startWithCron()
  await put('beat', beat())
  await put('old', beat())
  await env.DB.prepare(`UPDATE jobs SET action = 'mail.send' WHERE id = 'old'`).run()
  clock.now += 10 * MINUTE
  await tick()
  expect(beats()).toHaveLength(1)
  expect((await show('old')).lastError).toContain('mail.send')
})

test('grants to all users in pages, or to the named ones', async () => {
  const { call, clock, put, show, tick, admin } = await startWithCron()
  await insertUsers(1234)
  await put('gift', grantAll('every 10m'))
  await put('some', { ...grantAll(), payload: { amount: 2, reason: 'x', usernames: ['USER7', 'user8', 'nobody'] } })
  clock.now += 10 * MINUTE
  await tick()
  expect((await show('gift')).lastOutcome).toBe('accounts granted 7 credits: 1234')
  expect(await topUps()).toEqual([{ users: 1234, grants: 1234, runs: 1 }])
  clock.now += 10 * MINUTE
  await tick()
  expect(await topUps()).toEqual([{ users: 1234, grants: 2468, runs: 2 }])
  const { body } = await call('/api/jobs/some/run', { method: 'POST', bearer: admin })
  expect(body).toMatchObject({ state: 'done', outcome: 'accounts granted 2 credits: 2' })
  expect((await call('/api/users/user7/credits', { bearer: admin })).body.balance).toBe(100 + 14 + 2)
})

test('a run that is cut off anywhere is resumed under its id, and grants nothing twice', {
  timeout: 60_000,
}, async () => {
  const { clock, put, show, tick } = await startWithCron()
  await insertUsers(1100)
  let cutOffs = 0
  for (let n = 1; n <= 12; n++) {
    await put('gift', grantAll('every 1d'))
    clock.now += 24 * HOUR
    await tick({}, cutOff(n)).catch(() => {})
    const [run] = await rows<{ runId: string | null }>(`SELECT run_id AS runId FROM jobs WHERE id = 'gift'`)
    if (run?.runId) {
      cutOffs += 1
      // While its lease holds, it may still be at work.
      await tick()
      expect((await show('gift')).running).toBe(true)
    }
    clock.now += MINUTE
    await tick()
    expect(await show('gift')).toMatchObject({ running: false, failures: 0, lastError: '' })
    const granted = await topUps()
    expect([n, granted]).toEqual([n, [{ users: 1100, grants: 1100 * n, runs: n }]])
    if (run?.runId) {
      expect(await rows(`SELECT 1 FROM grants WHERE source_key = '${run.runId}'`)).toHaveLength(1100)
    }
  }
  expect(cutOffs).toBeGreaterThan(3)
  const sums = await rows(`SELECT 1 FROM users u WHERE (SELECT SUM(amount) FROM ledger WHERE user_id = u.id) <>
    (SELECT SUM(remaining) FROM grants WHERE user_id = u.id)`)
  expect(sums).toEqual([])
})

test('a run that fails half-way is retried from where it failed', async () => {
  const { clock, put, show, tick } = await startWithCron()
  await insertUsers(1100)
  await put('gift', grantAll())
  clock.now += 24 * HOUR
  let pages = 0
  await tick(
    {},
    failing((query) => query.includes("'topup'") && ++pages === 2),
  )
  expect(await show('gift')).toMatchObject({ failures: 1, running: false })
  expect(await topUps()).toEqual([{ users: 500, grants: 500, runs: 1 }])
  clock.now += MINUTE
  await tick()
  // The first page is not done again: its five hundred would be missing here.
  expect(await show('gift')).toMatchObject({ failures: 0, lastOutcome: 'accounts granted 7 credits: 1100' })
  expect(await topUps()).toEqual([{ users: 1100, grants: 1100, runs: 1 }])
})

test('a run longer than its turn continues at the next tick', async () => {
  const { clock, put, show, tick } = await startWithCron()
  await insertUsers(10_400)
  await put('gift', grantAll())
  clock.now += 24 * HOUR
  await tick()
  const first = await topUps()
  expect(first[0]?.users).toBe(10_000)
  expect(await show('gift')).toMatchObject({ running: false, lastOutcome: 'accounts granted 7 credits: 10000' })
  clock.now += MINUTE
  await tick()
  expect(await topUps()).toEqual([{ users: 10_400, grants: 10_400, runs: 1 }])
  expect((await show('gift')).lastOutcome).toBe('accounts granted 7 credits: 10400')
})

test('jobs wait while the service is stopped, deliveries do not, and a missed job then runs once', async () => {
  await insertWebhook()
  const { call, clock, put, tick, beats, posts, admin, run } = await startWithCron(async (url) =>
    url.includes('beat') ? new Response(null, { status: 500 }) : new Response(null, { status: 502 }),
  )
  await put('beat', beat('every 1m'))
  await run('beat')
  expect(posts.map(({ url }) => new URL(url).host)).toEqual(['beat.example', 'discord.com'])
  await call('/stopServer', { method: 'POST', bearer: admin })
  for (let minute = 0; minute < 5; minute++) {
    clock.now += MINUTE
    await tick()
  }
  expect(beats()).toHaveLength(1)
  expect(posts.length).toBeGreaterThan(2)
  await call('/startServer', { method: 'POST', bearer: admin })
  await tick()
  await tick()
  expect(beats()).toHaveLength(2)
})

test('a run does not overwrite a job that was changed or removed meanwhile', async () => {
  let meanwhile = async () => {}
  const { clock, put, show, tick, call, admin, run } = await startWithCron(async () => {
    await meanwhile()
    return new Response()
  })
  await put('beat', beat('every 1m'))
  meanwhile = async () => void (await put('beat', { ...beat('every 1h'), payload: { url: 'https://beat.example/2' } }))
  clock.now += MINUTE
  await tick()
  expect(await show('beat')).toMatchObject({
    payload: { url: 'https://beat.example/2' },
    lastOutcome: '',
    nextRunAt: new Date(clock.now + HOUR).toISOString(),
  })
  meanwhile = async () => void (await call('/api/jobs/beat', { method: 'DELETE', bearer: admin }))
  const { status, body } = await run('beat')
  expect([status, body.code]).toEqual([409, 'conflict'])
  expect((await call('/api/jobs/beat', { bearer: admin })).status).toBe(404)
})

test('a job whose payload changes during its run does not run again at once', async () => {
  const { clock, put, tick, beats } = await startWithCron(async (url) => {
    if (url.endsWith('/1')) await put('beat', beat('every 1d', 'https://beat.example/2'))
    return new Response()
  })
  await put('beat', beat('every 1d'))
  clock.now += 24 * HOUR
  await tick()
  clock.now += MINUTE
  await tick()
  expect(beats()).toHaveLength(1)
})

test('a disabled job is not run by cron, even if it was disabled during a run', async () => {
  const { clock, put, show, tick, beats, run } = await startWithCron(async () => {
    await put('beat', { ...beat('every 1m'), enabled: false })
    return new Response()
  })
  await put('beat', beat('every 1m'))
  clock.now += MINUTE
  await tick()
  expect(await show('beat')).toMatchObject({ enabled: false, nextRunAt: '', lastOutcome: 'answered 200' })
  clock.now += HOUR
  await tick()
  expect(beats()).toHaveLength(1)
  expect((await run('beat')).body.state).toBe('done')
  clock.now += HOUR
  await tick()
  expect(beats()).toHaveLength(2)
})

test('runs a job now, without changing its schedule', async () => {
  const { clock, put, show, run, tick, beats } = await startWithCron()
  await put('beat', beat())
  clock.now += MINUTE
  const { status, body } = await run('beat')
  expect([status, body]).toEqual([
    200,
    { id: 'beat', runId: expect.stringMatching(/^run_/), state: 'done', outcome: 'answered 200', error: '' },
  ])
  expect(await show('beat')).toMatchObject({
    lastRunAt: '2027-01-15T12:01:00.000Z',
    nextRunAt: '2027-01-15T12:10:00.000Z',
  })
  clock.now += 9 * MINUTE
  await tick()
  expect(beats()).toHaveLength(2)
})

test.each(['month', 'holds', 'deliveries', 'ranks', 'emails', 'tidy'])(
  'runs the system job %s now, before any cron and after',
  async (id) => {
    const { show, run, tick } = await startWithCron()
    const first = await run(id)
    expect([first.status, first.body.state]).toEqual([200, 'done'])
    const { nextRunAt } = await show(id)
    await tick()
    expect((await run(id)).status).toBe(200)
    expect(await show(id)).toMatchObject({ nextRunAt, failures: 0, lastError: '', running: false })
  },
)

test('404 for a job that does not exist, and 400 for a body with a field', async () => {
  const { call, run, put, admin } = await startWithCron()
  expect((await run('nothing')).status).toBe(404)
  await put('beat', beat())
  expect((await call('/api/jobs/beat/run', { body: { force: true }, bearer: admin })).status).toBe(400)
})

test('409 for running a job that is running already', async () => {
  let second: number | undefined
  const { put, run } = await startWithCron(async () => {
    second = (await run('beat')).status
    return new Response()
  })
  await put('beat', beat())
  expect((await run('beat')).status).toBe(200)
  expect(second).toBe(409)
})

test('concurrent calls with one Idempotency-Key make one run and get one answer', async () => {
  const { put, run, beats, clock } = await startWithCron(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return new Response()
  })
  await put('beat', beat())
  const again = () => run('beat', { 'Idempotency-Key': 'run-1' })
  const answers = await Promise.all(Array.from({ length: 5 }, again))
  clock.now += HOUR
  answers.push(await again())
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  expect(answers.filter(({ headers }) => headers.get('Idempotency-Replayed') === 'true')).toHaveLength(5)
  expect(beats()).toHaveLength(1)
})

test('a repeated call that finds no record yet does not run the job again', async () => {
  const { put, beats, clock } = await startWithCron()
  await put('beat', beat())
  const record: IdempotencyRecord = {
    ...noRecord,
    insert: async (outcome) => [
      sql`INSERT INTO idempotency_records (caller, key_hash, fingerprint, outcome, expires_at) SELECT 'user:1', 'key', '', outcome, 1 FROM (${outcome})`,
    ],
    delete: () => [sql`DELETE FROM idempotency_records`],
    isAbsent: sql`NOT EXISTS (SELECT 1 FROM idempotency_records)`,
  }
  const fetched: string[] = []
  const fetch = (async (url: string) => {
    fetched.push(url)
    return new Response()
  }) as unknown as typeof globalThis.fetch
  const deps = makeDeps(env, newIsolateCache(), { fetch, now: () => new Date(clock.now) })
  expect((await runNow(deps, 'beat', record)).state).toBe('done')
  await expect(runNow(deps, 'beat', record)).rejects.toThrow('running just now')
  expect([fetched.length, beats().length]).toEqual([1, 0])
})

test('a run that lost its claim stores neither an answer nor an alert', async () => {
  await insertWebhook()
  const { call, put, run, admin } = await startWithCron(async (url) => {
    if (url.includes('beat')) await call('/api/jobs/beat', { method: 'DELETE', bearer: admin })
    return new Response(null, { status: 500 })
  })
  await put('beat', beat())
  expect((await run('beat', { 'Idempotency-Key': 'lost-1' })).status).toBe(409)
  expect(await rows('SELECT * FROM idempotency_records')).toEqual([])
  expect(await rows('SELECT * FROM deliveries')).toEqual([])
})

test('202 when a run takes over ten seconds; it continues after the answer', async () => {
  let release = () => {}
  const { put, show, run, beats } = await startWithCron(
    () => new Promise((resolve) => (release = () => resolve(new Response()))),
    {
      wait: async (milliseconds, until) => {
        if (milliseconds === ANSWER_WITHIN) setTimeout(() => release(), 20)
        else await new Promise<void>((resolve) => until?.addEventListener('abort', () => resolve()))
      },
    },
  )
  await put('beat', beat())
  const answer = await run('beat', { 'Idempotency-Key': 'long-1' })
  expect([answer.status, answer.body]).toMatchObject([202, { id: 'beat', state: 'running' }])
  expect(await show('beat')).toMatchObject({ lastOutcome: 'answered 200', running: false })
  const again = await run('beat', { 'Idempotency-Key': 'long-1' })
  expect([again.status, again.text, again.headers.get('Idempotency-Replayed')]).toEqual([202, answer.text, 'true'])
  expect(beats()).toHaveLength(1)
})

test('a tick with nothing to do writes nothing, and reads little', async () => {
  const { clock, put, tick } = await startWithCron()
  for (let i = 0; i < 20; i++) await put(`beat-${i}`, beat('every 1d'))
  await insertUsers(500)
  await tick()
  clock.now += MINUTE
  const { roundTrips, rowsRead, rowsWritten } = await tick()
  expect(rowsWritten).toBe(0)
  // One for the jobs; one each for deliveries, holds, months, ranks and emails.
  expect(roundTrips).toBe(6)
  expect(rowsRead).toBeLessThanOrEqual(30)
})

test('the crons of the minute and the month together roll over an account once', async () => {
  const { call, clock, admin, tick, show } = await startWithCron()
  await call('/api/users', { body: { username: 'kicksent', password: 'python' } })
  const spend = () => call('/api/credits/spend', { body: { amount: 40, username: 'kicksent' }, bearer: admin })
  const plans = () => rows(`SELECT id FROM grants WHERE source = 'plan'`)
  await spend()
  expect(await plans()).toHaveLength(1)

  clock.now = Date.parse('2027-02-01T00:00:00Z')
  await tick()
  await tick()
  expect(await plans()).toHaveLength(2)
  expect((await show('month')).lastOutcome).toBe('accounts with a new month: 1')

  await spend()
  clock.now = Date.parse('2027-03-01T00:00:00Z')
  await tick({ cron: '0 0 1 * *' })
  await Promise.all([tick(), tick({ cron: '0 0 1 * *' })])
  expect(await plans()).toHaveLength(3)
  expect(await show('month')).toMatchObject({ failures: 0, lastError: '', lastRunAt: '2027-03-01T00:00:00.000Z' })
})

test('the cron of the month rolls over all accounts in one run, that of the minute some thousands', async () => {
  const { clock, tick, show } = await startWithCron()
  await insertUsers(10_001)
  const due = () => rows('SELECT user_id FROM credit_accounts WHERE period_ends_at IS NOT NULL')
  const spendAll = () =>
    env.DB.prepare('INSERT OR REPLACE INTO credit_accounts (user_id, period_ends_at) SELECT id, ? FROM users')
      .bind(clock.now)
      .run()
  clock.now = Date.parse('2027-02-01T00:00:00Z')
  await spendAll()
  await tick()
  expect(await due()).toHaveLength(1)
  await spendAll()
  await tick({ cron: '0 0 1 * *' })
  expect(await due()).toEqual([])
  expect(await show('month')).toMatchObject({ running: false, lastError: '' })
})

test('the cron of the minute skips the job month while the cron of the month runs it', async () => {
  const { clock, tick } = await startWithCron()
  clock.now = Date.parse('2027-02-01T00:00:00Z')
  await tick()
  const lists = 'FROM credit_accounts'
  let during = 0
  const database = callsThrough(async (work, query) => {
    if (query.includes(lists)) during += 1
    return work()
  })
  const minute = callsOnce(
    (query) => query.includes(lists),
    () => tick({}, { database }),
  )
  await tick({ cron: '0 0 1 * *' }, minute)
  expect(during).toBe(0)
})
