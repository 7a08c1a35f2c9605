import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { batchRows, type Db, integer } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { type Account, accountSettings } from './account.store.ts'
import { balance, type Movement, nextAt, openPeriod } from './movements.store.ts'

/** A movement that could be settled or given back, and what became of it. */
export type Target = {
  kind: string
  amount: number
  /** Of a hold. */
  expiresAt: number | null
  /** Of a settled hold: `capture` or `release`. */
  settledAs: string | null
  refunded: number
} & Account

/** The movement at this place of the account's ledger, with the account, in one row. */
export const findTarget = (db: Db, { userId, at, txn }: { userId: number; at: number; txn: string }) =>
  db.get<Target | undefined>(sql`
    SELECT l.kind, -l.amount AS amount, h.expires_at AS expiresAt, s.kind AS settledAs,
      EXISTS (SELECT 1 FROM refunds r WHERE r.user_id = l.user_id AND r.at = l.at) AS refunded,
      l.user_id AS userId, ${accountSettings}
    FROM ledger l LEFT JOIN holds h ON h.user_id = l.user_id AND h.at = l.at
    LEFT JOIN ledger s ON s.user_id = l.user_id AND s.at = h.settlement
    LEFT JOIN credit_accounts a ON a.user_id = l.user_id
    WHERE l.user_id = ${userId} AND l.at = ${at} AND l.txn = ${txn}`)

export type Settlement = Movement & {
  kind: 'capture' | 'release' | 'refund'
  /** The ledger row that is settled. */
  at: number
  /** What of a hold is kept; the rest goes back. */
  captured: number
  /** Its owner settles a hold before it expires, cron after. */
  expired?: boolean
  /** The public id of what is settled. */
  id: string
}

export type Settled = { id: string; amount: number; captured: number; restored: number; balance: number }

/** The write that decides: of all that settle the same row, it succeeds once. */
function decide({ kind, userId, at, captured, expired, writeId, startedAt: now }: Settlement): SQL {
  if (kind === 'refund') {
    return sql`INSERT INTO refunds (user_id, at, write_id) VALUES (${userId}, ${integer(at)}, ${writeId}) ON CONFLICT DO NOTHING`
  }
  return sql`UPDATE holds SET settled_by = ${writeId} WHERE user_id = ${userId} AND at = ${at} AND settled_by IS NULL
    AND amount >= ${captured} AND ${expired ? sql`expires_at <= ${now}` : sql`expires_at > ${now}`}`
}

/** True in the batch whose deciding write succeeded. */
const isDecided = ({ kind, userId, at, writeId }: Settlement): SQL =>
  kind === 'refund'
    ? sql`EXISTS (SELECT 1 FROM refunds WHERE user_id = ${userId} AND at = ${at} AND write_id = ${writeId})`
    : sql`EXISTS (SELECT 1 FROM holds WHERE user_id = ${userId} AND at = ${at} AND settled_by = ${writeId})`

const takes = (ledgerRow: SQL): SQL =>
  sql`SELECT value ->> 0 AS grant_id, value ->> 1 AS credits, key AS place FROM json_each((SELECT takes FROM ledger WHERE ${ledgerRow}))`

