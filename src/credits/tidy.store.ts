import { sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'

/** The next accounts by number, after `after`. */
export async function listAccountsAfter(db: Db, after: number, limit: number): Promise<number[]> {
  const rows = await db.all<{ userId: number }>(
    sql`SELECT user_id AS userId FROM credit_accounts WHERE user_id > ${after} ORDER BY user_id LIMIT ${limit}`,
  )
  return rows.map(({ userId }) => userId)
}

export type TidyPage = {
  users: number[]
  /** Movements before it are folded into one row; milliseconds. */
  keepFrom: number
  /** Accounts that moved since are checked; milliseconds. */
  checkFrom: number
}

/** @returns the accounts whose ledger and grants do not add up, which a bug alone can cause. */
export async function tidyAccounts(db: Db, { users, keepFrom, checkFrom }: TidyPage): Promise<number[]> {
  const page = sql`(SELECT value FROM json_each(${JSON.stringify(users)}))`
  // Never past an open hold: it can still be captured or released, and then its row and its grants are needed.
  const foldBefore = (alias: 'ledger' | 'o' | 'g' | 'grants' | 'holds' | 'refunds') =>
    sql`MIN(${keepFrom * 1000}, COALESCE((SELECT MIN(open.at) FROM holds open WHERE open.user_id = ${sql.raw(alias)}.user_id AND open.settled_by IS NULL), ${keepFrom * 1000}))`
  const isOld = (alias: 'ledger' | 'o' | 'holds' | 'refunds') => sql`${sql.raw(alias)}.at < ${foldBefore(alias)}`
  // Whatever a kept movement took came from a grant that was live then, so no kept movement names these plan grants.
  const isGoing = (alias: 'g' | 'grants') =>
    sql`${sql.raw(alias)}.source = 'plan' AND ${sql.raw(alias)}.expires_at * 1000 < ${foldBefore(alias)}`
  const results = await batchRows(db, [
    sql`UPDATE grants SET closed = 1 WHERE closed = 0 AND user_id IN ${page}
        AND (expires_at <= ${checkFrom} OR (remaining = 0 AND source <> 'plan'))`,
    // The newest of the old rows becomes the carried-forward one: all that the others moved, less what went with old grants.
    sql`UPDATE ledger SET kind = 'adjustment', operation = 'carried-forward', reason = '', txn = 'carried', settles = NULL,
          amount = (SELECT SUM(amount) FROM ledger o WHERE o.user_id = ledger.user_id AND ${isOld('o')})
            - COALESCE((SELECT SUM(remaining) FROM grants g WHERE g.user_id = ledger.user_id AND ${isGoing('g')}), 0),
          takes = (SELECT json_group_array(json_array(grant_id, credits)) FROM (
            SELECT j.value ->> 0 AS grant_id, SUM(j.value ->> 1) AS credits FROM ledger o, json_each(o.takes) j
            WHERE o.user_id = ledger.user_id AND ${isOld('o')} AND EXISTS (SELECT 1 FROM grants g WHERE g.id = j.value ->> 0 AND NOT (${isGoing('g')}))
            GROUP BY 1 HAVING SUM(j.value ->> 1) <> 0))
        WHERE user_id IN ${page} AND at = (SELECT MAX(at) FROM ledger o WHERE o.user_id = ledger.user_id AND ${isOld('o')})
          AND (operation <> 'carried-forward'
            OR EXISTS (SELECT 1 FROM ledger o WHERE o.user_id = ledger.user_id AND o.at < ledger.at)
            OR EXISTS (SELECT 1 FROM grants g WHERE g.user_id = ledger.user_id AND ${isGoing('g')}))`,
    sql`DELETE FROM grants WHERE user_id IN ${page} AND ${isGoing('grants')}
        AND EXISTS (SELECT 1 FROM ledger o WHERE o.user_id = grants.user_id AND ${isOld('o')} AND o.operation = 'carried-forward')`,
    sql`DELETE FROM ledger WHERE user_id IN ${page} AND ${isOld('ledger')} AND operation <> 'carried-forward'`,
    sql`DELETE FROM ledger WHERE user_id IN ${page} AND ${isOld('ledger')} AND at < (SELECT MAX(at) FROM ledger o WHERE o.user_id = ledger.user_id AND ${isOld('o')})`,
    sql`DELETE FROM holds WHERE user_id IN ${page} AND ${isOld('holds')} AND settled_by IS NOT NULL`,
    sql`DELETE FROM refunds WHERE user_id IN ${page} AND ${isOld('refunds')}`,
    sql`SELECT value AS userId FROM json_each(${JSON.stringify(users)})
        WHERE EXISTS (SELECT 1 FROM ledger WHERE user_id = value AND at >= ${checkFrom * 1000})
          AND (SELECT COALESCE(SUM(amount), 0) FROM ledger WHERE user_id = value) <> (SELECT COALESCE(SUM(remaining), 0) FROM grants WHERE user_id = value)`,
  ])
  return (results.at(-1) ?? []).map(({ userId }) => userId as number)
}
