import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { rows, spender } from '../support/credits.ts'
import { insertKey, startService } from '../support/service.ts'

const listen = (id = 'whk_1', events = ['credits.low', 'credits.exhausted'], enabled = 1) =>
  env.DB.prepare(
    "INSERT INTO webhooks (id, url, format, events, secret, enabled, created_at) VALUES (?, 'https://alerts.example', 'standard', ?, 'unreadable', ?, 0)",
  )
    .bind(id, JSON.stringify(events), enabled)
    .run()

const noted = async () =>
  (await rows('SELECT event, payload FROM deliveries ORDER BY id')).map(({ event, payload }) => [
    event,
    JSON.parse(payload).data,
  ])

async function start() {
  const service = startService({ fetch: async () => new Response(null, { status: 500 }), log: () => {} })
  const account = await spender(service)
  return {
    ...service,
    ...account,
    spend: (amount: number) => service.call('/api/credits/spend', { bearer: account.key, body: { amount } }),
  }
}

const data = (balance: number) => ({
  username: 'kicksent',
  balance,
  allowance: 100,
  resetsAt: '2027-02-01T00:00:00.000Z',
})

test('says once that credits are low, and once that there are none', async () => {
  const { spend } = await start()
  await listen()
  await spend(85)
  expect(await noted()).toEqual([])
  await spend(5)
  for (let i = 0; i < 9; i++) await spend(1)
  expect(await noted()).toEqual([['credits.low', data(10)]])
  await spend(1)
  await spend(1)
  expect(await noted()).toEqual([
    ['credits.low', data(10)],
    ['credits.exhausted', data(0)],
  ])
})

test('says that credits are exhausted when a call is refused with some left', async () => {
  const { spend } = await start()
  await listen()
  await spend(50)
  await spend(60)
  await spend(60)
  expect(await noted()).toEqual([['credits.exhausted', data(50)]])
})

test('misses none and repeats none when forty calls cross the line together', async () => {
  const { spend } = await start()
  await listen()
  await Promise.all(Array.from({ length: 40 }, () => spend(3)))
  expect((await noted()).map(([event]) => event)).toEqual(['credits.low', 'credits.exhausted'])
})

test('says it again after a top-up, and in the next month', async () => {
  const { spend, call, username, clock } = await start()
  await listen('whk_1', ['credits.exhausted'])
  const granter = await insertKey(['credits:grant'])
  await spend(100)
  await call(`/api/users/${username}/credits/grants`, { bearer: granter, body: { amount: 5, reason: 'gift' } })
  await spend(5)
  clock.now = Date.parse('2027-02-10T00:00:00Z')
  await spend(100)
  expect(await noted()).toHaveLength(3)
})

test('takes the threshold of the account', async () => {
  const { spend, call, username } = await start()
  await listen()
  await call(`/api/users/${username}/credits`, {
    method: 'PATCH',
    bearer: await insertKey(['admin']),
    body: { lowAt: 70 },
  })
  await spend(30)
  expect(await noted()).toEqual([['credits.low', data(70)]])
})

test('writes nothing where no enabled endpoint wants it', async () => {
  const { spend } = await start()
  await listen('whk_1', ['credits.reset'])
  await listen('whk_2', ['credits.exhausted'], 0)
  await spend(100)
  await spend(1)
  expect(await noted()).toEqual([])
})

test('notes it for each endpoint that wants it', async () => {
  const { spend } = await start()
  await listen('whk_1')
  await listen('whk_2')
  await spend(100)
  expect(
    (await rows('SELECT webhook_id, event FROM deliveries'))
      .map(({ webhook_id, event }) => `${webhook_id} ${event}`)
      .sort(),
  ).toEqual(['whk_1 credits.exhausted', 'whk_1 credits.low', 'whk_2 credits.exhausted', 'whk_2 credits.low'])
})

test('sends the alert right after the answer', async () => {
  const sent: string[] = []
  const service = startService({
    vars: {},
    fetch: async (input) => {
      sent.push(String(input instanceof Request ? input.url : input))
      return new Response(null, { status: 204 })
    },
  })
  const admin = await insertKey(['admin'])
  const { status } = await service.call('/api/webhooks', {
    bearer: admin,
    body: { url: 'https://alerts.example/in', events: ['credits.exhausted'] },
  })
  expect(status).toBe(201)
  const { key } = await spender(service)
  await service.call('/api/credits/spend', { bearer: key, body: { amount: 100 } })
  expect(sent).toEqual(['https://alerts.example/in'])
})