/** The statements of one settlement: what is not captured goes back where it came from, what was taken last first. */
function settlement(s: Settlement): SQL[] {
  const { userId, at, txn, writeId, kind, captured, startedAt: now } = s
  const settled = sql`user_id = ${userId} AND at = ${at}`
  const inserted = sql`user_id = ${userId} AND at = (SELECT MAX(at) FROM ledger WHERE user_id = ${userId}) AND write_id = ${writeId} AND txn = ${txn}`
  return [
    decide(s),
    ...openPeriod(s, isDecided(s)),
    sql`INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, operation, reason, takes, settles)
        WITH taken AS (
          SELECT grant_id, SUM(credits) AS credits, MIN(place) AS place FROM (
            ${takes(settled)}
            UNION ALL
            SELECT grant_id, credits, 1e6 FROM (${takes(sql`user_id = ${userId} AND at = (SELECT settlement FROM holds WHERE ${settled})`)})
          ) GROUP BY grant_id
        ), back AS (
          SELECT grant_id, place, credits - MIN(credits, MAX(0, ${integer(captured)} - (SUM(credits) OVER (ORDER BY place) - credits))) AS credits FROM taken
        )
        SELECT user_id, ${nextAt(userId, now)}, ${txn}, ${writeId}, ${kind}, (SELECT COALESCE(SUM(credits), 0) FROM back),
          ${balance(userId, now)} + (SELECT COALESCE(SUM(b.credits), 0) FROM back b JOIN grants g ON g.id = b.grant_id
            WHERE g.expires_at > ${now} AND g.effective_from <= ${now}),
          operation, reason, (SELECT json_group_array(json_array(grant_id, -credits)) FROM back WHERE credits > 0), at
        FROM ledger WHERE ${settled} AND ${isDecided(s)}`,
    sql`UPDATE grants SET remaining = remaining + back.credits, closed = iif(expires_at > ${now}, 0, closed)
        FROM (SELECT grant_id, -SUM(credits) AS credits FROM (${takes(inserted)}) GROUP BY grant_id) AS back
        WHERE grants.id = back.grant_id`,
    ...(kind === 'refund'
      ? []
      : [
          sql`UPDATE holds SET settlement = (SELECT MAX(at) FROM ledger WHERE user_id = ${userId}) WHERE ${settled} AND settled_by = ${writeId}`,
        ]),
  ]
}

/** Its outcome, found by its txn by later tries too. */
const outcomeOf = ({ id, userId, txn, captured, startedAt: now }: Settlement): SQL => sql`
  SELECT json_object('id', ${id}, 'amount', amount, 'captured', ${integer(captured)}, 'balance', balance_after,
    'restored', (SELECT COALESCE(-SUM(value ->> 1), 0) FROM json_each(takes) JOIN grants ON grants.id = value ->> 0
      WHERE expires_at > ${now} AND effective_from <= ${now})) AS outcome
  FROM ledger WHERE user_id = ${userId} AND at >= ${now * 1000} AND txn = ${txn}`

/** Settles in one batch. @returns undefined where somebody else was first. Repeating it with the same `txn` settles once. */
export async function insertSettlement(
  db: Db,
  s: Settlement,
  record: IdempotencyRecord,
  also: SQLWrapper[] = [],
): Promise<Settled | undefined> {
  const outcome = outcomeOf(s)
  const rows = await batchRows(db, [
    ...settlement(s),
    ...also,
    ...(await record.insert(outcome, { about: s.userId })),
    outcome,
  ])
  const json = rows.at(-1)?.[0]?.outcome
  return json === undefined ? undefined : JSON.parse(json as string)
}

/** Settles many in one batch. @returns how many were settled by it. */
export async function insertSettlements(db: Db, settlements: Settlement[]): Promise<number> {
  const ids = JSON.stringify(settlements.map(({ writeId }) => writeId))
  const users = JSON.stringify(settlements.map(({ userId }) => userId))
  const rows = await batchRows(db, [
    ...settlements.flatMap(settlement),
    sql`SELECT COUNT(*) AS settled FROM holds WHERE user_id IN (SELECT value FROM json_each(${users}))
        AND settled_by IN (SELECT value FROM json_each(${ids}))`,
  ])
  return rows.at(-1)?.[0]?.settled as number
}

export type ExpiredHold = Account & { at: number; txn: string }

/** Holds that nobody settled in time, oldest first. */
export const listExpiredHolds = (db: Db, now: number, limit: number, userId?: number): Promise<ExpiredHold[]> =>
  db.all<ExpiredHold>(sql`
    SELECT h.user_id AS userId, h.at, l.txn, ${accountSettings}
    FROM holds h JOIN ledger l ON l.user_id = h.user_id AND l.at = h.at LEFT JOIN credit_accounts a ON a.user_id = h.user_id
    WHERE h.settled_by IS NULL AND h.expires_at <= ${now} ${userId === undefined ? sql`` : sql`AND h.user_id = ${userId}`}
    ORDER BY h.expires_at LIMIT ${limit}`)
