import { env } from 'cloudflare:workers'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { deliverDue } from '../../src/alerts/deliver.ts'
import { newIsolateCache } from '../../src/deps.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/lib/time.ts'
import { NOON } from '../support/service.ts'
import { type Answering, type Received, startAlerts, status } from './receivers.ts'

const ONE = 'https://one.example/hook'
const TWO = 'https://two.example/hook'
const THREE = 'https://three.example/hook'

/** Never answers, until it is given up. */
const hangs: Answering = (_request, signal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

test('sends what a receiver verifies by the Standard Webhooks specification', async () => {
  const { clock, deps, endpoint, network, note } = await startAlerts()
  clock.now = Date.now() // the receiver's library has the real time
  const { secret } = await endpoint(ONE)
  await note('credits.low', { data: { username: 'kicksent', balance: 9, at: 'ümlaut' } })
  expect(await deliverDue(deps)).toEqual({ sent: 1, failed: 0, more: false })
  const [request] = network.received
  expect(request?.url).toBe(ONE)
  expect(request?.headers.get('Content-Type')).toBe('application/json')
  const headers = Object.fromEntries(request?.headers ?? [])
  expect(new Webhook(secret).verify(request?.body ?? '', headers)).toEqual({
    type: 'credits.low',
    timestamp: new Date(clock.now).toISOString(),
    data: { username: 'kicksent', balance: 9, at: 'ümlaut' },
  })
  const edited = request?.body.replace('9', '8') ?? ''
  expect(() => new Webhook(secret).verify(edited, headers)).toThrow()
})

test('has the same id in every retry, with a new time and signature', async () => {
  const { clock, deps, endpoint, network, note } = await startAlerts({ answer: status(500) })
  clock.now = Date.now()
  const { secret } = await endpoint(ONE)
  await note('credits.low')
  await deliverDue(deps)
  clock.now += MINUTE
  network.answer = status(200)
  await deliverDue(deps)
  const [first, second] = network.received.map(({ headers }) => Object.fromEntries(headers))
  expect(second?.['webhook-id']).toBe(first?.['webhook-id'])
  expect(Number(second?.['webhook-timestamp']) - Number(first?.['webhook-timestamp'])).toBe(60)
  expect(second?.['webhook-signature']).not.toBe(first?.['webhook-signature'])
  expect(network.received[1]?.body).toBe(network.received[0]?.body)
  new Webhook(secret).verify(network.received[1]?.body ?? '', second as Record<string, string>)
})

test('signs by HMAC-SHA-256 under the bytes of the secret, computed here without the library', async () => {
  const { deps, endpoint, network, note } = await startAlerts()
  const { secret } = await endpoint(ONE)
  await note('credits.low')
  await deliverDue(deps)
  const { headers, body } = network.received[0] as Received
  const bytes = Uint8Array.from(atob(secret.slice('whsec_'.length)), (char) => char.charCodeAt(0))
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const text = `${headers.get('webhook-id')}.${headers.get('webhook-timestamp')}.${body}`
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)))
  expect(headers.get('webhook-signature')).toBe(`v1,${btoa(String.fromCharCode(...mac))}`)
})

test('sends a Slack channel a sentence', async () => {
  const { deps, endpoint, network, note } = await startAlerts()
  await endpoint('https://hooks.slack.com/services/T0/B0/abc')
  await note('credits.low', { data: { username: 'kicksent', balance: 9, allowance: 100 } })
  await deliverDue(deps)
  expect(network.received[0]?.json.text).toBe('Credits are low: kicksent has 9 left of 100 a month.')
})

test('sends a Discord channel a sentence', async () => {
  const { deps, endpoint, network, note } = await startAlerts()
  await endpoint('https://discord.com/api/webhooks/1/token', ['credits.low'], { format: 'discord' })
  await note('credits.low', { data: { username: 'kicksent', balance: 9, allowance: 100 } })
  await deliverDue(deps)
  expect(network.received[0]?.json).toEqual({
    content: 'Credits are low: kicksent has 9 left of 100 a month.',
    allowed_mentions: { parse: [] },
  })
})

