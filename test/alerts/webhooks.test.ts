import { env } from 'cloudflare:workers'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { EVENTS } from '../../src/alerts/events.ts'
import { insertKey } from '../support/service.ts'
import { startAlerts, status } from './receivers.ts'

const URL = 'https://one.example/hook'

test('adds an endpoint and shows its secret only then', async () => {
  const { admin } = await startAlerts()
  const { status, headers, body } = await admin('/api/webhooks', {
    body: { url: URL, events: ['credits.low', 'credits.low', 'job.failed'] },
  })
  expect(status).toBe(201)
  expect(body).toEqual({
    id: expect.stringMatching(/^whk_[A-Za-z0-9_-]{20}$/),
    url: URL,
    format: 'standard',
    events: ['credits.low', 'job.failed'],
    enabled: true,
    createdAt: '2027-01-15T12:00:00.000Z',
    secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
  })
  expect(headers.get('Location')).toBe(`/api/webhooks/${body.id}`)
  const { secret, ...shown } = body
  expect((await admin('/api/webhooks')).body).toEqual({ webhooks: [shown] })
  expect((await admin(`/api/webhooks/${body.id}`)).body).toEqual(shown)
  const { results } = await env.DB.prepare('SELECT * FROM webhooks').all()
  expect(JSON.stringify(results)).not.toContain(secret.slice('whsec_'.length))
})

test('takes every event, and empty text for a format that is left out', async () => {
  const { admin } = await startAlerts()
  const { status, body } = await admin('/api/webhooks', { body: { url: URL, events: EVENTS, format: '' } })
  expect([status, body.events, body.format]).toEqual([201, EVENTS, 'standard'])
})

test('gives the first answer again for the same Idempotency-Key, secret included, and adds one endpoint', async () => {
  const { admin } = await startAlerts()
  const add = () =>
    admin('/api/webhooks', { body: { url: URL, events: ['credits.low'] }, headers: { 'Idempotency-Key': 'k1' } })
  const answers = await Promise.all(Array.from({ length: 5 }, add))
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201))
  expect((await admin('/api/webhooks')).body.webhooks).toHaveLength(1)
})

