import { expect, test } from 'vitest'
import { releaseExpiredHolds } from '../../src/credits/holds.ts'
import { expectBooksToAddUp, spender } from '../support/credits.ts'
import { insertKey, startService } from '../support/service.ts'

async function start() {
  const service = startService()
  const account = await spender(service)
  const { key } = account
  return {
    ...service,
    ...account,
    post: (path: string, body?: unknown, bearer = key, headers: Record<string, string> = {}) =>
      service.call(`/api/credits${path}`, { method: 'POST', bearer, body, headers }),
    balance: async () => (await service.call('/api/credits', { bearer: key })).body.balance as number,
    granter: await insertKey(['credits:grant']),
  }
}

const codes = (answers: { status: number }[]) => answers.map(({ status }) => status).sort()

test('reserves credits, takes a part, and gives back the rest', async () => {
  const { post, balance } = await start()
  const hold = await post('/holds', { amount: 40, expiresInSeconds: 600, reason: 'auction' })
  expect([hold.status, hold.body.amount, hold.body.balance, hold.body.expiresAt]).toEqual([
    201,
    40,
    60,
    '2027-01-15T12:10:00.000Z',
  ])
  const captured = await post(`/holds/${hold.body.id}/capture`, { amount: 15 })
  expect([captured.status, captured.body]).toEqual([200, { id: hold.body.id, captured: 15, released: 25, balance: 85 }])
  expect(await balance()).toBe(85)
  await expectBooksToAddUp()
})

test('keeps for a capture what expires first, and gives the rest back where it came from', async () => {
  const { post, call, granter, key, username } = await start()
  await call(`/api/users/${username}/credits/grants`, { bearer: granter, body: { amount: 50, reason: 'gift' } })
  const { id } = (await post('/holds', { amount: 120, expiresInSeconds: 600 })).body
  await post(`/holds/${id}/capture`, { amount: 90 })
  const { grants } = (await call('/api/credits', { bearer: key })).body
  expect(grants).toMatchObject([
    { source: 'plan', remaining: 10 },
    { source: 'topup', remaining: 50 },
  ])
})

test('gives back all of a hold, once', async () => {
  const { post, balance } = await start()
  const { id } = (await post('/holds', { amount: 40, expiresInSeconds: 600 })).body
  expect((await post(`/holds/${id}/release`)).body).toEqual({ id, released: 40, balance: 100 })
  expect((await post(`/holds/${id}/release`)).body.code).toBe('conflict')
  expect((await post(`/holds/${id}/capture`, { amount: 1 })).status).toBe(409)
  expect(await balance()).toBe(100)
})

test('has one winner when a hold is captured and released at the same time', async () => {
  const { post, balance } = await start()
  for (let i = 0; i < 5; i++) {
    const { id } = (await post('/holds', { amount: 10, expiresInSeconds: 600 })).body
    const before = await balance()
    const [capture, release] = await Promise.all([
      post(`/holds/${id}/capture`, { amount: 10 }),
      post(`/holds/${id}/release`),
    ])
    expect(codes([capture, release])).toEqual([200, 409])
    expect(await balance()).toBe(release.status === 200 ? before + 10 : before)
  }
  await expectBooksToAddUp()
})

test("gives nothing for a spend's id, somebody else's hold, or nonsense", async () => {
  const { post, balance, call, user } = await start()
  const spent = (await post('/spend', { amount: 10 })).body.id
  expect((await post(`/holds/${spent}/release`)).status).toBe(404)
  const hold = (await post('/holds', { amount: 10, expiresInSeconds: 600 })).body.id
  const thief = await insertKey(['credits:spend'], await user('thief'))
  expect((await call(`/api/credits/holds/${hold}/release`, { method: 'POST', bearer: thief })).status).toBe(404)
  for (const id of ['x', 'txn_1_2_3', hold.replace(/.$/, '!'), `${hold}x`])
    expect((await post(`/holds/${id}/release`)).status).toBe(404)
  expect(await balance()).toBe(80)
})

test('captures no more than was held', async () => {
  const { post, balance } = await start()
  const { id } = (await post('/holds', { amount: 10, expiresInSeconds: 600 })).body
  expect((await post(`/holds/${id}/capture`, { amount: 11 })).body.code).toBe('exceeds_hold')
  expect(await balance()).toBe(90)
})

test('gives a spend back once, to ten who ask at once', async () => {
  const { post, balance, granter } = await start()
  const { id } = (await post('/spend', { amount: 30 })).body
  const answers = await Promise.all(Array.from({ length: 10 }, () => post('/refunds', { id }, granter)))
  expect(codes(answers)).toEqual([201, ...Array(9).fill(409)])
  expect(answers.find(({ status }) => status === 201)?.body).toEqual({ id, amount: 30, restored: 30, balance: 100 })
  expect(await balance()).toBe(100)
  await expectBooksToAddUp()
})