test('sends nothing twice when two runs overlap', async () => {
  const { deps, endpoint, network, note } = await startAlerts()
  await endpoint(ONE)
  await endpoint(TWO)
  for (let i = 0; i < 15; i++) await note('credits.low', { data: { i } })
  const runs = await Promise.all(Array.from({ length: 4 }, () => deliverDue(deps)))
  while ((await deliverDue(deps)).more);
  expect(runs.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThanOrEqual(30)
  for (const url of [ONE, TWO]) {
    const got = network.to(url).map(({ json }) => json.data.i)
    expect(got.sort((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, i) => i))
  }
})

test('is taken over when the sender has crashed', async () => {
  const { clock, deliveries, deps, endpoint, network, note } = await startAlerts()
  await endpoint(ONE)
  await note('credits.low')
  let crash = () => {}
  network.answer = () => new Promise((_, reject) => (crash = () => reject(new Error('too late'))))
  const crashed = deliverDue(deps)
  while (network.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  network.answer = status(204)
  clock.now += MINUTE
  expect(await deliverDue(deps)).toMatchObject({ sent: 0, more: false })
  clock.now += MINUTE
  expect(await deliverDue(deps)).toMatchObject({ sent: 1 })
  crash()
  await crashed
  expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: 1 }]) // the late outcome counts for nothing
})

test('follows the schedule of retries and is then dead', async () => {
  const { clock, deliveries, deps, endpoint, network, note } = await startAlerts({ answer: status(500) })
  await endpoint(ONE)
  await note('credits.low')
  const gaps: number[] = []
  let last = clock.now
  await deliverDue(deps)
  for (;;) {
    const [delivery] = await deliveries()
    if (delivery.status !== 'pending') break
    expect(delivery).toMatchObject({ lastStatus: 500, lastError: 'answered 500' })
    const at = Date.parse(delivery.nextAttemptAt)
    clock.now = at - 1
    expect(await deliverDue(deps)).toMatchObject({ failed: 0 })
    clock.now = at
    expect(await deliverDue(deps)).toMatchObject({ failed: 1 })
    gaps.push(at - last)
    last = at
  }
  const nominal = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]
  expect(gaps).toHaveLength(nominal.length)
  for (const [i, gap] of gaps.entries()) {
    expect(gap).toBeLessThanOrEqual(nominal[i] as number)
    expect(gap).toBeGreaterThanOrEqual((nominal[i] as number) * 0.8)
  }
  expect(network.received).toHaveLength(10)
  expect(await deliveries('?status=dead')).toMatchObject([{ attempts: 10, nextAttemptAt: '', lastStatus: 500 }])
  clock.now += 30 * DAY
  await deliverDue(deps)
  expect(network.received).toHaveLength(10)
})

test('gives a receiver that was down for a day everything when it is back', async () => {
  const { clock, deliveries, deps, endpoint, network, note } = await startAlerts({ answer: status(503) })
  await endpoint(ONE)
  const cron = async () => {
    while ((await deliverDue(deps)).more);
  }
  const hoursUntil = async (end: number) => {
    for (; clock.now < end; clock.now += HOUR) await cron()
  }
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 12; j++) await note('credits.low', { data: { n: i * 12 + j } })
    await hoursUntil(NOON + (i + 1) * 6 * HOUR)
  }
  expect(await deliveries('?status=delivered')).toEqual([])
  const failed = network.received.length
  expect(failed).toBe(24) // a receiver that is down is called once a run
  network.answer = status(204)
  await cron()
  expect((await deliveries('?status=delivered')).length).toBeGreaterThan(25)
  await hoursUntil(NOON + DAY + 14 * HOUR)
  const got = network.received.slice(failed).map(({ json }) => json.data.n)
  expect(got.sort((a, b) => a - b)).toEqual(Array.from({ length: 48 }, (_, n) => n))
  expect(await deliveries('?status=pending')).toEqual([])
}, 30_000)

