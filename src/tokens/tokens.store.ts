import { type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'
import { batchOnce, type EarlierRecord, type IdempotencyRecord } from '../db/idempotency-record.ts'

/** Sessions of a user; one more ends the oldest. */
export const MAX_SESSIONS = 20

/** Deletes these sessions and revokes their access tokens. The last statement returns their ids. */
const endWhere = (condition: SQL, now: number): SQL[] => [
  sql`INSERT INTO revocations (subject, version, revoked_at) SELECT id, 0, CAST(${now} AS INTEGER) FROM sessions WHERE ${condition}`,
  sql`DELETE FROM sessions WHERE ${condition} RETURNING id`,
]

/** A new session: the version of the account that it is valid for, and its first refresh token. */
export type NewSession = {
  sessionId: string
  userId: number
  version: number
  /** The name that the password was verified for, if it may be another's by now. */
  username: string | undefined
  tokenHash: string
  now: number
  expiresAt: number
}

/**
 * Starts a session if the account is still at that version, has that name and is not disabled. Past MAX_SESSIONS the oldest end.
 * @returns whether it was started, and whether it ended others.
 */
export async function insertSession(
  db: Db,
  { sessionId, userId, version, username, tokenHash, now, expiresAt }: NewSession,
  record: IdempotencyRecord,
  secret: Record<string, unknown>,
): Promise<{ earlier: EarlierRecord | undefined; started: boolean; endedOthers: boolean }> {
  const isStarted = sql`EXISTS (SELECT 1 FROM sessions WHERE id = ${sessionId})`
  const surplus = sql`id IN (SELECT id FROM sessions WHERE user_id = ${userId} AND id <> ${sessionId}
    ORDER BY created_at DESC, id LIMIT -1 OFFSET ${MAX_SESSIONS - 1}) AND ${isStarted}`
  const isNamed = username === undefined ? sql`1` : sql`username = ${username} COLLATE NOCASE`
  const { earlier, rows } = await batchOnce(db, record, [
    sql`INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
        SELECT ${sessionId}, id, CAST(${now} AS INTEGER), CAST(${now} AS INTEGER), CAST(${expiresAt} AS INTEGER)
        FROM users WHERE id = ${userId} AND version = ${version} AND disabled_at IS NULL AND ${isNamed} AND ${record.isAbsent} RETURNING id`,
    sql`DELETE FROM sessions WHERE user_id = ${userId} AND expires_at <= ${now}`,
    ...endWhere(surplus, now),
    sql`INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
        SELECT ${tokenHash}, id, expires_at FROM sessions WHERE id = ${sessionId}`,
    // The response is nothing but secrets, so its outcome is empty.
    ...(await record.insert(sql`SELECT '{}' AS outcome FROM sessions WHERE id = ${sessionId}`, { secret })),
  ])
  const [started, , , ended] = rows
  return { earlier, started: started?.length === 1, endedOthers: ended?.length !== 0 }
}

/** The caller of a refresh's idempotency record: the session of the refresh token. */
export const sessionOf = (tokenHash: string): SQL =>
  sql`(SELECT 'session:' || session_id FROM refresh_tokens WHERE token_hash = ${tokenHash})`

/** A session that was refreshed, and the version of its account. `issuedAt` in milliseconds. */
export type Refreshed = { userId: number; version: number; sessionId: string; issuedAt: number }

/** What became of a refresh: `found` is undefined for an unknown or expired token, and for one of a disabled user. */
export type RefreshResult = {
  earlier: EarlierRecord | undefined
  found: Pick<Refreshed, 'userId' | 'sessionId'> | undefined
  refreshed: Refreshed | undefined
}

/** Replaces the refresh token `usedHash`, if it was not used before, with the next one. */
export async function replaceRefreshToken(
  db: Db,
  usedHash: string,
  { tokenHash, now, expiresAt }: { tokenHash: string; now: number; expiresAt: number },
  record: IdempotencyRecord,
  secret: Record<string, unknown>,
): Promise<RefreshResult> {
  const isReplaced = sql`t.token_hash = ${usedHash} AND t.used_by = ${tokenHash}`
  const joined = sql`refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id`
  const isValid = sql`t.token_hash = ${usedHash} AND t.expires_at > ${now} AND u.disabled_at IS NULL`
  const outcome = sql`SELECT json_object('userId', u.id, 'version', u.version, 'sessionId', s.id, 'issuedAt', CAST(${now} AS INTEGER)) AS outcome
    FROM ${joined} WHERE ${isReplaced}`
  const { earlier, rows } = await batchOnce(db, record, [
    sql`SELECT s.id AS sessionId, u.id AS userId FROM ${joined} WHERE ${isValid}`,
    sql`UPDATE refresh_tokens SET used_by = ${tokenHash}
        WHERE token_hash = ${usedHash} AND used_by IS NULL AND EXISTS (SELECT 1 FROM ${joined} WHERE ${isValid}) AND ${record.isAbsent}`,
    sql`INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
        SELECT ${tokenHash}, t.session_id, CAST(${expiresAt} AS INTEGER) FROM refresh_tokens t WHERE ${isReplaced}`,
    sql`UPDATE sessions SET last_used_at = CAST(${now} AS INTEGER), expires_at = CAST(${expiresAt} AS INTEGER)
        WHERE id IN (SELECT t.session_id FROM refresh_tokens t WHERE ${isReplaced})`,
    outcome,
    ...(await record.insert(outcome, {
      secret,
      about: sql`(SELECT user_id FROM sessions WHERE id = outcome ->> 'sessionId')`,
    })),
  ])
  const [found, , , , made] = rows
  const text = made?.[0]?.outcome as string | undefined
  return {
    earlier,
    found: found?.[0] as RefreshResult['found'],
    refreshed: text === undefined ? undefined : JSON.parse(text),
  }
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
