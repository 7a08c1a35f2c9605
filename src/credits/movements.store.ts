/** What every movement of credits is made of, in SQL. */
import { type SQL, sql } from 'drizzle-orm'
import { type Bound, integer } from '../db/client.ts'

/** The last Date there is: a grant that never expires. */
export const NEVER = 8_640_000_000_000_000

/** One try to write a movement. A retry has the same `txn` and `startedAt`, and a new `writeId`. */
export type Write = { txn: string; writeId: string; startedAt: number }

/** Whose credits move, and what must still hold of the account for the movement to be right. */
export type Movement = Write & {
  userId: number
  /** Of the credit account, whose anchor and zone the period comes from. */
  version: number
  periodStart: number
  periodEnd: number
  defaultAllowance: number
}

/** A movement's values, or their places. */
export type Terms = Record<keyof Movement, Bound>

/** `transactionId`, of a row of the ledger. */
export const transactionIdSql: SQL = sql`'txn_' || user_id || '_' || at || '_' || txn`

/** The grants that count now. Closed ones are empty or over, and out of the index that this uses. */
export const liveGrants = (userId: Bound | SQL, now: Bound): SQL =>
  sql`grants WHERE user_id = ${userId} AND closed = 0 AND expires_at > ${now} AND effective_from <= ${now}`

/** An account's plan grant, of those. */
export const livePlan = (userId: Bound | SQL, now: Bound): SQL => sql`${liveGrants(userId, now)} AND source = 'plan'`

export const balance = (userId: Bound | SQL, now: Bound): SQL =>
  sql`(SELECT COALESCE(SUM(remaining), 0) FROM ${liveGrants(userId, now)})`

/** The ledger counts in microseconds. */
export const microseconds = (milliseconds: Bound): SQL => sql`(${integer(milliseconds)} * 1000)`

/** When a movement happened, after every other of the account. */
export const nextAt = (userId: Bound | SQL, now: Bound): SQL =>
  sql`MAX(${microseconds(now)}, COALESCE((SELECT MAX(at) + 1 FROM ledger WHERE user_id = ${userId}), 0))`

/** Opens the billing period: its plan grant, if the account has no live one. Comes before what moves credits, and only where `condition` is true. */
export function openPeriod(terms: Terms, condition?: SQL): SQL[] {
  const { userId, version, periodStart, periodEnd, defaultAllowance, writeId, txn, startedAt: now } = terms
  const allowance = sql`COALESCE(a.allowance, ${integer(defaultAllowance)})`
  const key = sql`CAST(${integer(periodEnd)} AS TEXT)`
  const opened = sql`grants WHERE user_id = ${userId} AND source = 'plan' AND source_key = ${key} AND write_id = ${writeId}`
  return [
    sql`INSERT INTO grants (user_id, source, source_key, amount, remaining, period_start, effective_from, expires_at, write_id)
        SELECT u.id, 'plan', ${key}, ${allowance}, ${allowance}, ${integer(periodStart)},
          MAX(${integer(periodStart)}, COALESCE((SELECT MAX(expires_at) FROM grants WHERE user_id = u.id AND source = 'plan' AND expires_at <= ${now}), 0)),
          ${integer(periodEnd)}, ${writeId}
        FROM users u LEFT JOIN credit_accounts a ON a.user_id = u.id
        WHERE u.id = ${userId} AND COALESCE(a.version, 0) = ${version}
          AND NOT EXISTS (SELECT 1 FROM ${livePlan(userId, now)}) ${condition ? sql`AND ${condition}` : sql``}
        ON CONFLICT DO NOTHING`,
    sql`INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, operation)
        SELECT user_id, ${nextAt(userId, now)}, ${txn} || '-plan', ${writeId}, 'grant', amount, ${balance(userId, now)}, 'plan' FROM ${opened}`,
    sql`INSERT INTO credit_accounts (user_id, period_ends_at) SELECT ${userId}, ${integer(periodEnd)} WHERE EXISTS (SELECT 1 FROM ${opened})
        ON CONFLICT (user_id) DO UPDATE SET period_ends_at = COALESCE(period_ends_at, excluded.period_ends_at)`,
  ]
}