test('gives up on a receiver that hangs, and does not make the others wait for it', async () => {
  const { clock, deliveries, deps, endpoint, network, note } = await startAlerts({
    answer: (request, signal) => (request.url === ONE ? hangs(request, signal) : new Response(null, { status: 204 })),
  })
  const slow = await endpoint(ONE)
  await endpoint(TWO)
  for (let i = 0; i < 3; i++) await note('credits.low')
  expect(await deliverDue(deps, { timeoutMs: 20 })).toEqual({ sent: 3, failed: 1, more: false })
  expect(network.to(ONE)).toHaveLength(1)
  const waiting = (await deliveries()).filter(({ webhookId }) => webhookId === slow.id)
  expect(waiting.map(({ attempts, lastError, status }) => [attempts, lastError, status])).toEqual([
    [0, '', 'pending'],
    [0, '', 'pending'],
    [1, 'no answer within 0.02 seconds', 'pending'],
  ])
  // Until the next minute it is not called again, for whatever else happens.
  await note('credits.low')
  expect(await deliverDue(deps)).toEqual({ sent: 1, failed: 0, more: false })
  clock.now += MINUTE
  network.answer = status(204)
  expect(await deliverDue(deps)).toEqual({ sent: 4, failed: 0, more: false })
})

test('does not let a long queue of one endpoint hold up another', async () => {
  const { deps, endpoint, network, note } = await startAlerts()
  await endpoint(ONE)
  for (let i = 0; i < 40; i++) await note('credits.low')
  await endpoint(TWO, ['service.stopped'])
  await note('service.stopped')
  await endpoint(THREE, ['service.stopped', 'credits.reset'])
  await note('credits.reset', { priority: 1 })
  await note('service.stopped')
  expect(await deliverDue(deps)).toEqual({ sent: 20, failed: 0, more: true })
  expect([ONE, TWO, THREE].map((url) => network.to(url).length)).toEqual([17, 2, 1])
  expect(await deliverDue(deps)).toEqual({ sent: 20, failed: 0, more: true })
  expect(await deliverDue(deps)).toEqual({ sent: 4, failed: 0, more: false })
  expect(network.received.at(-1)?.json.type).toBe('credits.reset')
})

test('begins no attempt after fifteen seconds, and gives the rest back', async () => {
  const { clock, deps, endpoint, network, note } = await startAlerts({
    answer: () => {
      clock.now += 6 * SECOND
      return new Response(null, { status: 204 })
    },
  })
  await endpoint(ONE)
  for (let i = 0; i < 5; i++) await note('credits.low')
  expect(await deliverDue(deps)).toEqual({ sent: 3, failed: 0, more: true })
  expect(await deliverDue(deps)).toEqual({ sent: 2, failed: 0, more: false })
  expect(network.received).toHaveLength(5)
})

test('sends credits.reset after everything else', async () => {
  const { deps, endpoint, network, note } = await startAlerts()
  await endpoint(ONE, ['credits.low', 'credits.reset'])
  await endpoint(TWO, ['credits.low', 'credits.reset'])
  await note('credits.reset', { priority: 1 })
  await note('credits.low')
  await note('credits.low')
  await deliverDue(deps)
  expect(network.received.map(({ json }) => json.type)).toEqual([
    ...Array(4).fill('credits.low'),
    ...Array(2).fill('credits.reset'),
  ])
})

test('sends the next message after one that the receiver refuses', async () => {
  const { deliveries, deps, endpoint, network, note } = await startAlerts()
  await endpoint(ONE)
  for (let i = 0; i < 3; i++) await note('credits.low', { data: { i } })
  network.answer = ({ json }) => new Response(null, { status: json.data.i === 0 ? 400 : 204 })
  expect(await deliverDue(deps)).toEqual({ sent: 2, failed: 1, more: false })
  expect((await deliveries()).map(({ status, lastError }) => [status, lastError])).toEqual([
    ['delivered', ''],
    ['delivered', ''],
    ['pending', 'answered 400'],
  ])
})