test('gives back what a captured hold kept, and nothing for an open or a released one', async () => {
  const { post, balance, granter } = await start()
  const ids: string[] = []
  for (let i = 0; i < 3; i++) ids.push((await post('/holds', { amount: 10, expiresInSeconds: 600 })).body.id)
  await post(`/holds/${ids[0]}/capture`, { amount: 4 })
  await post(`/holds/${ids[1]}/release`)
  expect((await post('/refunds', { id: ids[0] }, granter)).body).toMatchObject({ amount: 4, restored: 4 })
  expect((await post('/refunds', { id: ids[1] }, granter)).status).toBe(409)
  expect((await post('/refunds', { id: ids[2] }, granter)).status).toBe(409)
  expect((await post('/refunds', { id: ids[0] })).status).toBe(403)
  expect(await balance()).toBe(90)
  await expectBooksToAddUp()
})

test('says how much of a refund is live again when its grant has expired', async () => {
  const { post, balance, granter, clock } = await start()
  const { id } = (await post('/spend', { amount: 30 })).body
  clock.now = Date.parse('2027-02-03T00:00:00Z')
  expect((await post('/refunds', { id }, granter)).body).toEqual({ id, amount: 30, restored: 0, balance: 100 })
  expect(await balance()).toBe(100)
  await expectBooksToAddUp()
})

test('takes a refund off the day on which it was spent', async () => {
  const { post, granter, clock, call, key } = await start()
  await post('/spend', { amount: 5 })
  const { id } = (await post('/spend', { amount: 30 })).body
  clock.now += 86_400_000
  await post('/refunds', { id }, granter)
  expect((await call('/api/credits/usage', { bearer: key })).body.days).toEqual([
    { day: '2027-01-15', operation: 'spend', calls: 1, credits: 5 },
  ])
})

test('refuses an expired hold, which cron gives back', async () => {
  const service = await start()
  const { post, clock, balance } = service
  const { id } = (await post('/holds', { amount: 40, expiresInSeconds: 60 })).body
  clock.now += 61_000
  expect((await post(`/holds/${id}/capture`, { amount: 1 })).status).toBe(409)
  expect(await releaseExpiredHolds(service.deps())).toEqual({ released: 1, more: false })
  expect(await releaseExpiredHolds(service.deps())).toEqual({ released: 0, more: false })
  expect(await balance()).toBe(100)
  await expectBooksToAddUp()
})

test('gives expired holds back to the next spend that needs them', async () => {
  const { post, clock } = await start()
  await post('/holds', { amount: 90, expiresInSeconds: 60 })
  expect((await post('/spend', { amount: 20 })).status).toBe(402)
  clock.now += 61_000
  expect((await post('/spend', { amount: 20 })).body.balance).toBe(80)
  await expectBooksToAddUp()
})

test('counts an open hold as taken when the allowance is lowered', async () => {
  const { post, call, username, balance } = await start()
  const admin = await insertKey(['admin'])
  const { id } = (await post('/holds', { amount: 80, expiresInSeconds: 600 })).body
  const { body } = await call(`/api/users/${username}/credits`, {
    method: 'PATCH',
    bearer: admin,
    body: { allowance: 50 },
  })
  expect(body.balance).toBe(0)
  await post(`/holds/${id}/release`)
  expect(await balance()).toBe(80)
  await expectBooksToAddUp()
})

test.each(['capture', 'release'])('answers a repeated %s alike under one Idempotency-Key', async (verb) => {
  const { post } = await start()
  const { id } = (await post('/holds', { amount: 10, expiresInSeconds: 600 })).body
  const settle = () =>
    post(`/holds/${id}/${verb}`, verb === 'capture' ? { amount: 3 } : undefined, undefined, { 'Idempotency-Key': 'k' })
  const answers = await Promise.all([settle(), settle(), settle()])
  expect(codes(answers)).toEqual([200, 200, 200])
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
})

test.each([
  { expiresInSeconds: 0 },
  { expiresInSeconds: -1 },
  { expiresInSeconds: 1e9 },
  { expiresInSeconds: 1.5 },
  { amount: 0 },
  { extra: 1 },
])('refuses a hold with %o', async (wrong) => {
  const { post } = await start()
  expect((await post('/holds', { amount: 1, expiresInSeconds: 60, ...wrong })).status).toBe(400)
})
