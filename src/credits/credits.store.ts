import { type SQL, sql } from 'drizzle-orm'
import { type Authority, type Checked, isAuthorized, isByKey, noteKeyUse, stoppedAt } from '../authority/authority.ts'
import { batchRows, type Db } from '../db/client.ts'
import { liveGrants, transactionIdSql } from './movements.store.ts'

export type Statement = {
  userId: number
  version: number
  allowance: number | null
  anchorDay: number
  timeZone: string
  lowAt: number | null
  grants: {
    id: number
    source: string
    remaining: number
    amount: number
    expiresAt: number
    periodStart: number | null
  }[]
}

/** An account's settings and live grants as one JSON text: what is shown, and what a change of them leaves. */
export const statementOf = (userId: number, now: number): SQL => sql`
  SELECT json_object('userId', u.id, 'version', COALESCE(a.version, 0), 'allowance', a.allowance, 'anchorDay', COALESCE(a.anchor_day, 1), 'timeZone', COALESCE(a.time_zone, 'UTC'), 'lowAt', a.low_at,
    'grants', (SELECT json_group_array(json_object('id', id, 'source', source, 'remaining', remaining, 'amount', amount,
        'expiresAt', expires_at, 'periodStart', period_start))
      FROM (SELECT * FROM ${liveGrants(userId, now)} AND (remaining > 0 OR source = 'plan') ORDER BY expires_at, id))) AS outcome
  FROM users u LEFT JOIN credit_accounts a ON a.user_id = u.id WHERE u.id = ${userId}`

/** The statement, and whether `authority` may read it: in one round trip. */
export async function findStatement(
  db: Db,
  userId: number,
  now: number,
  authority: Authority,
): Promise<{ statement: Statement | undefined; checked: Checked }> {
  const item = sql`SELECT ${JSON.stringify({ authority, now })} AS item`
  const [checks, statements] = await batchRows(db, [
    sql`SELECT ${isAuthorized(sql`item`)} AS authorized, ${stoppedAt(sql`item`)} AS stoppedAt FROM (${item})`,
    statementOf(userId, now),
    ...(isByKey({ authority }) ? [noteKeyUse(item)] : []),
  ])
  const outcome = statements?.[0]?.outcome
  return { statement: outcome && JSON.parse(outcome as string), checked: checks?.[0] as Checked }
}

export type Entry = {
  at: number
  id: string
  kind: string
  amount: number
  balanceAfter: number
  operation: string
  reason: string
}

/** Movements before `before`, newest first. */
export const listEntries = (db: Db, userId: number, before: number | undefined, limit: number): Promise<Entry[]> =>
  db.all<Entry>(sql`
    SELECT at, ${transactionIdSql} AS id, kind, amount, balance_after AS balanceAfter, operation, reason
    FROM ledger WHERE user_id = ${userId} ${before === undefined ? sql`` : sql`AND at < ${before}`} ORDER BY at DESC LIMIT ${limit}`)

export type Usage = { day: string; operation: string; calls: number; credits: number }

/** Calls and credits of each UTC day and operation since `since`; what was given back is taken off the day on which it was spent. */
export const listUsage = (db: Db, userId: number, since: number): Promise<Usage[]> =>
  db.all<Usage>(sql`
    SELECT strftime('%Y-%m-%d', COALESCE(settles, at) / 1000000, 'unixepoch') AS day, operation,
      SUM(CASE kind WHEN 'spend' THEN 1 WHEN 'capture' THEN 1 WHEN 'refund' THEN -1 ELSE 0 END) AS calls, -SUM(amount) AS credits
    FROM ledger WHERE user_id = ${userId} AND at >= ${since * 1000} AND COALESCE(settles, at) >= ${since * 1000}
      AND kind IN ('spend', 'hold', 'capture', 'release', 'refund')
    GROUP BY 1, 2 HAVING calls <> 0 OR SUM(amount) <> 0 ORDER BY 1 DESC, 2`)