test('takes 2xx alone for success, and follows no redirect', async () => {
  const { deliveries, deps, endpoint, network, note } = await startAlerts()
  await endpoint(ONE)
  for (const code of [200, 201, 202, 204, 299]) {
    network.answer = status(code)
    await note('credits.low')
    expect(await deliverDue(deps)).toMatchObject({ sent: 1 })
  }
  network.received.length = 0
  for (const code of [301, 302, 303, 304, 307, 308, 400, 401, 404, 502]) {
    network.answer = () => new Response(null, { status: code, headers: { Location: 'https://elsewhere.example/' } })
    await note('credits.low')
    expect(await deliverDue(deps)).toMatchObject({ sent: 0, failed: 1 })
    const [delivery] = await deliveries()
    expect(delivery).toMatchObject({ status: 'pending', lastStatus: code })
    if (code < 400) expect(delivery.lastError).toBe(`answered ${code}: redirects are not followed`)
  }
  expect(new Set(network.received.map(({ url }) => url))).toEqual(new Set([ONE]))
})

test('tells that a receiver could not be reached without saying where', async () => {
  const { deliveries, deps, endpoint, logged, note } = await startAlerts({
    answer: (request) => {
      throw new TypeError(`fetch failed: ${request.url}`)
    },
  })
  await endpoint(`${ONE}?token=very-secret`)
  await note('credits.low')
  await deliverDue(deps)
  expect(await deliveries()).toMatchObject([{ status: 'pending', lastStatus: 0, lastError: 'could not be reached' }])
  expect(JSON.stringify([await deliveries(), logged])).not.toContain('very-secret')
})

test('reads nothing of a gigabyte that a receiver answers', async () => {
  let read = 0
  let cancelled = false
  const { deps, endpoint, note } = await startAlerts({
    answer: () =>
      new Response(
        new ReadableStream(
          {
            pull(controller) {
              read += 1
              controller.enqueue(new Uint8Array(1024 * 1024))
            },
            cancel() {
              cancelled = true
            },
          },
          { highWaterMark: 0 },
        ),
      ),
  })
  await endpoint(ONE)
  await note('credits.low')
  expect(await deliverDue(deps)).toMatchObject({ sent: 1 })
  expect(cancelled).toBe(true)
  expect(read).toBeLessThanOrEqual(1)
})

test.each([429, 503])('waits as long as Retry-After of a %i says, with all that goes there', async (code) => {
  const { clock, deliveries, deps, endpoint, network, note } = await startAlerts({
    answer: status(code, { 'Retry-After': '7200' }),
  })
  await endpoint(ONE)
  await note('credits.low')
  await note('credits.low')
  await deliverDue(deps)
  clock.now += 2 * HOUR - 1
  await note('credits.low')
  await deliverDue(deps)
  expect(network.received).toHaveLength(1)
  expect((await deliveries()).map(({ attempts }) => attempts)).toEqual([0, 0, 1])
  network.answer = status(code, { 'Retry-After': new Date(NOON + 100 * DAY).toUTCString() })
  clock.now += 1
  await deliverDue(deps)
  expect(network.received).toHaveLength(2)
  clock.now += DAY - 1
  await deliverDue(deps)
  expect(network.received).toHaveLength(2)
  clock.now += 1
  network.answer = status(204)
  expect(await deliverDue(deps)).toMatchObject({ sent: 3 })
})

test('takes no Retry-After from other answers, and never comes back sooner than the schedule', async () => {
  const { clock, deliveries, deps, endpoint, network, note } = await startAlerts({
    answer: status(500, { 'Retry-After': '7200' }),
  })
  await endpoint(ONE)
  await note('credits.low')
  await deliverDue(deps)
  expect(await deliveries()).toMatchObject([{ nextAttemptAt: '2027-01-15T12:01:00.000Z' }])
  network.answer = status(429, { 'Retry-After': '1' })
  clock.now += MINUTE
  await deliverDue(deps)
  expect(Date.parse((await deliveries())[0].nextAttemptAt)).toBeGreaterThanOrEqual(clock.now + 4 * MINUTE)
})

