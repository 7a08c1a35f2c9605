import { sql } from 'drizzle-orm'
import { noteEvents } from '../alerts/outbox.ts'
import { batchRows, type Db, integer } from '../db/client.ts'
import type { Account } from './account.store.ts'
import { balance, livePlan, nextAt } from './movements.store.ts'
import type { Period } from './period.ts'

/** Accounts whose period is over, the longest over first. */
export const listDueAccounts = (db: Db, now: number, limit: number): Promise<Account[]> =>
  db.all<Account>(sql`
    SELECT user_id AS userId, version, anchor_day AS anchorDay, time_zone AS timeZone FROM credit_accounts
    WHERE period_ends_at <= ${now} ORDER BY period_ends_at LIMIT ${limit}`)

export type DueAccount = Account & { period: Period }

/**
 * Rolls a page of accounts over in one batch: opens the new grant for those that spent in the last period, announces
 * once who has one now, and sets the end of the next. Two crons at once, or a late one, find nothing left to do.
 * @returns how many have a new period.
 */
export async function rollOverAccounts(
  db: Db,
  page: DueAccount[],
  { now, writeId, defaultAllowance }: { now: number; writeId: string; defaultAllowance: number },
): Promise<number> {
  const accounts = JSON.stringify(
    page.map(({ userId, version, period }) => [userId, version, period.start, period.end]),
  )
  const due = sql`(SELECT a.user_id, a.allowance, a.period_ends_at, j.value ->> 2 AS starts, j.value ->> 3 AS ends
    FROM json_each(${accounts}) j JOIN credit_accounts a ON a.user_id = j.value ->> 0 AND a.version = j.value ->> 1 AND a.period_ends_at <= ${now})`
  const allowance = sql`COALESCE(t.allowance, ${integer(defaultAllowance)})`
  const announced = sql`${due} t JOIN users u ON u.id = t.user_id
    JOIN grants p ON p.id = (SELECT id FROM ${livePlan(sql`t.user_id`, now)})`
  const results = await batchRows(db, [
    sql`INSERT INTO grants (user_id, source, source_key, amount, remaining, period_start, effective_from, expires_at, write_id)
        SELECT t.user_id, 'plan', CAST(t.ends AS TEXT), ${allowance}, ${allowance}, t.starts, MAX(t.starts, t.period_ends_at), t.ends, ${writeId}
        FROM ${due} t
        WHERE NOT EXISTS (SELECT 1 FROM ${livePlan(sql`t.user_id`, now)})
          AND EXISTS (SELECT 1 FROM ledger l WHERE l.user_id = t.user_id AND l.kind IN ('spend', 'hold') AND l.at >= 1000 * (
            SELECT g.effective_from FROM grants g WHERE g.user_id = t.user_id AND g.source = 'plan' AND g.source_key = CAST(t.period_ends_at AS TEXT)))
        ON CONFLICT DO NOTHING`,
    sql`INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, operation)
        SELECT g.user_id, ${nextAt(sql`g.user_id`, now)}, ${`${writeId}-plan`}, ${writeId}, 'grant', g.amount,
          ${balance(sql`g.user_id`, now)}, 'plan'
        FROM ${due} t JOIN grants g ON g.user_id = t.user_id AND g.source = 'plan' AND g.source_key = CAST(t.ends AS TEXT) AND g.write_id = ${writeId}`,
    sql`SELECT COUNT(*) AS accounts FROM ${announced}`,
    noteEvents({
      event: 'credits.reset',
      eventId: `evt_${writeId}r`,
      source: sql`SELECT NULL AS user_id, ${`credits.reset:${writeId}`} AS once_key, json_object('accounts', json_group_array(json_object(
          'username', u.username, 'allowance', p.amount, 'resetsAt', strftime('%Y-%m-%dT%H:%M:%fZ', p.expires_at / 1000.0, 'unixepoch'),
          'balance', ${balance(sql`u.id`, now)}))) AS data
        FROM ${announced} HAVING COUNT(*) > 0`,
      now,
      priority: 1,
    }),
    // An account that did not spend gets its grant when it is next used; idle accounts cost no rows.
    sql`UPDATE credit_accounts SET period_ends_at = (SELECT expires_at FROM ${livePlan(sql`credit_accounts.user_id`, now)})
        WHERE user_id IN (SELECT user_id FROM ${due})`,
  ])
  return results[2]?.[0]?.accounts as number
}
