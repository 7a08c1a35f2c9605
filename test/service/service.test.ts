import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { SECOND } from '../../src/lib/time.ts'
import { SHARED_STATE_MAX_AGE_SECONDS } from '../../src/service/shared-state.ts'
import { insertKey, startService } from '../support/service.ts'

async function startWithAdmin(outside = {}) {
  const service = startService(outside)
  return { ...service, admin: await insertKey(['admin']) }
}

/** An endpoint that wants every event of the service, as the alerts room stores it. */
const insertWebhook = () =>
  env.DB.prepare(
    `INSERT INTO webhooks (id, url, format, events, secret, created_at) VALUES ('whk_1', 'https://discord.com/api/webhooks/1/x', 'discord', ?, '', 0)`,
  )
    .bind(JSON.stringify(['service.stopped', 'service.started']))
    .run()

async function events(): Promise<string[]> {
  const { results } = await env.DB.prepare('SELECT event FROM deliveries ORDER BY id').all<{ event: string }>()
  return results.map(({ event }) => event)
}

test('stops for everyone but an admin key, and starts again', async () => {
  const { call, clock, admin, user } = await startWithAdmin()
  await user()
  const stopped = await call('/stopServer', { method: 'POST', bearer: admin })
  expect([stopped.status, stopped.body]).toEqual([200, { state: 'stopped', stoppedAt: '2027-01-15T12:00:00.000Z' }])

  const others = [
    undefined,
    { basic: 'kicksent:python' },
    { bearer: await insertKey(['users:write']) },
    { bearer: 'sk_x' },
  ]
  for (const who of others) {
    for (const path of ['/api/users/kicksent', '/api/stats', '/api/nothing', '/openapi.json']) {
      const { status, body, headers } = await call(path, who)
      expect([path, status, body.code]).toEqual([path, 503, 'stopped'])
      expect(headers.get('Retry-After')).toMatch(/^\d+$/)
      expect(headers.get('Access-Control-Allow-Origin')).toBe('*')
      expect(headers.get('X-Request-Id')).toBeTruthy()
    }
  }
  expect((await call('/api/users', { body: { username: 'second', password: 'python' } })).status).toBe(503)
  expect((await call('/api/users/kicksent', { bearer: admin })).status).toBe(200)
  expect((await call('/api/users/second', { bearer: admin })).status).toBe(404)

  clock.now += 60 * SECOND
  const started = await call('/startServer', { method: 'POST', bearer: admin })
  expect([started.status, started.body]).toEqual([200, { state: 'running', stoppedAt: '' }])
  expect((await call('/api/users/kicksent')).status).toBe(200)
})

test('answers health, warm-up, preflights and its own state while it is stopped', async () => {
  const { call, admin } = await startWithAdmin()
  await call('/stopServer/', { method: 'POST', bearer: admin })
  for (const path of ['/health', '/health/', '/_ah/warmup']) expect((await call(path)).status).toBe(200)
  const preflight = await call('/api/users', {
    method: 'OPTIONS',
    headers: { Origin: 'https://game.example', 'Access-Control-Request-Method': 'POST' },
  })
  expect(preflight.status).toBe(204)
  const state = await call('/api/service/', { bearer: admin })
  expect([state.status, state.body.state]).toEqual([200, 'stopped'])
})

test('is stopped by an admin alone, and never by GET', async () => {
  const { call, user, token } = await startWithAdmin()
  await user()
  const wide = await insertKey(['users:write', 'credits:grant'])
  for (const path of ['/stopServer', '/startServer']) {
    const get = await call(path, { bearer: await insertKey(['admin']) })
    expect([get.status, get.headers.get('Allow')]).toEqual([405, 'POST'])
    expect((await call(path, { method: 'POST' })).status).toBe(401)
    expect((await call(path, { method: 'POST', bearer: await token() })).status).toBe(403)
    const refused = await call(path, { method: 'POST', bearer: wide })
    expect([refused.status, refused.body.requiredScope]).toEqual([403, 'admin'])
  }
  expect((await call('/api/service', { bearer: wide })).status).toBe(403)
  expect((await call('/stopServer', { body: { now: true }, bearer: await insertKey(['admin']) })).status).toBe(400)
  expect((await call('/api/users/kicksent')).status).toBe(200)
})

