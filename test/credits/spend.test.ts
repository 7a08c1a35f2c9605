import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { expectBooksToAddUp, rows, spender } from '../support/credits.ts'
import { insertKey, NOON, type Service, startService } from '../support/service.ts'

const times = <T>(count: number, work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)))
const statuses = (answers: { status: number }[]) =>
  Object.fromEntries(Object.entries(Object.groupBy(answers, ({ status }) => status)).map(([s, a]) => [s, a?.length]))

test('gives a new user the monthly allowance, shown before it is opened', async () => {
  const service = startService()
  const { key } = await spender(service)
  const { status, body } = await service.call('/api/credits', { bearer: key })
  expect(status).toBe(200)
  expect(body).toMatchObject({ balance: 100, allowance: 100, resetsAt: '2027-02-01T00:00:00.000Z' })
  expect(body.period).toEqual({ start: '2027-01-01T00:00:00.000Z', end: '2027-02-01T00:00:00.000Z' })
  expect(body.grants).toHaveLength(1)
  expect(await rows('SELECT * FROM grants')).toEqual([])
})

test('spends, and shows it in the balance, the ledger and the usage', async () => {
  const service = startService()
  const { key, id } = await spender(service)
  const spent = await service.call('/api/credits/spend', { bearer: key, body: { amount: 30, reason: 'a sword' } })
  expect([spent.status, spent.body.charged, spent.body.balance]).toEqual([201, 30, 70])
  expect(spent.body.id).toMatch(new RegExp(`^txn_${id}_`))
  expect((await service.call('/api/credits', { bearer: key })).body.balance).toBe(70)
  const { entries, nextCursor } = (await service.call('/api/credits/ledger', { bearer: key })).body
  expect(nextCursor).toBe('')
  expect(entries).toMatchObject([
    {
      id: spent.body.id,
      kind: 'spend',
      amount: -30,
      balanceAfter: 70,
      operation: 'spend',
      reason: 'a sword',
      createdAt: '2027-01-15T12:00:00.000Z',
    },
    { kind: 'grant', amount: 100, balanceAfter: 100 },
  ])
  const usage = await service.call('/api/credits/usage?days=7', { bearer: key })
  expect(usage.body.days).toEqual([{ day: '2027-01-15', operation: 'spend', calls: 1, credits: 30 }])
  await expectBooksToAddUp()
})

test('refuses a cost of 20 with 5 left, whole, and says when the next credits come', async () => {
  const service = startService()
  const { key } = await spender(service)
  await service.call('/api/credits/spend', { bearer: key, body: { amount: 95 } })
  const refused = await service.call('/api/credits/spend', { bearer: key, body: { amount: 20 } })
  expect([refused.status, refused.body.code]).toEqual([402, 'insufficient_credits'])
  expect(refused.body).toMatchObject({ balance: 5, required: 20, resetsAt: '2027-02-01T00:00:00.000Z' })
  expect(refused.body.detail).toContain('No enough credit for this account')
  expect((await service.call('/api/credits', { bearer: key })).body.balance).toBe(5)
})

test('gives exactly 100 of 300 calls at once to an account with 100 credits', async () => {
  const service = startService()
  const { key } = await spender(service)
  const answers = await times(300, () => service.call('/api/credits/spend', { bearer: key, body: { amount: 1 } }))
  expect(statuses(answers)).toEqual({ 201: 100, 402: 200 })
  expect(await rows("SELECT COUNT(*) AS n, SUM(amount) AS sum FROM ledger WHERE kind = 'spend'")).toEqual([
    { n: 100, sum: -100 },
  ])
  expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.balance)).size).toBe(100)
  await expectBooksToAddUp()
})

test('charges once and answers alike for the same Idempotency-Key fifty times at once', async () => {
  const service = startService()
  const { key } = await spender(service)
  const answers = await times(50, () =>
    service.call('/api/credits/spend', { bearer: key, body: { amount: 7 }, headers: { 'Idempotency-Key': 'once' } }),
  )
  expect(statuses(answers)).toEqual({ 201: 50 })
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  expect(answers.filter(({ headers }) => headers.get('Idempotency-Replayed') === 'true')).toHaveLength(49)
  expect((await service.call('/api/credits', { bearer: key })).body.balance).toBe(93)
})

test('keeps no refusal: a key whose call was refused works once there is credit', async () => {
  const service = startService()
  const { key, username } = await spender(service)
  const granter = await insertKey(['credits:grant'])
  const spend = () =>
    service.call('/api/credits/spend', { bearer: key, body: { amount: 150 }, headers: { 'Idempotency-Key': 'big' } })
  expect((await spend()).status).toBe(402)
  const grant = await service.call(`/api/users/${username}/credits/grants`, {
    bearer: granter,
    body: { amount: 100, reason: 'gift' },
  })
  expect([grant.status, grant.body.balance]).toEqual([201, 200])
  expect((await spend()).body.balance).toBe(50)
})

