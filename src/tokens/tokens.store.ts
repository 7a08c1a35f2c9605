import { type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db, refuseUnless, unlessRefused } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'

/** Sessions that a user has at most. */
const MAX_SESSIONS = 20

/** The outcome of what answers with nothing but secrets. */
const nothingElse = sql`SELECT '{}' AS outcome`

/** Ends these sessions, and tells every isolate that their access tokens are over. The last statement gives their ids. */
const endWhere = (condition: SQL, now: number): SQL[] => [
  sql`INSERT INTO revocations (subject, version, revoked_at) SELECT id, 0, CAST(${now} AS INTEGER) FROM sessions WHERE ${condition}`,
  sql`DELETE FROM sessions WHERE ${condition} RETURNING id`,
]

const insertRefreshToken = (tokenHash: string, sessionId: string, expiresAt: number): SQL =>
  sql`INSERT INTO refresh_tokens (token_hash, session_id, expires_at) VALUES (${tokenHash}, ${sessionId}, CAST(${expiresAt} AS INTEGER))`

/** What makes or renews a session: for this user at this version of the account, with this next refresh token. */
export type SessionUse = {
  sessionId: string
  userId: number
  version: number
  tokenHash: string
  now: number
  expiresAt: number
}

/**
 * Makes a session if the account is still at that version and not disabled; the oldest beyond the limit end.
 * @returns whether any ended, or undefined where nothing was made.
 */
export async function insertSession(
  db: Db,
  { sessionId, userId, version, tokenHash, now, expiresAt }: SessionUse,
  record: IdempotencyRecord,
  secret: Record<string, unknown>,
): Promise<{ endedOthers: boolean } | undefined> {
  const surplus = sql`id IN (SELECT id FROM sessions WHERE user_id = ${userId} ORDER BY created_at DESC, id LIMIT -1 OFFSET ${MAX_SESSIONS - 1})`
  const rows = await unlessRefused(
    batchRows(db, [
      refuseUnless(
        sql`EXISTS (SELECT 1 FROM users WHERE id = ${userId} AND version = ${version} AND disabled_at IS NULL)`,
      ),
      sql`DELETE FROM sessions WHERE user_id = ${userId} AND expires_at <= ${now}`,
      ...endWhere(surplus, now),
      sql`INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
          VALUES (${sessionId}, ${userId}, CAST(${now} AS INTEGER), CAST(${now} AS INTEGER), CAST(${expiresAt} AS INTEGER))`,
      insertRefreshToken(tokenHash, sessionId, expiresAt),
      ...(await record.insert(nothingElse, { secret })),
    ]),
  )
  return rows && { endedOthers: (rows[3]?.length ?? 0) > 0 }
}

/** Whose refresh token this is, used or not, while it has not expired. */
export const findRefreshToken = (db: Db, tokenHash: string, now: number) =>
  db.get<{ sessionId: string; userId: number; version: number } | undefined>(sql`
    SELECT t.session_id AS sessionId, s.user_id AS userId, u.version FROM refresh_tokens t
    JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
    WHERE t.token_hash = ${tokenHash} AND t.expires_at > ${now} AND u.disabled_at IS NULL`)

/** Puts the next refresh token in the place of `usedHash`. @returns false where that one was used before. */
export async function replaceRefreshToken(
  db: Db,
  usedHash: string,
  { sessionId, userId, version, tokenHash, now, expiresAt }: SessionUse,
  record: IdempotencyRecord,
  secret: Record<string, unknown>,
): Promise<boolean> {
  const rows = await unlessRefused(
    batchRows(db, [
      refuseUnless(sql`EXISTS (SELECT 1 FROM refresh_tokens t JOIN users u ON u.id = ${userId}
        WHERE t.token_hash = ${usedHash} AND t.used_by IS NULL AND u.version = ${version} AND u.disabled_at IS NULL)`),
      sql`UPDATE refresh_tokens SET used_by = ${tokenHash} WHERE token_hash = ${usedHash}`,
      insertRefreshToken(tokenHash, sessionId, expiresAt),
      sql`UPDATE sessions SET last_used_at = CAST(${now} AS INTEGER), expires_at = CAST(${expiresAt} AS INTEGER) WHERE id = ${sessionId}`,
      ...(await record.insert(nothingElse, { secret, about: userId })),
    ]),
  )
  return rows !== undefined
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