test('disables an endpoint that answers 410, ends its deliveries and tells the others', async () => {
  const { admin, deliveries, deps, endpoint, network, note } = await startAlerts({
    answer: ({ url }) => new Response(null, { status: url.startsWith(ONE) ? 410 : 204 }),
  })
  const gone = await endpoint(`${ONE}?token=very-secret`, ['credits.low', 'webhook.disabled'])
  const other = await endpoint(TWO, ['webhook.disabled'])
  for (let i = 0; i < 3; i++) await note('credits.low')
  await Promise.all([deliverDue(deps, { limit: 1 }), deliverDue(deps, { limit: 1 })])
  while ((await deliverDue(deps)).more);
  expect(network.received.filter(({ url }) => url.startsWith(ONE)).length).toBeLessThanOrEqual(2)
  expect((await admin(`/api/webhooks/${gone.id}`)).body.enabled).toBe(false)
  const dead = await deliveries('?status=dead')
  expect(dead.map(({ webhookId }) => webhookId)).toEqual([gone.id, gone.id, gone.id])
  expect(dead.at(-1)).toMatchObject({ lastStatus: 410, lastError: 'answered 410 Gone' })
  expect(network.to(TWO).map(({ json }) => json)).toEqual([
    {
      type: 'webhook.disabled',
      timestamp: '2027-01-15T12:00:00.000Z',
      data: { webhookId: gone.id, host: 'one.example', reason: 'answered 410 Gone' },
    },
  ])
  expect(await deliveries('?status=delivered')).toMatchObject([{ webhookId: other.id }])
})

test('sends nothing to an endpoint that was disabled or deleted, and the rest when it is enabled again', async () => {
  const { admin, deliveries, deps, endpoint, network, note } = await startAlerts()
  const one = await endpoint(ONE)
  const two = await endpoint(TWO)
  await note('credits.low')
  await admin(`/api/webhooks/${one.id}`, { method: 'PATCH', body: { enabled: false } })
  await admin(`/api/webhooks/${two.id}`, { method: 'DELETE' })
  expect(await deliverDue(deps)).toEqual({ sent: 0, failed: 0, more: false })
  expect(network.received).toEqual([])
  expect(await deliveries()).toHaveLength(1)
  await admin(`/api/webhooks/${one.id}`, { method: 'PATCH', body: { enabled: true } })
  expect(await deliverDue(deps)).toMatchObject({ sent: 1 })
})

test('never calls a URL that is refused by the time it is sent', async () => {
  const local = { ALLOW_LOCAL_WEBHOOKS: 'true' }
  const { deliveries, deps, endpoint, network, note } = await startAlerts({ vars: local })
  await endpoint('http://127.0.0.1:9000/')
  await note('credits.low')
  expect(await deliverDue({ ...deps, config: { ...deps.config, allowLocalWebhooks: false } })).toMatchObject({
    failed: 1,
  })
  expect(network.received).toEqual([])
  expect(await deliveries()).toMatchObject([{ status: 'dead', lastError: 'not sent: the URL has to be https' }])
  await note('credits.low')
  expect(await deliverDue(deps)).toMatchObject({ sent: 1 })
})

test('sends while the service is stopped', async () => {
  const { deps, endpoint, network, note } = await startAlerts()
  await endpoint(ONE)
  await note('credits.low')
  await deps.db.$client.prepare('UPDATE service_state SET stopped_at = 1').run()
  expect(await deliverDue(deps)).toMatchObject({ sent: 1 })
  expect(network.received).toHaveLength(1)
})

