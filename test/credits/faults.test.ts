import { expect, test } from 'vitest'
import type { Queryable } from '../../src/db/wrapped.ts'
import { expectBooksToAddUp, fillDataset, rows, spender } from '../support/credits.ts'
import { insertKey, startService } from '../support/service.ts'

const lost = () => new Error('D1_ERROR: Network connection lost.')

/** A database whose batches are broken off at their n-th statement, or whose answers are lost, as often as `failures` says. */
function failing(failures: { left: number; at: number | 'answer' }) {
  return (d1: Queryable) =>
    ({
      prepare: (query: string) => d1.prepare(query),
      batch: async (statements: D1PreparedStatement[]) => {
        if (failures.left <= 0) return d1.batch(statements)
        failures.left -= 1
        if (failures.at === 'answer') await d1.batch(statements)
        else {
          // The n-th statement fails in earnest, inside the transaction.
          const broken = statements.with(
            Math.min(failures.at, statements.length - 1),
            d1.prepare('SELECT * FROM no_such_table_at_all'),
          )
          await d1.batch(broken).catch(() => {})
        }
        throw lost()
      },
    }) as unknown as Queryable
}

const STATEMENTS = 12

test.each(Array.from({ length: STATEMENTS }, (_, n) => n))(
  'does nothing by halves when D1 fails at statement %i, and charges once when it is back',
  async (at) => {
    const failures = { left: 0, at }
    const service = startService({ database: failing(failures), log: () => {} })
    await fillDataset()
    const { key } = await spender(service)
    const buy = () =>
      service.call('/api/v1.0/banks_data/EBILAEAD', { bearer: key, headers: { 'Idempotency-Key': 'k' } })
    failures.left = 99
    const refused = await buy()
    expect([refused.status, refused.body.code, refused.headers.get('Retry-After')]).toEqual([503, 'unavailable', '5'])
    expect(await rows('SELECT * FROM ledger')).toEqual([])
    expect(await rows('SELECT * FROM grants')).toEqual([])
    expect(await rows('SELECT * FROM idempotency_records')).toEqual([])
    failures.left = 1 // one more failure is retried inside the call
    const bought = await buy()
    expect([bought.status, bought.headers.get('X-Credits-Remaining')]).toEqual([200, '99'])
    expect((await buy()).headers.get('Idempotency-Replayed')).toBe('true')
    expect(await rows("SELECT COUNT(*) AS n FROM ledger WHERE kind = 'spend'")).toEqual([{ n: 1 }])
    await expectBooksToAddUp()
  },
)

test.each([
  ['a spend', '/api/credits/spend', { amount: 5 }, 1],
  ['a hold', '/api/credits/holds', { amount: 5, expiresInSeconds: 60 }, 1],
])('does %s once when the answer to the first try is lost', async (_, path, body, left) => {
  for (const headers of [{}, { 'Idempotency-Key': 'k' }] as Record<string, string>[]) {
    const failures = { left: 0, at: 'answer' as const }
    const service = startService({ database: failing(failures) })
    const { key } = await spender(service, Object.keys(headers).length ? 'with' : 'without')
    failures.left = left
    const answer = await service.call(path, { bearer: key, body, headers })
    expect([answer.status, answer.body.balance]).toEqual([201, 95])
    expect((await service.call('/api/credits', { bearer: key })).body.balance).toBe(95)
  }
  await expectBooksToAddUp()
})

test('settles and grants once when the answer to the first try is lost', async () => {
  const failures = { left: 0, at: 'answer' as const }
  const service = startService({ database: failing(failures) })
  const { key, username } = await spender(service)
  const granter = await insertKey(['credits:grant'])
  const post = (path: string, body: unknown, bearer: string) => service.call(path, { method: 'POST', bearer, body })
  const spent = (await post('/api/credits/spend', { amount: 40 }, key)).body.id
  const hold = (await post('/api/credits/holds', { amount: 40, expiresInSeconds: 60 }, key)).body.id
  failures.left = 1
  expect((await post('/api/credits/refunds', { id: spent }, granter)).body).toMatchObject({ amount: 40, balance: 60 })
  failures.left = 1
  expect((await post(`/api/credits/holds/${hold}/capture`, { amount: 10 }, key)).body).toMatchObject({
    captured: 10,
    balance: 90,
  })
  failures.left = 1
  expect(
    (await post(`/api/users/${username}/credits/grants`, { amount: 10, reason: 'gift' }, granter)).body,
  ).toMatchObject({ amount: 10, balance: 100 })
  expect((await service.call('/api/credits', { bearer: key })).body.balance).toBe(100)
  await expectBooksToAddUp()
})

test('answers 503 and never 402 when the database cannot be reached at all', async () => {
  const { call: make, user } = startService()
  const { key } = await spender({ user })
  await fillDataset()
  expect((await make('/api/v1.0/banks_data/EBILAEAD', { bearer: key })).status).toBe(200)
  const dead = startService({
    log: () => {},
    database: () =>
      ({
        prepare: () => {
          throw lost()
        },
        batch: async () => {
          throw lost()
        },
      }) as unknown as Queryable,
  })
  const answer = await dead.call('/api/v1.0/banks_data/EBILAEAD', { bearer: key })
  expect([answer.status, answer.body.code]).toEqual([503, 'unavailable'])
})
