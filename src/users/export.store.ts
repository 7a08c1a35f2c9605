import { type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'

const rows = (columns: string, table: string, id: number, order: string): SQL =>
  sql`SELECT ${sql.raw(columns)} FROM ${sql.raw(table)} WHERE user_id = ${id} ORDER BY ${sql.raw(order)}`

/** Everything that refers to a user, but for hashes: they are of no use to the person, and of use to a thief. */
export async function findEverythingOf(db: Db, id: number): Promise<Record<string, Record<string, unknown>[]>> {
  const tables = {
    account: sql`SELECT id, username, COALESCE(email, '') AS email, created_at AS createdAt, disabled_at AS disabledAt,
      COALESCE(twitch_id, '') AS twitchId, COALESCE(origin, '') AS origin FROM users WHERE id = ${id}`,
    stats: rows('stat, value', 'stats', id, 'stat'),
    sessions: rows(
      'id, created_at AS createdAt, last_used_at AS lastUsedAt, expires_at AS expiresAt',
      'sessions',
      id,
      'created_at',
    ),
    passwordResets: rows('expires_at AS expiresAt', 'password_resets', id, 'expires_at'),
    keys: rows(
      'id, name, prefix, last_four AS lastFour, scopes, created_at AS createdAt, expires_at AS expiresAt, last_used_at AS lastUsedAt',
      'api_keys',
      id,
      'created_at',
    ),
    creditAccount: rows(
      'allowance, anchor_day AS anchorDay, time_zone AS timeZone, low_at AS lowAt, turns_at AS turnsAt',
      'credit_accounts',
      id,
      'user_id',
    ),
    grants: rows(
      'id, source, amount, remaining, effective_from AS effectiveFrom, expires_at AS expiresAt',
      'grants',
      id,
      'id',
    ),
    ledger: rows('at, kind, amount, balance_after AS balanceAfter, operation, reason', 'ledger', id, 'at'),
    holds: rows('at, amount, expires_at AS expiresAt, settled_by IS NOT NULL AS settled', 'holds', id, 'at'),
    refunds: rows('at', 'refunds', id, 'at'),
    alerts: rows('event, payload, status, created_at AS createdAt', 'deliveries', id, 'id'),
    keptAnswers: sql`SELECT outcome, expires_at AS expiresAt FROM kept_answers WHERE caller = ${`user:${id}`}`,
  }
  const found = await batchRows(db, Object.values(tables))
  return Object.fromEntries(Object.keys(tables).map((name, i) => [name, found[i] ?? []]))
}
