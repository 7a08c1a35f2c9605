import { type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db, integer } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { balance, livePlan, type Movement, NEVER, nextAt, openPeriod } from './movements.store.ts'

export type TopUp = Movement & { amount: number; reason: string; expiresAt: number | undefined }

export type Granted = { id: string; amount: number; balance: number; expiresAt: number }

/** A top-up: a bucket of its own, and its row in the ledger. Repeating it with the same `txn` grants once. */
export async function insertTopUp(db: Db, topUp: TopUp, record: IdempotencyRecord): Promise<Granted | undefined> {
  const { userId, amount, reason, expiresAt, txn, writeId, startedAt: now } = topUp
  const mine = sql`grants WHERE user_id = ${userId} AND source = 'topup' AND source_key = ${txn}`
  const outcome = sql`SELECT json_object('id', 'grt_' || id, 'amount', amount, 'balance', ${balance(userId, now)}, 'expiresAt', expires_at) AS outcome FROM ${mine}`
  const rows = await batchRows(db, [
    ...openPeriod(topUp),
    sql`INSERT INTO grants (user_id, source, source_key, amount, remaining, effective_from, expires_at, write_id)
        SELECT id, 'topup', ${txn}, ${integer(amount)}, ${integer(amount)}, ${integer(now)}, ${integer(expiresAt ?? NEVER)}, ${writeId}
        FROM users WHERE id = ${userId} ON CONFLICT DO NOTHING`,
    sql`INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, operation, reason)
        SELECT user_id, ${nextAt(userId, now)}, ${txn}, ${writeId}, 'grant', amount, ${balance(userId, now)}, 'topup', ${reason}
        FROM ${mine} AND write_id = ${writeId}`,
    ...(await record.insert(outcome, { about: userId })),
    outcome,
  ])
  const json = rows.at(-1)?.[0]?.outcome
  return json === undefined ? undefined : JSON.parse(json as string)
}

export type TopUpPage = { runId: string; amount: number; reason: string; now: number; expiresAt: number; users: SQL }

/** Everyone after this id, or those of these names: a page of users to grant to. */
export const usersToGrant = (after: number, limit: number, usernames: string[] | undefined): SQL =>
  sql`SELECT id FROM users WHERE id > ${after}
      ${usernames ? sql`AND username IN (SELECT value FROM json_each(${JSON.stringify(usernames)}))` : sql``} ORDER BY id LIMIT ${limit}`

/**
 * The same top-up for many, keyed by the run: a page that is repeated grants nothing twice.
 * @returns the ids of the page, and how many were granted now.
 */
export async function insertTopUps(
  db: Db,
  { runId, amount, reason, now, expiresAt, users }: TopUpPage,
  writeId: string,
): Promise<{ ids: number[]; granted: number }> {
  const granted = sql`grants g WHERE g.source = 'topup' AND g.source_key = ${runId} AND g.write_id = ${writeId} AND g.user_id IN (${users})`
  const rows = await batchRows(db, [
    sql`INSERT INTO grants (user_id, source, source_key, amount, remaining, effective_from, expires_at, write_id)
        SELECT id, 'topup', ${runId}, ${integer(amount)}, ${integer(amount)}, ${integer(now)}, ${integer(expiresAt)}, ${writeId} FROM (${users}) WHERE true
        ON CONFLICT DO NOTHING`,
    sql`INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, operation, reason)
        SELECT g.user_id, ${nextAt(sql`g.user_id`, now)}, ${runId}, ${writeId}, 'grant', g.amount,
          ${balance(sql`g.user_id`, now)}, 'topup', ${reason}
        FROM ${granted}`,
    sql`SELECT COUNT(*) AS granted FROM ${granted}`,
    users,
  ])
  return { ids: (rows.at(-1) ?? []).map(({ id }) => id as number), granted: rows.at(-2)?.[0]?.granted as number }
}

export type PlanChange = {
  allowance?: number | undefined
  anchorDay?: number | undefined
  timeZone?: string | undefined
  lowAt?: number | undefined
}

/**
 * Changes an account's plan. A new allowance counts at once: the live plan grant becomes as large as it, or as what was
 * taken of it where that is more. A new anchor or zone counts from the end of that grant.
 */
export async function updatePlan(
  db: Db,
  movement: Movement,
  change: PlanChange,
  outcome: SQL,
  record: IdempotencyRecord,
): Promise<Record<string, unknown>> {
  const { userId, txn, writeId, startedAt: now } = movement
  const columns = {
    allowance: change.allowance,
    anchor_day: change.anchorDay,
    time_zone: change.timeZone,
    low_at: change.lowAt,
  }
  const given = Object.entries(columns).filter(([, value]) => value !== undefined)
  const names = given.map(([name]) => sql.raw(name))
  const values = given.map(([, value]) => (typeof value === 'number' ? integer(value) : sql`${value}`))
  const plan = livePlan(userId, now)
  const taken = sql`(amount - remaining)`
  const amount = sql`MAX(${integer(change.allowance ?? 0)}, ${taken})`
  const adjust =
    change.allowance === undefined
      ? []
      : [
          sql`INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, operation)
              SELECT user_id, ${nextAt(userId, now)}, ${txn}, ${writeId}, 'adjustment', ${amount} - amount, ${balance(userId, now)} + ${amount} - amount, 'plan'
              FROM ${plan} AND amount <> ${amount}`,
          sql`UPDATE grants SET amount = ${amount}, remaining = ${amount} - ${taken} WHERE id = (SELECT id FROM ${plan}) AND amount <> ${amount}`,
        ]
  const rows = await batchRows(db, [
    ...openPeriod(movement),
    ...adjust,
    sql`INSERT INTO credit_accounts (${sql.join([sql`user_id`, sql`version`, ...names], sql`, `)})
        SELECT ${sql.join([sql`id`, sql`1`, ...values], sql`, `)} FROM users WHERE id = ${userId}
        ON CONFLICT (user_id) DO UPDATE SET ${sql.join([sql`version = version + 1`, ...names.map((name) => sql`${name} = excluded.${name}`)], sql`, `)}`,
    ...(await record.insert(outcome, { about: userId })),
    outcome,
  ])
  return JSON.parse(rows.at(-1)?.[0]?.outcome as string)
}
