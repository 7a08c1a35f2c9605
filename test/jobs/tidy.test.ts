import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { fireCron } from '../support/cron.ts'
import { insertKey, NOON, startService } from '../support/service.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** One row of each kind that ends, at such a time. */
async function insertEnding(name: string, at: number) {
  await env.DB.batch(
    [
      `INSERT INTO sessions VALUES ('${name}', 1, 0, 0, ${at})`,
      `INSERT INTO sessions VALUES ('${name}-lasting', 1, 0, 0, ${NOON + 900 * DAY})`,
      `INSERT INTO refresh_tokens VALUES ('${name}', '${name}-lasting', ${at}, NULL)`,
      `INSERT INTO password_resets VALUES ('${name}', 1, ${at})`,
      `INSERT INTO revocations VALUES ('${name}', 1, ${at})`,
      `INSERT INTO idempotency_records VALUES ('user:1', '${name}', '', '{}', NULL, NULL, ${at})`,
      `INSERT INTO deliveries (webhook_id, event_id, event, once_key, payload, status, created_at, delivered_at)
         VALUES ('whk_1', '', 'job.failed', 'delivered-${name}', '{}', 'delivered', ${at}, ${at})`,
      `INSERT INTO deliveries (webhook_id, event_id, event, once_key, payload, status, created_at)
         VALUES ('whk_1', '', 'job.failed', 'dead-${name}', '{}', 'dead', ${at})`,
      `INSERT INTO deliveries (webhook_id, event_id, event, once_key, payload, status, created_at, next_attempt_at)
         VALUES ('whk_1', '', 'job.failed', 'pending-${name}', '{}', 'pending', ${at}, ${NOON + 900 * DAY})`,
    ].map((statement) => env.DB.prepare(statement)),
  )
}

/** Everything that is left, by name. */
async function left(): Promise<string[]> {
  const results = await env.DB.batch<{ name: string }>(
    [
      `SELECT 'session ' || id AS name FROM sessions WHERE id NOT LIKE '%lasting'`,
      `SELECT 'refresh ' || token_hash AS name FROM refresh_tokens`,
      `SELECT 'reset ' || token_hash AS name FROM password_resets`,
      `SELECT 'ended ' || subject AS name FROM revocations`,
      `SELECT 'kept ' || key_hash AS name FROM idempotency_records`,
      'SELECT once_key AS name FROM deliveries',
    ].map((query) => env.DB.prepare(query)),
  )
  return results.flatMap(({ results }) => results.map(({ name }) => name)).sort()
}

async function startTidying() {
  const service = startService()
  await service.user()
  await env.DB.exec(
    `INSERT INTO webhooks (id, url, format, events, secret, created_at) VALUES ('whk_1', 'https://a.example', 'discord', '[]', '', 0)`,
  )
  const admin = await insertKey(['admin'])
  const run = async () => (await service.call('/api/jobs/tidy/run', { method: 'POST', bearer: admin })).body
  return { ...service, run }
}

test('removes what has ended, when it is of no more use', async () => {
  const { run } = await startTidying()
  await insertEnding('now', NOON)
  await insertEnding('quarter', NOON - 15 * MINUTE)
  await insertEnding('month', NOON - 40 * DAY)
  await insertEnding('season', NOON - 90 * DAY)
  await insertEnding('later', NOON + 1)
  expect(await run()).toMatchObject({ state: 'done', error: '' })
  expect(await left()).toEqual(
    [
      ...['session', 'refresh', 'reset', 'kept'].map((kind) => `${kind} later`),
      'ended later',
      'ended now',
      ...['later', 'now', 'quarter'].map((name) => `delivered-${name}`),
      ...['later', 'now', 'quarter', 'month'].map((name) => `dead-${name}`),
      ...['later', 'now', 'quarter', 'month', 'season'].map((name) => `pending-${name}`),
    ].sort(),
  )
})

test('removes any number of rows, a bounded number at a time', async () => {
  const { run } = await startTidying()
  await env.DB.exec(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12345) INSERT INTO idempotency_records SELECT 'anyone', i, '', '{}', NULL, NULL, 0 FROM n`,
  )
  expect((await run()).outcome).toBe('rows removed: 12345; credits tidied')
  expect(await left()).toEqual([])
})

test('runs each night by itself', async () => {
  const { clock, call } = await startTidying()
  const admin = await insertKey(['admin'])
  const tick = () => fireCron({ now: () => new Date(clock.now) })
  await tick()
  await insertEnding('now', NOON)
  clock.now = Date.parse('2027-01-16T03:16:00Z')
  await tick()
  expect(await left()).toContain('session now')
  clock.now += MINUTE
  await tick()
  expect(await left()).not.toContain('session now')
  expect((await call('/api/jobs/tidy', { bearer: admin })).body).toMatchObject({
    lastRunAt: '2027-01-16T03:17:00.000Z',
    nextRunAt: '2027-01-17T03:17:00.000Z',
    failures: 0,
  })
})

test('reports accounts whose ledger and grants differ, once a night, and tidies the rest', async () => {
  const { run, call, clock } = await startTidying()
  const admin = await insertKey(['admin'])
  await call('/api/credits/spend', { body: { amount: 40, username: 'kicksent' }, bearer: admin })
  expect((await run()).state).toBe('done')
  await env.DB.exec(`UPDATE webhooks SET events = '["job.failed"]'`)
  await env.DB.exec('UPDATE grants SET remaining = remaining + 1')
  await insertEnding('now', NOON)
  const { state, error } = await run()
  expect([state, error]).toEqual(['failed', 'Ledger and grants do not add up for the users 1.'])
  expect(await left()).not.toContain('session now')
  const shown = async () => (await call('/api/jobs/tidy', { bearer: admin })).body
  expect(await shown()).toMatchObject({ failures: 1, lastError: error, nextRunAt: '2027-01-16T03:17:00.000Z' })

  // The next night is a run of its own, from the beginning.
  clock.now = Date.parse('2027-01-16T03:17:00Z')
  await insertEnding('later', clock.now)
  await fireCron({ now: () => new Date(clock.now), fetch: async () => new Response() })
  expect(await left()).not.toContain('session later')
  const { results } = await env.DB.prepare("SELECT payload FROM deliveries WHERE once_key LIKE 'job.failed:%'").all<{
    payload: string
  }>()
  expect(results).toHaveLength(2)
  expect(JSON.parse(results[0]?.payload as string).data).toMatchObject({
    job: 'tidy',
    runId: expect.stringMatching(/^run_/),
  })

  await env.DB.exec(`UPDATE grants SET remaining = remaining - 1`)
  expect((await run()).state).toBe('done')
  expect(await shown()).toMatchObject({ failures: 0, lastError: '' })
})