test('refuses a URL that alerts may not go to, and names the rule', async () => {
  const { admin, endpoint } = await startAlerts()
  const { id } = await endpoint(URL)
  for (const [url, rule] of [
    ['http://169.254.169.254/', 'has to be https'],
    ['https://169.254.169.254/', 'must not name a private, local or reserved address'],
    ['https://[::1]/', 'must not name a private, local or reserved address'],
    ['https://localhost./', 'must not name a local host'],
    [`https://${'a'.repeat(300)}.example/`, 'has to have a host name of at most 253 characters'],
    ['http://127.0.0.1:9000/', 'has to be https'],
  ] as const) {
    for (const answer of [
      await admin('/api/webhooks', { body: { url, events: ['credits.low'] } }),
      await admin(`/api/webhooks/${id}`, { method: 'PATCH', body: { url } }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request'])
      expect(answer.body.errors).toEqual([{ path: 'url', message: rule }])
    }
  }
  expect((await admin('/api/webhooks')).body.webhooks).toMatchObject([{ url: URL }])
})

test('takes this very machine where ALLOW_LOCAL_WEBHOOKS is true, and nothing else', async () => {
  const { admin } = await startAlerts({ vars: { ALLOW_LOCAL_WEBHOOKS: 'true' } })
  const add = (url: string) => admin('/api/webhooks', { body: { url, events: ['credits.low'] } })
  for (const url of ['http://127.0.0.1:9000/', 'http://[::1]:9000/', 'http://localhost:9000/']) {
    expect((await add(url)).status, url).toBe(201)
  }
  for (const url of ['http://10.0.0.1/', 'http://example.com/', 'https://localhost/']) {
    expect((await add(url)).status, url).toBe(400)
  }
})

test('refuses what is malformed and names the field', async () => {
  const { admin } = await startAlerts()
  const events = ['credits.low']
  for (const [body, path] of [
    [{ events }, 'url'],
    [{ url: '', events }, 'url'],
    [{ url: 7, events }, 'url'],
    [{ url: URL }, 'events'],
    [{ url: URL, events: [] }, 'events'],
    [{ url: URL, events: ['credits.lost'] }, 'events.0'],
    [{ url: URL, events: ['webhook.test'] }, 'events.0'],
    [{ url: URL, events, format: 'xml' }, 'format'],
    [{ url: URL, events, secret: 'mine' }, 'secret'],
  ] as const) {
    const answer = await admin('/api/webhooks', { body })
    expect(answer.status).toBe(400)
    expect(answer.body.errors.map((error: any) => error.path)).toEqual([path])
  }
})

test('changes what is given and leaves the rest, the secret too', async () => {
  const { admin, deps: _, endpoint, network, note, clock } = await startAlerts()
  clock.now = Date.now()
  const { id, secret } = await endpoint(URL)
  const change = { url: 'https://two.example/', events: ['job.failed'] }
  const changed = await admin(`/api/webhooks/${id}`, { method: 'PATCH', body: change })
  expect(changed.status).toBe(200)
  expect(changed.body).toMatchObject({ id, ...change, format: 'standard', enabled: true })
  expect(changed.body.secret).toBeUndefined()
  expect(
    (await admin(`/api/webhooks/${id}`, { method: 'PATCH', body: { enabled: false, url: '' } })).body,
  ).toMatchObject({
    ...change,
    enabled: false,
  })
  expect(await note('job.failed')).toBe(0)
  expect((await admin(`/api/webhooks/${id}`, { method: 'PATCH', body: { enabled: true } })).body.enabled).toBe(true)
  await admin(`/api/webhooks/${id}/test`, { method: 'POST' })
  new Webhook(secret).verify(network.received[0]?.body ?? '', Object.fromEntries(network.received[0]?.headers ?? []))
  expect(network.received[0]?.url).toBe('https://two.example/')
})

test('removes an endpoint together with its deliveries', async () => {
  const { admin, deliveries, endpoint, note } = await startAlerts()
  const { id } = await endpoint(URL)
  await note('credits.low')
  expect((await admin(`/api/webhooks/${id}`, { method: 'DELETE' })).status).toBe(204)
  expect(await deliveries()).toEqual([])
  for (const [path, method] of [
    [`/api/webhooks/${id}`, 'GET'],
    [`/api/webhooks/${id}`, 'DELETE'],
    [`/api/webhooks/${id}/test`, 'POST'],
    ['/api/webhooks/nonsense', 'GET'],
  ] as const) {
    expect((await admin(path, { method })).status, `${method} ${path}`).toBe(404)
  }
  expect((await admin(`/api/webhooks/${id}`, { method: 'PATCH', body: { enabled: true } })).status).toBe(404)
})

test('has room for fifty endpoints', async () => {
  const { admin, endpoint } = await startAlerts()
  for (let i = 0; i < 50; i++) await endpoint(`https://example.com/${i}`)
  const answer = await admin('/api/webhooks', { body: { url: URL, events: ['credits.low'] } })
  expect([answer.status, answer.body.code]).toEqual([409, 'conflict'])
})

test('sends a real test event and tells how it went', async () => {
  const { admin, clock, endpoint, network } = await startAlerts()
  clock.now = Date.now()
  const { id, secret } = await endpoint(URL, ['job.failed'])
  const { status: code, body } = await admin(`/api/webhooks/${id}/test`, { method: 'POST' })
  expect(code).toBe(200)
  expect(body).toMatchObject({
    webhookId: id,
    event: 'webhook.test',
    status: 'delivered',
    attempts: 1,
    lastStatus: 204,
    lastError: '',
  })
  expect(body.id).toMatch(/^dlv_\d+$/)
  const [request] = network.received
  const verified = new Webhook(secret).verify(request?.body ?? '', Object.fromEntries(request?.headers ?? []))
  expect(verified).toMatchObject({ type: 'webhook.test', data: { webhookId: id } })
})

test('tells a test event that failed, and does not try it again', async () => {
  const { admin, clock, deliveries, endpoint, network } = await startAlerts({ answer: status(500) })
  const { id } = await endpoint(URL)
  const { body } = await admin(`/api/webhooks/${id}/test`, { method: 'POST' })
  expect(body).toMatchObject({
    status: 'dead',
    attempts: 1,
    lastStatus: 500,
    lastError: 'answered 500',
    nextAttemptAt: '',
    deliveredAt: '',
  })
  expect(await deliveries()).toEqual([body])
  clock.now += 60 * 60_000
  expect(network.received).toHaveLength(1)
})

test('sends a test event once for the same Idempotency-Key', async () => {
  const { admin, endpoint, network } = await startAlerts()
  const { id } = await endpoint(URL)
  const send = () => admin(`/api/webhooks/${id}/test`, { method: 'POST', headers: { 'Idempotency-Key': 'k1' } })
  const [first, second] = [await send(), await send()]
  expect(second.text).toBe(first.text)
  expect(second.headers.get('Idempotency-Replayed')).toBe('true')
  expect(network.received).toHaveLength(1)
})

test('sends no test event to a disabled endpoint', async () => {
  const { admin, endpoint, network } = await startAlerts()
  const { id } = await endpoint(URL)
  await admin(`/api/webhooks/${id}`, { method: 'PATCH', body: { enabled: false } })
  const answer = await admin(`/api/webhooks/${id}/test`, { method: 'POST' })
  expect([answer.status, answer.body.code]).toEqual([409, 'conflict'])
  expect(network.received).toEqual([])
})

test('disables an endpoint that answers a test event 410', async () => {
  const { admin, endpoint } = await startAlerts({ answer: status(410) })
  const { id } = await endpoint(URL)
  expect((await admin(`/api/webhooks/${id}/test`, { method: 'POST' })).body).toMatchObject({
    status: 'dead',
    lastStatus: 410,
  })
  expect((await admin(`/api/webhooks/${id}`)).body.enabled).toBe(false)
})

test('is for keys with the scope admin only', async () => {
  const { call, endpoint, user } = await startAlerts()
  const { id } = await endpoint(URL)
  await user()
  const wide = await insertKey(['users:write', 'stats:write', 'credits:grant', 'credits:charge'])
  for (const [method, path] of [
    ['POST', '/api/webhooks'],
    ['GET', '/api/webhooks'],
    ['GET', `/api/webhooks/${id}`],
    ['PATCH', `/api/webhooks/${id}`],
    ['DELETE', `/api/webhooks/${id}`],
    ['POST', `/api/webhooks/${id}/test`],
    ['GET', '/api/webhooks/deliveries'],
    ['POST', '/api/webhooks/deliveries/dlv_1/replay'],
  ] as const) {
    expect((await call(path, { method })).status, `${method} ${path}`).toBe(401)
    for (const who of [{ bearer: wide }, { basic: 'kicksent:python' }]) {
      const answer = await call(path, { method, ...who })
      expect([answer.status, answer.body.requiredScope], `${method} ${path}`).toEqual([403, 'admin'])
    }
  }
})

test('gives an endpoint the format that its URL calls for, unless another is asked for', async () => {
  const { admin } = await startAlerts()
  for (const [url, format] of [
    ['https://discord.com/api/webhooks/123/abc', 'discord'],
    ['https://hooks.slack.com/services/T0/B0/abc', 'slack'],
    ['https://example.com/api/webhooks/123/abc', 'standard'],
  ]) {
    expect((await admin('/api/webhooks', { body: { url, events: ['job.failed'] } })).body.format).toBe(format)
    const chosen = await admin('/api/webhooks', { body: { url, events: ['job.failed'], format: 'standard' } })
    expect(chosen.body.format).toBe('standard')
  }
})

test('follows an endpoint to another URL with the format that the new one calls for', async () => {
  const { admin, endpoint } = await startAlerts()
  const DISCORD = 'https://discord.com/api/webhooks/123/abc'
  const { id } = await endpoint(URL)
  const move = async (url: string, more = {}) =>
    (await admin(`/api/webhooks/${id}`, { method: 'PATCH', body: { url, ...more } })).body.format
  expect(await move(DISCORD)).toBe('discord')
  expect(await move('https://example.com/other')).toBe('standard')
  expect(await move('https://mattermost.example.com/hooks/1', { format: 'slack' })).toBe('slack')
  expect(await move('https://mattermost.example.com/hooks/2')).toBe('slack')
  expect(await move(DISCORD, { format: 'standard' })).toBe('standard')
})

test('writes a test event and its idempotency record in one batch: a crash before the answer sends no second one', async () => {
  const { admin, deliveries, endpoint, network } = await startAlerts()
  const { id } = await endpoint(URL)
  const again = () => admin(`/api/webhooks/${id}/test`, { method: 'POST', headers: { 'Idempotency-Key': 'k' } })
  let during: Awaited<ReturnType<typeof again>> | undefined
  network.answer = async () => {
    during ??= await again() // the first call has not come to its end
    return new Response(null, { status: 204 })
  }
  const first = await again()
  expect([during?.status, during?.headers.get('Idempotency-Replayed'), during?.body.status]).toEqual([
    200,
    'true',
    'pending',
  ])
  expect([first.body.status, (await again()).body]).toEqual(['delivered', first.body])
  expect(network.received).toHaveLength(1)
  expect(await deliveries()).toHaveLength(1)
})
