import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { fireCron } from '../support/cron.ts'
import { insertKey, NOON, startService } from '../support/service.ts'

const MINUTE = 60_000

const heartbeat = { action: 'webhook.post', schedule: 'every 10m', payload: { url: 'https://monitor.example/beat' } }
const grant = { action: 'credits.grant', schedule: '0 9 * * 1 Europe/Berlin', payload: { amount: 5, reason: 'thanks' } }

async function startWithAdmin() {
  const service = startService()
  const admin = await insertKey(['admin'])
  return {
    ...service,
    admin,
    put: (id: string, body: unknown) => service.call(`/api/jobs/${id}`, { method: 'PUT', body, bearer: admin }),
    show: async (id: string) => (await service.call(`/api/jobs/${id}`, { bearer: admin })).body,
    remove: (id: string) => service.call(`/api/jobs/${id}`, { method: 'DELETE', bearer: admin }),
  }
}

test('adds a job, shows when it runs next, changes it and removes it', async () => {
  const { call, put, show, remove, admin } = await startWithAdmin()
  const added = await put('beat', heartbeat)
  expect([added.status, added.headers.get('Location')]).toEqual([201, '/api/jobs/beat'])
  expect(added.body).toEqual({
    id: 'beat',
    ...heartbeat,
    enabled: true,
    system: false,
    running: false,
    nextRunAt: '2027-01-15T12:10:00.000Z',
    lastRunAt: '',
    lastOutcome: '',
    lastError: '',
    failures: 0,
  })
  const changed = await put('beat', { ...heartbeat, schedule: ' 0  9 * * 1  Europe/Berlin ' })
  expect([changed.status, changed.body.schedule, changed.body.nextRunAt]).toEqual([
    200,
    '0 9 * * 1 Europe/Berlin',
    '2027-01-18T08:00:00.000Z',
  ])
  const { body } = await call('/api/jobs/', { bearer: admin })
  expect(body.jobs.find(({ id }: any) => id === 'beat')).toEqual(await show('beat'))

  expect((await remove('beat')).status).toBe(204)
  expect((await remove('beat')).status).toBe(404)
  expect((await call('/api/jobs/beat', { bearer: admin })).status).toBe(404)
})

test('the same job put again keeps its next run; another schedule, or being enabled again, counts from now', async () => {
  const { clock, put } = await startWithAdmin()
  await put('beat', heartbeat)
  clock.now += 4 * MINUTE
  expect((await put('beat', heartbeat)).body.nextRunAt).toBe('2027-01-15T12:10:00.000Z')
  expect((await put('beat', { ...heartbeat, payload: { url: 'https://other.example/' } })).body.nextRunAt).toBe(
    '2027-01-15T12:10:00.000Z',
  )
  const off = await put('beat', { ...heartbeat, enabled: false })
  expect([off.body.enabled, off.body.nextRunAt]).toEqual([false, ''])
  expect((await put('beat', heartbeat)).body.nextRunAt).toBe('2027-01-15T12:14:00.000Z')
  expect((await put('beat', { ...heartbeat, schedule: 'every 1h' })).body.nextRunAt).toBe('2027-01-15T13:04:00.000Z')
})

test.each([
  [{ ...heartbeat, schedule: 'whenever' }, 'schedule'],
  [{ ...heartbeat, schedule: 'every 30s' }, 'schedule'],
  [{ ...heartbeat, schedule: '0 0 30 2 *' }, 'schedule'],
  [{ ...heartbeat, schedule: '0 9 * * 1 Mars/Olympus' }, 'schedule'],
  [{ ...heartbeat, schedule: 5 }, 'schedule'],
  [{ ...heartbeat, schedule: 'x'.repeat(10_000) }, 'schedule'],
  [{ action: 'webhook.post', payload: heartbeat.payload }, 'schedule'],
  [{ ...heartbeat, action: 'rm -rf' }, 'action'],
  [{ ...heartbeat, action: 'tidy' }, 'action'],
  [{ ...heartbeat, action: '__proto__' }, 'action'],
  [{ schedule: 'every 1m' }, 'action'],
  [{ ...heartbeat, enabled: 'yes' }, 'enabled'],
  [{ ...heartbeat, colour: 'red' }, 'colour'],
  [{ action: 'webhook.post', schedule: 'every 1m' }, 'payload.url'],
  [{ ...heartbeat, payload: null }, 'payload.url'],
  [{ ...heartbeat, payload: [] }, 'payload'],
  [{ ...heartbeat, payload: { url: '' } }, 'payload.url'],
  [{ ...heartbeat, payload: { url: 'http://169.254.169.254/' } }, 'payload.url'],
  [{ ...heartbeat, payload: { url: 'https://[::1]/' } }, 'payload.url'],
  [{ ...heartbeat, payload: { url: 'https://localhost.' } }, 'payload.url'],
  [{ ...heartbeat, payload: { url: `https://${'a'.repeat(300)}.example/` } }, 'payload.url'],
  [{ ...heartbeat, payload: { ...heartbeat.payload, headers: {} } }, 'payload.headers'],
  [{ ...grant, payload: { reason: 'x' } }, 'payload.amount'],
  [{ ...grant, payload: { ...grant.payload, amount: 0 } }, 'payload.amount'],
  [{ ...grant, payload: { ...grant.payload, amount: -5 } }, 'payload.amount'],
  [{ ...grant, payload: { ...grant.payload, amount: 0.5 } }, 'payload.amount'],
  [{ ...grant, payload: { ...grant.payload, amount: 1e13 } }, 'payload.amount'],
  [{ ...grant, payload: { ...grant.payload, amount: '5' } }, 'payload.amount'],
  [{ ...grant, payload: { ...grant.payload, reason: ' ' } }, 'payload.reason'],
  [{ ...grant, payload: { ...grant.payload, usernames: [] } }, 'payload.usernames'],
  [{ ...grant, payload: { ...grant.payload, usernames: ['no/body'] } }, 'payload.usernames.0'],
])('refuses %j and names %s', async (body, field) => {
  const { put } = await startWithAdmin()
  const { status, body: problem } = await put('bad', body)
  expect([status, problem.code]).toEqual([400, 'invalid_request'])
  expect(problem.errors.map(({ path }: any) => path)).toContain(field)
  expect((await env.DB.prepare("SELECT 1 FROM jobs WHERE id = 'bad'").all()).results).toEqual([])
})

