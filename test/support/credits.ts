/** What tests of credits share: accounts with a key, and the check that the books add up. */
import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import { insertKey, type Service } from './service.ts'

export const DAY = 86_400_000

/** A user with a key that may read and spend. */
export async function spender({ user }: Pick<Service, 'user'>, username = 'kicksent') {
  const id = await user(username)
  return { id, username, key: await insertKey(['metered:read', 'credits:spend'], id) }
}

export const fillDataset = (dataset = 'banks_data', key = 'EBILAEAD', data: unknown = { name: 'Emirates NBD' }) =>
  env.DB.prepare('INSERT INTO dataset_entries (dataset, key, data, updated_at) VALUES (?, ?, ?, 0)')
    .bind(dataset, key, JSON.stringify(data))
    .run()

export async function rows<T = Record<string, any>>(sql: string, ...values: unknown[]): Promise<T[]> {
  return (
    await env.DB.prepare(sql)
      .bind(...values)
      .all<T>()
  ).results
}

/** Ledger and grants add up, in sum and grant by grant; the ledger is in order; nothing is below zero. */
export async function expectBooksToAddUp(): Promise<void> {
  const wrongSums =
    await rows(`SELECT u.id, (SELECT COALESCE(SUM(amount), 0) FROM ledger WHERE user_id = u.id) AS ledger,
    (SELECT COALESCE(SUM(remaining), 0) FROM grants WHERE user_id = u.id) AS grants FROM users u WHERE ledger <> grants`)
  expect(wrongSums).toEqual([])
  const wrongGrants = await rows(`SELECT g.id, g.amount - g.remaining AS taken,
      (SELECT COALESCE(SUM(j.value ->> 1), 0) FROM ledger l, json_each(l.takes) j WHERE l.user_id = g.user_id AND j.value ->> 0 = g.id) AS booked
    FROM grants g WHERE taken <> booked`)
  expect(wrongGrants).toEqual([])
  const wrongMovements =
    await rows(`SELECT user_id, at, amount, (SELECT COALESCE(SUM(value ->> 1), 0) FROM json_each(takes)) AS taken FROM ledger
    WHERE kind IN ('spend', 'hold', 'capture', 'release', 'refund') AND amount <> -taken`)
  expect(wrongMovements).toEqual([])
}
