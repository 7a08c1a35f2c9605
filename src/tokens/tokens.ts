/** Access tokens, and sessions that refresh them. */
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError } from '../errors.ts'
import { sha256, toBase64Url } from '../lib/bytes.ts'
import { DAY, isoTime } from '../lib/time.ts'
import { ACCESS_TOKEN_SECONDS, accessTokenEnd, signAccessToken } from './access-token.ts'
import { deleteSessions, findRefreshToken, insertSession, listSessions, replaceRefreshToken } from './tokens.store.ts'

/** A session ends this long after its last refresh. A game that is played every month never asks for the password again. */
export const SESSION_DAYS = 30

/** An account, and its version when the credentials were verified. */
export type VerifiedAccount = { userId: number; version: number }

type Signing = Pick<Deps, 'config' | 'now'>

/** An access token, of this session or of none. Writes nothing. */
export async function issueToken(
  { config, now }: Signing,
  { userId, version }: VerifiedAccount,
  sessionId?: string,
): Promise<{ token: string; tokenType: 'Bearer'; duration: typeof ACCESS_TOKEN_SECONDS; expiresAt: string }> {
  const at = now().getTime()
  const token = await signAccessToken(config.tokenSecrets, { userId, version, sessionId }, at)
  return { token, tokenType: 'Bearer', duration: ACCESS_TOKEN_SECONDS, expiresAt: isoTime(accessTokenEnd(at)) }
}

/** The next tokens of a session, and what has to be written for them. */
async function makePair(deps: Pick<Deps, 'config' | 'now' | 'random'>, account: VerifiedAccount, sessionId: string) {
  const refreshToken = `rt_${toBase64Url(deps.random(32))}`
  const pair = { ...(await issueToken(deps, account, sessionId)), refreshToken }
  const now = deps.now().getTime()
  const tokenHash = await sha256(refreshToken)
  return { pair, use: { ...account, sessionId, tokenHash, now, expiresAt: now + SESSION_DAYS * DAY } }
}

/**
 * Starts a session. Past MAX_SESSIONS of a user the oldest ends.
 * @throws AppError invalid_credentials if the password was changed after it was verified.
 */
export async function startSession(deps: Deps, { userId, version }: VerifiedAccount, record: IdempotencyRecord) {
  const { pair, use } = await makePair(deps, { userId, version }, newId(deps, 'ses'))
  const made = await insertSession(deps.db, use, record, pair)
  if (!made) throw new AppError('invalid_credentials', 'The password was changed at the same moment.')
  if (made.endedOthers) deps.isolate.sharedState = undefined
  return pair
}

/** A refresh token that a caller sent, used or not, and its session. */
export type PresentedRefresh = { tokenHash: string; sessionId: string } & VerifiedAccount

/** @throws AppError unauthenticated for a token that was never issued or has expired, or whose session has ended. */
export async function recogniseRefresh(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  refreshToken: string,
): Promise<PresentedRefresh> {
  const tokenHash = await sha256(refreshToken)
  const found = await findRefreshToken(db, tokenHash, now().getTime())
  if (!found)
    throw new AppError('unauthenticated', 'The refresh token is not valid: it has expired, or its session has ended.')
  return { tokenHash, ...found }
}

/** Uses up a refresh token. @returns the session's next tokens, or undefined if it was used before. */
export async function refreshSession(
  deps: Deps,
  { tokenHash, sessionId, userId, version }: PresentedRefresh,
  record: IdempotencyRecord,
) {
  const { pair, use } = await makePair(deps, { userId, version }, sessionId)
  return (await replaceRefreshToken(deps.db, tokenHash, use, record, pair)) ? pair : undefined
}

/** The user's sessions, newest first. `current` is the one whose token makes this call, if any. */
export async function showSessions(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  { userId, sessionId: current }: { userId: number; sessionId: string | undefined },
) {
  const rows = await listSessions(db, userId, now().getTime())
  return rows.map(({ id, createdAt, lastUsedAt, expiresAt }) => ({
    id,
    createdAt: isoTime(createdAt),
    lastUsedAt: isoTime(lastUsedAt),
    expiresAt: isoTime(expiresAt),
    current: id === current,
  }))
}

/** Ends one of the user's sessions and its access token. @throws AppError not_found */
export async function endSession(deps: Deps, userId: number, sessionId: string): Promise<void> {
  if ((await endSessions(deps, userId, sessionId)) === 0) throw new AppError('not_found', 'There is no such session.')
}

/** Ends the user's sessions, or just this one, with their access tokens. @returns how many. */
export async function endSessions({ db, now, isolate }: Deps, userId: number, sessionId?: string): Promise<number> {
  const ended = await deleteSessions(db, userId, now().getTime(), sessionId)
  isolate.sharedState = undefined
  return ended
}