test('other isolates know within SHARED_STATE_MAX_AGE_SECONDS', async () => {
  const [here, there] = [startService(), startService()]
  const admin = await insertKey(['admin'])
  await here.user()
  expect((await there.call('/api/users/kicksent')).status).toBe(200)

  await here.call('/stopServer', { method: 'POST', bearer: admin })
  expect((await here.call('/api/users/kicksent')).status).toBe(503)
  there.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND
  expect((await there.call('/api/users/kicksent')).status).toBe(503)

  await here.call('/startServer', { method: 'POST', bearer: admin })
  expect((await here.call('/api/users/kicksent')).status).toBe(200)
  there.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND
  expect((await there.call('/api/users/kicksent')).status).toBe(200)
})

test('stays stopped over a new deployment', async () => {
  const { call, admin } = await startWithAdmin()
  await call('/stopServer', { method: 'POST', bearer: admin })
  const deployed = startService()
  expect((await deployed.call('/api/stats')).body.code).toBe('stopped')
  await deployed.call('/startServer', { method: 'POST', bearer: admin })
  expect((await startService().call('/api/stats')).status).toBe(200)
})

test('completes what is in flight when it is stopped', async () => {
  const admin = await insertKey(['admin'])
  let stopping: number | undefined
  const service = startService({
    limits: {
      loginPair: async () => true,
      loginName: async () => true,
      loginAddress: async () => true,
      signupAddress: async () => {
        stopping = (await service.call('/stopServer', { method: 'POST', bearer: admin })).status
        return true
      },
    },
  })
  const created = await service.call('/api/users', { body: { username: 'kicksent', password: 'python' } })
  expect([stopping, created.status]).toEqual([200, 201])
  expect((await service.call('/api/users/kicksent')).status).toBe(503)
})

test('sends one alert for each real change, however often it is asked for', async () => {
  await insertWebhook()
  const sent: string[] = []
  const { call, admin } = await startWithAdmin({
    fetch: async (_url: string, init: RequestInit) => {
      sent.push(JSON.parse(init.body as string).content)
      return new Response(null, { status: 204 })
    },
  })
  const stop = () => call('/stopServer', { method: 'POST', bearer: admin })
  const answers = await Promise.all(Array.from({ length: 5 }, stop))
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  await call('/startServer', { method: 'POST', bearer: admin })
  await call('/startServer', { method: 'POST', bearer: admin })
  await stop()
  expect(await events()).toEqual(['service.stopped', 'service.started', 'service.stopped'])
  expect(sent).toHaveLength(3)
  expect(sent[0]).toContain('stopped')
  expect(sent[1]).toContain('started')
})

test('a repeated Idempotency-Key stops nothing again', async () => {
  const { call, admin } = await startWithAdmin()
  const stop = () => call('/stopServer', { method: 'POST', bearer: admin, headers: { 'Idempotency-Key': 'stop-1' } })
  const first = await stop()
  await call('/startServer', { method: 'POST', bearer: admin })
  const again = await stop()
  expect([again.text, again.headers.get('Idempotency-Replayed')]).toEqual([first.text, 'true'])
  expect((await call('/api/service', { bearer: admin })).body.state).toBe('running')
})

test('is 503 unavailable if the shared state cannot be read, and never 500', async () => {
  let broken = true
  const { call, clock, logged } = startService({
    database: (d1) =>
      new Proxy(d1, {
        get(target, name) {
          if (broken) throw new Error('D1_ERROR: the network is gone')
          const member = Reflect.get(target, name)
          return typeof member === 'function' ? member.bind(target) : member
        },
      }),
  })
  for (const path of ['/api/stats', '/api/users', '/health']) {
    const { status, body, headers } = await call(path)
    expect([path, status, body.code]).toEqual([path, 503, 'unavailable'])
    expect(headers.get('Retry-After')).toMatch(/^\d+$/)
  }
  expect(logged.filter(({ level }) => level === 'error').length).toBeGreaterThan(0)
  broken = false
  clock.now += SECOND
  expect((await call('/api/stats')).status).toBe(200)
})

test('reads the shared state at most every SHARED_STATE_MAX_AGE_SECONDS, and a token costs no read of its own', async () => {
  const { call, clock, cost } = startService()
  const look = () => cost(async () => void (await call('/api/stats')))
  expect((await look()).roundTrips).toBe(1)
  expect((await look()).roundTrips).toBe(0)
  clock.now += (SHARED_STATE_MAX_AGE_SECONDS - 1) * SECOND
  expect((await look()).roundTrips).toBe(0)
  clock.now += SECOND
  expect((await look()).roundTrips).toBe(1)
})
