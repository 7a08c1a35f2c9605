import { type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'

/** Sessions of a user; one more ends the oldest. */
export const MAX_SESSIONS = 20

/** Deletes these sessions and revokes their access tokens. The last statement returns their ids. */
const endWhere = (condition: SQL, now: number): SQL[] => [
  sql`INSERT INTO revocations (subject, version, revoked_at) SELECT id, 0, CAST(${now} AS INTEGER) FROM sessions WHERE ${condition}`,
  sql`DELETE FROM sessions WHERE ${condition} RETURNING id`,
]

/** A log-in or a refresh: the session, the version of the account that it is valid for, and the next refresh token. */
export type SessionUse = {
  sessionId: string
  userId: number
  version: number
  tokenHash: string
  now: number
  expiresAt: number
}

/**
 * Starts a session if the account is still at that version and not disabled. Past MAX_SESSIONS the oldest end.
 * @returns whether any ended; undefined if nothing was written.
 */
export async function insertSession(
  db: Db,
  { sessionId, userId, version, tokenHash, now, expiresAt }: SessionUse,
  record: IdempotencyRecord,
  secret: Record<string, unknown>,
): Promise<{ endedOthers: boolean } | undefined> {
  const isStarted = sql`EXISTS (SELECT 1 FROM sessions WHERE id = ${sessionId})`
  const surplus = sql`id IN (SELECT id FROM sessions WHERE user_id = ${userId} AND id <> ${sessionId}
    ORDER BY created_at DESC, id LIMIT -1 OFFSET ${MAX_SESSIONS - 1}) AND ${isStarted}`
  const [started, , , ended] = await batchRows(db, [
    sql`INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
        SELECT ${sessionId}, id, CAST(${now} AS INTEGER), CAST(${now} AS INTEGER), CAST(${expiresAt} AS INTEGER)
        FROM users WHERE id = ${userId} AND version = ${version} AND disabled_at IS NULL RETURNING id`,
    sql`DELETE FROM sessions WHERE user_id = ${userId} AND expires_at <= ${now}`,
    ...endWhere(surplus, now),
    sql`INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
        SELECT ${tokenHash}, id, expires_at FROM sessions WHERE id = ${sessionId}`,
    // The response is nothing but secrets, so its outcome is empty.
    ...(await record.insert(sql`SELECT '{}' AS outcome FROM sessions WHERE id = ${sessionId}`, { secret })),
  ])
  return started?.length === 1 ? { endedOthers: ended?.length !== 0 } : undefined
}

/** Whose refresh token this is, used or not, until it expires. */
export const findRefreshToken = (db: Db, tokenHash: string, now: number) =>
  db.get<{ sessionId: string; userId: number; version: number } | undefined>(sql`
    SELECT t.session_id AS sessionId, s.user_id AS userId, u.version FROM refresh_tokens t
    JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
    WHERE t.token_hash = ${tokenHash} AND t.expires_at > ${now} AND u.disabled_at IS NULL`)

/** Replaces the refresh token `usedHash` with the next one. @returns false if it was used before. */
export async function replaceRefreshToken(
  db: Db,
  usedHash: string,
  { sessionId, userId, version, tokenHash, now, expiresAt }: SessionUse,
  record: IdempotencyRecord,
  secret: Record<string, unknown>,
): Promise<boolean> {
  const isReplaced = sql`token_hash = ${usedHash} AND used_by = ${tokenHash}`
  const [replaced] = await batchRows(db, [
    sql`UPDATE refresh_tokens SET used_by = ${tokenHash} WHERE token_hash = ${usedHash} AND used_by IS NULL
        AND EXISTS (SELECT 1 FROM users WHERE id = ${userId} AND version = ${version} AND disabled_at IS NULL) RETURNING session_id`,
    sql`INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
        SELECT ${tokenHash}, session_id, CAST(${expiresAt} AS INTEGER) FROM refresh_tokens WHERE ${isReplaced}`,
    sql`UPDATE sessions SET last_used_at = CAST(${now} AS INTEGER), expires_at = CAST(${expiresAt} AS INTEGER)
        WHERE id = ${sessionId} AND EXISTS (SELECT 1 FROM refresh_tokens WHERE ${isReplaced})`,
    ...(await record.insert(sql`SELECT '{}' AS outcome FROM refresh_tokens WHERE ${isReplaced}`, {
      secret,
      about: userId,
    })),
  ])
  return replaced?.length === 1
}

export type SessionRow = { id: string; createdAt: number; lastUsedAt: number; expiresAt: number }

/** The sessions of a user that have not expired, newest first. */
export const listSessions = (db: Db, userId: number, now: number): Promise<SessionRow[]> =>
  db.all<SessionRow>(sql`
    SELECT id, created_at AS createdAt, last_used_at AS lastUsedAt, expires_at AS expiresAt FROM sessions
    WHERE user_id = ${userId} AND expires_at > ${now} ORDER BY created_at DESC, id`)

/** Ends one session of this user, or all of them. @returns how many it ended. */
export async function deleteSessions(db: Db, userId: number, now: number, sessionId?: string): Promise<number> {
  const one = sessionId === undefined ? sql`` : sql`AND id = ${sessionId}`
  const rows = await batchRows(db, endWhere(sql`user_id = ${userId} ${one}`, now))
  return rows[1]?.length ?? 0
}