test('takes what expires first, then what is older', async () => {
  const service = startService()
  const { key, username } = await spender(service)
  const granter = await insertKey(['credits:grant'])
  const grant = (amount: number, expiresAt?: string) =>
    service.call(`/api/users/${username}/credits/grants`, {
      bearer: granter,
      body: { amount, reason: 'gift', expiresAt },
    })
  await grant(10)
  await grant(10, '2027-01-20T00:00:00Z')
  await grant(10)
  await service.call('/api/credits/spend', { bearer: key, body: { amount: 115 } })
  const { grants } = (await service.call('/api/credits', { bearer: key })).body
  expect(grants).toMatchObject([
    { source: 'plan', remaining: 0 },
    { source: 'topup', remaining: 5 },
    { source: 'topup', remaining: 10 },
  ])
  await expectBooksToAddUp()
})

test("spends somebody else's credits by a key with credits:charge, and by no other", async () => {
  const service = startService()
  const { key, username } = await spender(service)
  await service.user('other')
  const wide = await insertKey(['credits:charge'])
  const spend = (bearer: string, name?: string) =>
    service.call('/api/credits/spend', { bearer, body: { amount: 1, username: name } })
  expect((await spend(wide, username)).body).toMatchObject({ charged: 1, balance: 99 })
  expect((await spend(wide)).status).toBe(403)
  const ownedWide = await insertKey(['credits:charge'], 1)
  expect((await spend(ownedWide)).body).toMatchObject({ code: 'forbidden', requiredScope: 'credits:spend' })
  expect((await spend(key, username)).body.balance).toBe(98)
  expect((await spend(key, 'other')).body).toMatchObject({ code: 'forbidden', requiredScope: 'credits:charge' })
  expect((await spend(wide, 'nobody')).status).toBe(404)
})

test.each([0, -1, 1.5, 1e13, '5', null, 2 ** 53])('refuses an amount of %s', async (amount) => {
  const service = startService()
  const { key } = await spender(service)
  const { status, body } = await service.call('/api/credits/spend', { bearer: key, body: { amount } })
  expect([status, body.code, body.errors[0].path]).toEqual([400, 'invalid_request', 'amount'])
  expect(await rows('SELECT * FROM ledger')).toEqual([])
})

test('lets a user spend by token, and not once the tokens were ended', async () => {
  const service = startService()
  await service.user()
  const token = await service.token()
  const spend = () => service.call('/api/credits/spend', { bearer: token, body: { amount: 1 } })
  expect((await spend()).status).toBe(201)
  await env.DB.prepare('UPDATE users SET version = version + 1').run()
  expect((await spend()).status).toBe(401)
  expect((await rows('SELECT COUNT(*) AS n FROM ledger WHERE kind = ?', 'spend'))[0]).toEqual({ n: 1 })
})

test("refuses a disabled user's key, and notes no alert for it", async () => {
  const service = startService()
  const { key, username } = await spender(service)
  const admin = await insertKey(['admin'])
  const url = 'https://example.com/'
  await service.call('/api/webhooks', { bearer: admin, body: { url, events: ['credits.exhausted'] } })
  await service.call(`/api/users/${username}`, { method: 'PATCH', bearer: admin, body: { disabled: true } })
  for (const amount of [1, 1000])
    expect((await service.call('/api/credits/spend', { bearer: key, body: { amount } })).status).toBe(401)
  expect(await rows('SELECT * FROM deliveries')).toEqual([])
})

describe('spending for another', () => {
  const post = (service: Service, bearer: string, amount: number, key?: string) =>
    service.call('/api/credits/spend', {
      bearer,
      body: { amount, username: 'kicksent' },
      headers: key ? { 'Idempotency-Key': key } : {},
    })

  test.each([
    ['revoked', 401],
    ['expired', 401],
    ["a disabled owner's", 401],
  ])('is refused with a key that is %s, whatever the balance is, and on a replay too', async (state, status) => {
    const service = startService()
    await service.user('kicksent')
    const ownerId = await service.user('owner')
    const charger = await insertKey(['credits:charge'], ownerId)
    const admin = await insertKey(['admin'])
    expect((await post(service, charger, 1, 'first')).status).toBe(201)
    if (state === 'revoked') await env.DB.prepare('DELETE FROM api_keys WHERE user_id = ?').bind(ownerId).run()
    else if (state === 'expired')
      await env.DB.prepare('UPDATE api_keys SET expires_at = ? WHERE user_id = ?').bind(NOON, ownerId).run()
    else await service.call('/api/users/owner', { method: 'PATCH', bearer: admin, body: { disabled: true } })
    for (const [amount, key] of [
      [1, 'first'],
      [1, 'second'],
      [1, undefined],
      [100_000, undefined],
    ] as const)
      expect((await post(service, charger, amount, key)).status).toBe(status)
    expect(await rows("SELECT COUNT(*) AS n FROM ledger WHERE kind = 'spend'")).toEqual([{ n: 1 }])
  })

  test('asks D1 once for an account, and writes nothing to KV when nothing changed', async () => {
    const service = startService({ vars: { SERVER_TIMING: 'true' } })
    await service.user('kicksent')
    const charger = await insertKey(['credits:charge'])
    await post(service, charger, 1)
    const timing = (await post(service, charger, 1)).headers.get('Server-Timing')
    expect(timing).toContain('kvWrites;desc="0"')
  })
})

