import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { accessToken } from '../support/access-token.ts'
import { allTables, insertRowsOf } from '../support/rows.ts'
import { insertKey, startService } from '../support/service.ts'

/** Tables that refer to a user, if only by way of another, and are not told of; each with its reason. */
const NOT_TOLD: Record<string, string> = {
  refresh_tokens: 'nothing but hashes; the sessions are told of',
  webhooks: "the operator's: made up here because a delivery needs one",
}

const camelCase = (table: string) => table.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

test('gives the rows of every table that refers to the user, and of nobody else', async () => {
  const { call, user } = startService()
  const id = await user('kicksent', 'python', { email: 'a@example.com' })
  await insertRowsOf(await user('other'), 'other')
  const tables = await insertRowsOf(id, 'kicksent')
  const { status, headers, body, text } = await call('/api/users/me/export', { bearer: await accessToken(id) })
  expect([status, headers.get('Content-Type'), headers.get('Cache-Control')]).toEqual([
    200,
    'application/json',
    'no-store',
  ])
  expect(body.exportedAt).toBe('2027-01-15T12:00:00.000Z')
  expect(body.account).toEqual({
    id,
    username: 'kicksent',
    email: 'a@example.com',
    createdAt: '2027-01-15T12:00:00.000Z',
    disabledAt: '',
    twitchId: '',
    origin: '',
  })
  for (const name of tables) {
    if (name in NOT_TOLD) expect(body, name).not.toHaveProperty(camelCase(name))
    else expect(body[camelCase(name)], `${name}: add it to the export, or to the exceptions`).toHaveLength(1)
  }
  expect(text).not.toContain('other')
})

test('tells no hash and no secret', async () => {
  const { call, user } = startService()
  const id = await user()
  await insertRowsOf(id, 'kicksent')
  await env.DB.prepare(
    `INSERT INTO idempotency_records (caller, key_hash, fingerprint, outcome, sealed, about, expires_at)
     VALUES ('user:1', '"key hash"', '"fingerprint"', '{"id":1}', '"sealed"', NULL, 1)`,
  ).run()
  const { text, body } = await call('/api/users/me/export', { bearer: await accessToken(id) })
  const secret = /hash|secret|token|sealed|fingerprint|attempt|lease|once_key|scrypt/
  const names = (await allTables()).flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`))
  expect(names.filter((name) => secret.test(name)).length).toBeGreaterThan(8)
  for (const name of names.filter((name) => secret.test(name))) expect(text).not.toContain(`${name} of`)
  expect(text).not.toMatch(/key hash|fingerprint|sealed|\$scrypt/)
  expect(body.idempotencyRecords).toEqual([{ outcome: { id: 1 }, expiresAt: '1970-01-01T00:00:00.001Z' }])
})

test('writes times as times, amounts as numbers and what is absent as an empty text', async () => {
  const { call, user } = startService()
  const id = await user()
  await env.DB.batch(
    [
      `INSERT INTO credit_accounts (user_id, allowance, low_at) VALUES (1, NULL, 10)`,
      `INSERT INTO holds (user_id, at, amount, expires_at) VALUES (1, 1800000000000123, 5, 1800000060000)`,
      `INSERT INTO holds (user_id, at, amount, expires_at, settled_by) VALUES (1, 1800000000000124, 6, 1800000060000, 'a')`,
      `INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after) VALUES (1, 1800000000000123, 't', 'a', 'spend', -5, 95)`,
    ].map((text) => env.DB.prepare(text)),
  )
  const { body } = await call('/api/users/me/export', { bearer: await accessToken(id) })
  expect(body.creditAccounts).toEqual([{ allowance: '', anchorDay: 1, timeZone: 'UTC', lowAt: 10 }])
  const hold = { createdAt: '2027-01-15T08:00:00.000Z', expiresAt: '2027-01-15T08:01:00.000Z' }
  expect(body.holds).toEqual([
    { ...hold, amount: 5, settled: false },
    { ...hold, amount: 6, settled: true },
  ])
  expect(body.ledger).toEqual([
    { createdAt: hold.createdAt, kind: 'spend', amount: -5, balanceAfter: 95, operation: '', reason: '' },
  ])
})

test.each([0, 1, 1999, 2000, 2001, 4000, 9000])('gives a ledger of %i movements whole and in order', async (count) => {
  const { call, user } = startService()
  const id = await user()
  await env.DB.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
     INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after)
     SELECT 1, 1800000000000000 + i, 't', 'a', 'spend', -i, 0 FROM n WHERE i <= ?1`,
  )
    .bind(count)
    .run()
  const { body } = await call('/api/users/me/export', { bearer: await accessToken(id) })
  expect(body.ledger.map(({ amount }: { amount: number }) => -amount)).toEqual(
    Array.from({ length: count }, (_, i) => i + 1),
  )
})

test('is for the user alone', async () => {
  const { call, user } = startService()
  const id = await user()
  expect((await call('/api/users/me/export')).status).toBe(401)
  expect((await call('/api/users/me/export', { bearer: await insertKey(['admin'], id) })).status).toBe(403)
  expect((await call('/api/users/me/export', { basic: 'kicksent:python' })).status).toBe(200)
  expect((await call('/api/users/me/export', { bearer: await accessToken(99) })).status).toBe(404)
})
