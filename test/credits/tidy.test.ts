import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { grantToMany } from '../../src/credits/grants.ts'
import { tidyCredits } from '../../src/credits/tidy.ts'
import { DEFAULT_GIFT_DAYS } from '../../src/jobs/actions/credits-grant.ts'
import { DAY, expectBooksToAddUp, rows, spender } from '../support/credits.ts'
import { insertKey, startService } from '../support/service.ts'

test('folds movements older than thirteen months into one row, and the books still add up', async () => {
  const service = startService()
  const { key, username } = await spender(service)
  const granter = await insertKey(['credits:grant'])
  const spend = (amount: number) => service.call('/api/credits/spend', { bearer: key, body: { amount } })
  await service.call(`/api/users/${username}/credits/grants`, {
    bearer: granter,
    body: { amount: 500, reason: 'for ever' },
  })
  for (let month = 0; month < 20; month++) {
    service.clock.now = Date.UTC(2027, month, 15)
    await spend(month % 3 === 0 ? 110 : 20)
    const { id } = (await spend(5)).body
    if (month % 4 === 0) await service.call('/api/credits/refunds', { bearer: granter, body: { id } })
  }
  const { balance } = (await service.call('/api/credits', { bearer: key })).body
  expect(await tidyCredits(service.deps(), 0)).toEqual({ last: undefined, wrong: [] })
  await expectBooksToAddUp()
  expect((await service.call('/api/credits', { bearer: key })).body.balance).toBe(balance)
  const { entries } = (await service.call('/api/credits/ledger?limit=500', { bearer: key })).body
  expect(entries.at(-1)).toMatchObject({ kind: 'adjustment', operation: 'carried-forward' })
  expect(entries.at(-2).createdAt >= '2027-07-01').toBe(true)
  expect(
    await rows("SELECT COUNT(*) AS n FROM grants WHERE source = 'plan' AND expires_at < ?", Date.UTC(2027, 6, 1)),
  ).toEqual([{ n: 0 }])

  const { rowsWritten } = await service.cost(() => tidyCredits(service.deps(), 0))
  expect(rowsWritten).toBe(0)
  service.clock.now = Date.UTC(2028, 9, 15)
  await tidyCredits(service.deps(), 0)
  await expectBooksToAddUp()
})

test('puts empty top-ups out of the way of every spend, and a refund brings one back', async () => {
  const service = startService()
  const { key, username, id } = await spender(service)
  const granter = await insertKey(['credits:grant'])
  await env.DB.prepare(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
    INSERT INTO grants (user_id, source, source_key, amount, remaining, effective_from, expires_at, write_id) SELECT ?, 'topup', 'k' || i, 0, 0, 0, 8640000000000000, 'x' FROM n`)
    .bind(id)
    .run()
  await service.call(`/api/users/${username}/credits/grants`, { bearer: granter, body: { amount: 10, reason: 'gift' } })
  const spent = (await service.call('/api/credits/spend', { bearer: key, body: { amount: 110 } })).body.id
  await tidyCredits(service.deps(), 0)
  const { rowsRead } = await service.cost(() =>
    service.call('/api/credits/spend', { bearer: key, body: { amount: 1 } }),
  )
  expect(rowsRead).toBeLessThan(100)
  expect((await service.call('/api/credits/refunds', { bearer: granter, body: { id: spent } })).body).toMatchObject({
    restored: 110,
    balance: 110,
  })
  expect((await service.call('/api/credits/spend', { bearer: key, body: { amount: 110 } })).status).toBe(201)
  await expectBooksToAddUp()
})

test('says which accounts do not add up', async () => {
  const service = startService()
  const { key, id } = await spender(service)
  await service.call('/api/credits/spend', { bearer: key, body: { amount: 1 } })
  await env.DB.prepare('UPDATE grants SET remaining = remaining - 1').run()
  expect(await tidyCredits(service.deps(), 0)).toEqual({ last: undefined, wrong: [id] })
})

test('never folds away an open hold: it can be captured when its month is long folded', async () => {
  const service = startService({ vars: { LEDGER_MONTHS: '1' } })
  const { key } = await spender(service)
  const post = (path: string, body: unknown) =>
    service.call(`/api/credits/${path}`, { method: 'POST', bearer: key, body })
  service.clock.now = Date.UTC(2027, 0, 31, 12)
  await post('spend', { amount: 10 })
  const { id } = (await post('holds', { amount: 40, expiresInSeconds: 29 * 86_400 })).body
  service.clock.now = Date.UTC(2027, 1, 28)
  await post('spend', { amount: 5 })
  await tidyCredits(service.deps(), 0)
  service.clock.now = Date.UTC(2027, 2, 1, 11)
  expect(await tidyCredits(service.deps(), 0)).toEqual({ last: undefined, wrong: [] })
  await expectBooksToAddUp()
  const { status, body } = await post(`holds/${id}/capture`, { amount: 30 })
  expect([status, body]).toMatchObject([200, { captured: 30, released: 10 }])
  await expectBooksToAddUp()
  service.clock.now = Date.UTC(2027, 6, 1)
  expect(await tidyCredits(service.deps(), 0)).toEqual({ last: undefined, wrong: [] })
  await expectBooksToAddUp()
})

test('a spend reads a bounded number of rows after a year of daily gifts', { timeout: 60_000 }, async () => {
  const service = startService()
  const { key, username } = await spender(service)
  const deps = service.deps()
  const gift = {
    amount: 1,
    reason: 'daily',
    expiresInDays: DEFAULT_GIFT_DAYS,
    usernames: [username],
    after: 0,
    limit: 10,
  }
  const spend = () => service.cost(() => service.call('/api/credits/spend', { bearer: key, body: { amount: 1 } }))
  for (let day = 1; day <= 365; day++) {
    service.clock.now += DAY
    await grantToMany(deps, { ...gift, runId: `run ${day}` })
    await tidyCredits(deps, 0)
  }
  await spend()
  const { rowsRead } = await spend()
  expect(rowsRead).toBeLessThan(8 * DEFAULT_GIFT_DAYS)
  await expectBooksToAddUp()
})