test('opens one month after twelve without a cron, for forty calls at once', async () => {
  const service = startService()
  const { key } = await spender(service)
  await service.call('/api/credits/spend', { bearer: key, body: { amount: 60 } })
  service.clock.now = Date.parse('2028-01-15T00:00:00Z')
  expect((await service.call('/api/credits', { bearer: key })).body.balance).toBe(100)
  const answers = await times(40, () => service.call('/api/credits/spend', { bearer: key, body: { amount: 3 } }))
  expect(statuses(answers)).toEqual({ 201: 33, 402: 7 })
  expect(await rows("SELECT COUNT(*) AS n FROM grants WHERE source = 'plan'")).toEqual([{ n: 2 }])
  await expectBooksToAddUp()
})

test('mints nothing and starves nobody when anchor and zone change twenty times in a month', async () => {
  const service = startService()
  const { key, username } = await spender(service)
  const admin = await insertKey(['admin'])
  await service.call('/api/credits/spend', { bearer: key, body: { amount: 40 } })
  for (let i = 1; i <= 20; i++) {
    const change = { anchorDay: ((i * 7) % 28) + 1, timeZone: ['UTC', 'Asia/Tokyo', 'America/Los_Angeles'][i % 3] }
    expect(
      (await service.call(`/api/users/${username}/credits`, { method: 'PATCH', bearer: admin, body: change })).status,
    ).toBe(200)
    const { body } = await service.call('/api/credits/spend', { bearer: key, body: { amount: 1 } })
    expect(body.balance).toBe(60 - i)
  }
  expect((await service.call('/api/credits', { bearer: key })).body.resetsAt).toBe('2027-02-01T00:00:00.000Z')
  service.clock.now = Date.parse('2027-02-01T00:00:00Z')
  expect((await service.call('/api/credits', { bearer: key })).body.balance).toBe(100)
  await expectBooksToAddUp()
})

test('gives exactly the new allowance when it is lowered and raised', async () => {
  const service = startService()
  const { key, username } = await spender(service)
  const admin = await insertKey(['admin'])
  await service.call('/api/credits/spend', { bearer: key, body: { amount: 30 } })
  const balances = []
  for (const allowance of [50, 10, 0, 100, 1000, 100]) {
    const { body } = await service.call(`/api/users/${username}/credits`, {
      method: 'PATCH',
      bearer: admin,
      body: { allowance },
    })
    expect(body.allowance).toBe(allowance)
    balances.push(body.balance)
  }
  expect(balances).toEqual([20, 0, 0, 70, 970, 70])
  await expectBooksToAddUp()
})

test('loses no top-up that comes during a burst', async () => {
  const service = startService()
  const { key, username } = await spender(service)
  const granter = await insertKey(['credits:grant'])
  const answers = await times(160, (i) =>
    i === 50
      ? service.call(`/api/users/${username}/credits/grants`, { bearer: granter, body: { amount: 50, reason: 'gift' } })
      : service.call('/api/credits/spend', { bearer: key, body: { amount: 1 } }),
  )
  expect(answers[50]?.status).toBe(201)
  const spent = answers.filter(({ status, body }) => status === 201 && body.charged === 1).length
  expect((await service.call('/api/credits', { bearer: key })).body.balance).toBe(150 - spent)
  await expectBooksToAddUp()
})

test('refuses a top-up that expired yesterday, and plans that cannot be', async () => {
  const service = startService()
  const { username } = await spender(service)
  const admin = await insertKey(['admin'])
  const grant = await service.call(`/api/users/${username}/credits/grants`, {
    bearer: admin,
    body: { amount: 1, reason: 'late', expiresAt: new Date(NOON - 86_400_000).toISOString() },
  })
  expect([grant.status, grant.body.errors[0].path]).toEqual([400, 'expiresAt'])
  for (const plan of [
    { anchorDay: 0 },
    { anchorDay: 32 },
    { timeZone: 'Mars/Olympus' },
    { allowance: -1 },
    { allowance: 1e13 },
  ]) {
    const { status, body } = await service.call(`/api/users/${username}/credits`, {
      method: 'PATCH',
      bearer: admin,
      body: plan,
    })
    expect([status, body.errors[0].path]).toEqual([400, Object.keys(plan)[0]])
  }
  expect(await rows('SELECT * FROM grants')).toEqual([])
})