test('logs and does not fail when the database does, and sends again what it could not record', async () => {
  const { clock, deps, endpoint, logged, network, note } = await startAlerts()
  await endpoint(ONE)
  await note('credits.low')
  const failsFrom = (n: number) => {
    let calls = 0
    const client = new Proxy(deps.db.$client, {
      get: (d1, name) =>
        name === 'batch' && ++calls >= n
          ? () => Promise.reject(new Error('D1_ERROR: unreachable'))
          : Reflect.get(d1, name),
    })
    return { ...deps, db: Object.assign(Object.create(deps.db), { $client: client }) }
  }
  expect(await deliverDue(failsFrom(1))).toEqual({ sent: 0, failed: 0, more: false })
  expect(network.received).toHaveLength(0)
  await deliverDue(failsFrom(2))
  expect(network.received).toHaveLength(1)
  expect(logged.filter(({ level }) => level === 'error')).toHaveLength(2)
  clock.now += 2 * MINUTE
  expect(await deliverDue(deps)).toMatchObject({ sent: 1 })
  expect(network.received[1]?.headers.get('webhook-id')).toBe(network.received[0]?.headers.get('webhook-id'))
})

test('signs after the service secret was rotated, also when the old one is gone in the end', async () => {
  const [old, current] = ['o'.repeat(32), 'c'.repeat(32)]
  const { clock, deliveries, deps, endpoint, network, note } = await startAlerts({ vars: { TOKEN_SECRET: old } })
  clock.now = Date.now()
  const { secret } = await endpoint(ONE)
  const withSecrets = (...tokenSecrets: string[]) => ({
    ...deps,
    memory: newIsolateCache(),
    config: { ...deps.config, tokenSecrets },
  })
  const verified = async (...tokenSecrets: string[]) => {
    await note('credits.low')
    await deliverDue(withSecrets(...tokenSecrets))
    const last = network.received.at(-1)
    new Webhook(secret).verify(last?.body ?? '', Object.fromEntries(last?.headers ?? []))
    return network.received.length
  }
  expect(await verified(old)).toBe(1)
  expect(await verified(current, old)).toBe(2)
  expect(await verified(current)).toBe(3)
  // Under a secret that never knew it, nothing is sent unsigned.
  await note('credits.low')
  await deliverDue(withSecrets('x'.repeat(32)))
  expect(network.received).toHaveLength(3)
  expect((await deliveries())[0].lastError).toBe('not sent: the signing secret was sealed under another TOKEN_SECRET')
})

test('reads little when nothing is due, however much waits', async () => {
  const { clock, deps, endpoint, network, note } = await startAlerts({ answer: status(500) })
  await endpoint(ONE)
  await endpoint(TWO)
  for (let i = 0; i < 30; i++) await note('credits.low')
  clock.now -= MINUTE
  const { rowsRead, roundTrips } = deps.tally
  expect(await deliverDue(deps)).toEqual({ sent: 0, failed: 0, more: false })
  expect(network.received).toEqual([])
  expect(deps.tally.roundTrips - roundTrips).toBe(1)
  expect(deps.tally.rowsRead - rowsRead).toBeLessThanOrEqual(30)
})

test('a later, shorter Retry-After does not end a longer one', async () => {
  const { admin, deps, endpoint, network, note } = await startAlerts({ answer: status(429, { 'Retry-After': '7200' }) })
  const { id } = await endpoint(ONE)
  await note('credits.low')
  await deliverDue(deps)
  const rest = () => env.DB.prepare('SELECT rests_until FROM webhooks').first('rests_until')
  expect(await rest()).toBe(NOON + 2 * HOUR)
  network.answer = status(503)
  await admin(`/api/webhooks/${id}/test`, { method: 'POST' })
  expect(await rest()).toBe(NOON + 2 * HOUR)
  const change = (body: object) => admin(`/api/webhooks/${id}`, { method: 'PATCH', body })
  await change({ events: ['credits.exhausted'] })
  expect(await rest()).toBe(NOON + 2 * HOUR)
  await change({ url: TWO }) // another receiver, which asked for nothing
  expect(await rest()).toBe(0)
})