test.each(['null', '[]', '"x"', '', '{'])('refuses the body %j', async (body) => {
  const { call, admin } = await startWithAdmin()
  const { status } = await call('/api/jobs/bad', { method: 'PUT', body, bearer: admin })
  expect(status).toBe(400)
})

test('knows no job of an impossible name', async () => {
  const { put, remove } = await startWithAdmin()
  for (const id of ['a%20b', '%2e%2e', 'x'.repeat(65), '%00', 'a%2Fb']) {
    expect((await put(id, heartbeat)).status).toBe(404)
    expect((await remove(id)).status).toBe(404)
  }
  expect((await put('a'.repeat(64), heartbeat)).status).toBe(201)
})

test('shows what the service itself needs, which nobody changes or removes', async () => {
  const { call, put, show, remove, admin, clock } = await startWithAdmin()
  for (const ticked of [false, true]) {
    if (ticked) await fireCron({ now: () => new Date(clock.now) })
    const { jobs } = (await call('/api/jobs', { bearer: admin })).body
    expect(jobs.filter((job: any) => job.system).map(({ id }: any) => id)).toEqual([
      'deliveries',
      'emails',
      'holds',
      'month',
      'ranks',
      'tidy',
    ])
    expect((await show('tidy')).nextRunAt).toBe('2027-01-16T03:17:00.000Z')
    expect(await show('month')).toMatchObject({ enabled: true, nextRunAt: '2027-01-15T12:01:00.000Z', lastError: '' })
    expect((await show('month')).lastRunAt).toBe(ticked ? '2027-01-15T12:00:00.000Z' : '')
  }
  for (const answer of [await put('month', heartbeat), await remove('month')]) {
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden'])
    expect(answer.body.detail).toContain('month')
  }
  expect((await show('month')).action).toBe('month')
})

test('is for admins alone', async () => {
  const { call } = await startWithAdmin()
  const bearer = await insertKey(['credits:grant', 'users:write'])
  const calls = [
    ['GET', '/api/jobs'],
    ['GET', '/api/jobs/tidy'],
    ['PUT', '/api/jobs/beat'],
    ['DELETE', '/api/jobs/tidy'],
    ['POST', '/api/jobs/tidy/run'],
  ] as const
  for (const [method, path] of calls) {
    expect((await call(path, { method })).status).toBe(401)
    const { status, body } = await call(path, { method, bearer })
    expect([status, body.requiredScope]).toEqual([403, 'admin'])
  }
})

test('holds a hundred jobs and no more', async () => {
  const { put, remove } = await startWithAdmin()
  await env.DB.prepare(
    `INSERT INTO jobs (id, action, schedule, created_at) SELECT 'job-' || value, 'credits.grant', 'every 1d', 0
     FROM json_each('[${Array.from({ length: 99 }, (_, i) => i).join()}]')`,
  ).run()
  expect((await put('last', heartbeat)).status).toBe(201)
  const refused = await put('more', heartbeat)
  expect([refused.status, refused.body.code]).toEqual([409, 'conflict'])
  expect((await put('last', heartbeat)).status).toBe(200)
  await remove('job-5')
  expect((await put('more', heartbeat)).status).toBe(201)
})

test('a job survives a new deployment', async () => {
  const { put } = await startWithAdmin()
  await put('beat', heartbeat)
  const { show } = await startWithAdmin()
  expect((await show('beat')).nextRunAt).toBe(new Date(NOON + 10 * MINUTE).toISOString())
})
