import { type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'

export type Row = Record<string, unknown>

/** What is exported of each table that refers to a user; rows are ordered by the first column. Hashes are left out. */
const COLUMNS = {
  stats: 'stat, value',
  sessions: 'created_at AS createdAt, id, last_used_at AS lastUsedAt, expires_at AS expiresAt',
  password_resets: 'expires_at AS expiresAt',
  api_keys: `created_at AS createdAt, id, name, prefix, last_four AS lastFour, scopes, expires_at AS expiresAt,
    last_used_at AS lastUsedAt`,
  credit_accounts: 'allowance, anchor_day AS anchorDay, time_zone AS timeZone, low_at AS lowAt',
  grants: 'id, source, amount, remaining, effective_from AS effectiveAt, expires_at AS expiresAt',
  holds: `at / 1000 AS createdAt, amount, expires_at AS expiresAt, json(iif(settled_by IS NULL, 'false', 'true')) AS settled`,
  refunds: 'at / 1000 AS createdAt',
  deliveries: 'created_at AS createdAt, event, status, payload',
}

/** The user's row, and the rows of each table that refers to it. The ledger is read by itself, because it may be long. */
export async function findRowsOf(db: Db, id: number): Promise<{ user: Row | undefined; lists: Record<string, Row[]> }> {
  const select = ([table, columns]: [string, string]): SQL =>
    sql`SELECT ${sql.raw(columns)} FROM ${sql.raw(table)} WHERE user_id = ${id} ORDER BY 1`
  const [users, answers, ...rows] = await batchRows(db, [
    sql`SELECT id, username, email, created_at AS createdAt, disabled_at AS disabledAt, twitch_id AS twitchId, origin
        FROM users WHERE id = ${id}`,
    sql`SELECT outcome, expires_at AS expiresAt FROM idempotency_records WHERE caller = ${`user:${id}`} OR about = ${id}`,
    ...Object.entries(COLUMNS).map(select),
  ])
  const lists = Object.fromEntries(Object.keys(COLUMNS).map((table, i) => [table, rows[i] ?? []]))
  return { user: users?.[0], lists: { ...lists, idempotency_records: answers ?? [] } }
}

/** Movements after the one at `after`, oldest first. */
export const listLedgerOf = (db: Db, id: number, after: number, limit: number): Promise<(Row & { at: number })[]> =>
  db.all(sql`
    SELECT at, at / 1000 AS createdAt, kind, amount, balance_after AS balanceAfter, operation, reason
    FROM ledger WHERE user_id = ${id} AND at > ${after} ORDER BY at LIMIT ${limit}`)
