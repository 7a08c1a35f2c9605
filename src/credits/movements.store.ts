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

/** `transactionId`, of a row of the ledger. */
export const transactionIdSql: SQL = sql`'txn_' || user_id || '_' || at || '_' || txn`

/** The grants that count now. Closed ones are empty or over, and out of the index that this uses. */
export const liveGrants = (userId: Bound | SQL, now: Bound | SQL): SQL =>
  sql`grants live_g WHERE live_g.user_id = ${userId} AND live_g.closed = 0 AND live_g.expires_at > ${now} AND live_g.effective_from <= ${now}`

/** An account's plan grant, of those. */
export const livePlan = (userId: Bound | SQL, now: Bound | SQL): SQL =>
  sql`${liveGrants(userId, now)} AND source = 'plan'`

export const balance = (userId: Bound | SQL, now: Bound | SQL): SQL =>
  sql`(SELECT COALESCE(SUM(remaining), 0) FROM ${liveGrants(userId, now)})`

/** The ledger counts in microseconds. */
export const microseconds = (milliseconds: Bound | SQL): SQL => sql`(${integer(milliseconds)} * 1000)`

/** When a movement happened, after every other of the account. */
export const nextAt = (userId: Bound | SQL, now: Bound | SQL): SQL =>
  sql`MAX(${microseconds(now)}, COALESCE((SELECT MAX(at) + 1 FROM ledger WHERE user_id = ${userId}), 0))`

/**
 * Opens billing periods: the plan grant of each account that has no live one. Comes before what moves credits. `items` defines
 * the table `items` with the columns of `Movement`, and `now`; only those of them count for which `condition`, about `i`, is true.
 */
export function openPeriods(items: SQL, condition: SQL): SQL[] {
  const allowance = sql`COALESCE(a.allowance, i.default_allowance)`
  const opened = sql`items i JOIN grants g ON g.user_id = i.user_id AND g.source = 'plan'
    AND g.source_key = CAST(i.period_end AS TEXT) AND g.write_id = i.write_id`
  return [
    sql`WITH ${items}
        INSERT INTO grants (user_id, source, source_key, amount, remaining, period_start, effective_from, expires_at, write_id)
        SELECT u.id, 'plan', CAST(i.period_end AS TEXT), ${allowance}, ${allowance}, i.period_start,
          MAX(i.period_start, COALESCE((SELECT MAX(expires_at) FROM grants WHERE user_id = u.id AND source = 'plan' AND expires_at <= i.now), 0)),
          i.period_end, i.write_id
        FROM items i JOIN users u ON u.id = i.user_id LEFT JOIN credit_accounts a ON a.user_id = u.id
        WHERE COALESCE(a.version, 0) = i.version AND NOT EXISTS (SELECT 1 FROM ${livePlan(sql`u.id`, sql`i.now`)}) AND ${condition}
        ON CONFLICT DO NOTHING`,
    sql`WITH ${items}
        INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, operation)
        SELECT g.user_id, ${nextAt(sql`g.user_id`, sql`i.now`)}, i.txn || '-plan', i.write_id, 'grant', g.amount, ${balance(sql`g.user_id`, sql`i.now`)}, 'plan'
        FROM ${opened}`,
    sql`WITH ${items}
        INSERT INTO credit_accounts (user_id, period_ends_at) SELECT i.user_id, i.period_end FROM ${opened} WHERE true
        ON CONFLICT (user_id) DO UPDATE SET period_ends_at = COALESCE(period_ends_at, excluded.period_ends_at)`,
  ]
}

/** `openPeriods` for one movement. */
export function openPeriod(movement: Movement, condition: SQL = sql`TRUE`): SQL[] {
  const { userId, version, periodStart, periodEnd, defaultAllowance, txn, writeId, startedAt } = movement
  return openPeriods(
    sql`items AS (SELECT ${integer(userId)} AS user_id, ${version} AS version, ${integer(periodStart)} AS period_start,
      ${integer(periodEnd)} AS period_end, ${integer(defaultAllowance)} AS default_allowance, ${txn} AS txn, ${writeId} AS write_id,
      ${integer(startedAt)} AS now)`,
    condition,
  )
}
