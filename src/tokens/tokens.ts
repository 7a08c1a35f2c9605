/** Access tokens, and the sessions whose refresh tokens get the next ones. */
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError } from '../errors.ts'
import { sha256, toBase64Url } from '../lib/bytes.ts'
import { DAY, isoTime } from '../lib/time.ts'
import { ACCESS_TOKEN_SECONDS, accessTokenEnd, signAccessToken } from './access-token.ts'
import { deleteSessions, findRefreshToken, insertSession, listSessions, replaceRefreshToken } from './tokens.store.ts'

/** Counted from its last refresh: a game that is played each month never asks for the password again. */
const SESSION_LIVES = 30 * DAY

/** An account at the version that its credentials were verified at. */
export type VerifiedAccount = { userId: number; version: number }

type Signing = Pick<Deps, 'config' | 'now'>

/** An access token that belongs to no session, or to this one. Writes nothing. */
export async function issueToken(
  { config, now }: Signing,
  { userId, version }: VerifiedAccount,
  sessionId?: string,
): Promise<{ token: string; tokenType: 'Bearer'; duration: typeof ACCESS_TOKEN_SECONDS; expiresAt: string }> {
  const at = now().getTime()
  const token = await signAccessToken(config.tokenSecrets, { userId, version, sessionId }, at)
  return { token, tokenType: 'Bearer', duration: ACCESS_TOKEN_SECONDS, expiresAt: isoTime(accessTokenEnd(at)) }
}

/** The next pair of a session's tokens, and the use of the session that has to be written for it. */
async function drawPair(deps: Pick<Deps, 'config' | 'now' | 'random'>, account: VerifiedAccount, sessionId: string) {
  const refreshToken = `rt_${toBase64Url(deps.random(32))}`
  const pair = { ...(await issueToken(deps, account, sessionId)), refreshToken }
  const now = deps.now().getTime()
  const tokenHash = await sha256(refreshToken)
  return { pair, use: { ...account, sessionId, tokenHash, now, expiresAt: now + SESSION_LIVES } }
}

/**
 * Starts a session; past twenty of a user the oldest ends.
 * @throws AppError invalid_credentials when the password that was verified is no longer the account's.
 */
export async function startSession(deps: Deps, { userId, version }: VerifiedAccount, record: IdempotencyRecord) {
  const { pair, use } = await drawPair(deps, { userId, version }, newId(deps, 'ses'))
  const made = await insertSession(deps.db, use, record, pair)
  if (!made) throw new AppError('invalid_credentials', 'The password was changed at this very moment.')
  if (made.endedOthers) deps.isolate.sharedState = undefined
  return pair
}

/** A refresh token as it was presented: used or not, of this session. */
export type PresentedRefresh = { tokenHash: string; sessionId: string } & VerifiedAccount

/** @throws AppError unauthenticated for a token that never was, has expired, or whose session has ended. */
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

/** Uses a refresh token up and gives the session's next pair. @returns undefined where it was used before. */
export async function refreshSession(
  deps: Deps,
  { tokenHash, sessionId, userId, version }: PresentedRefresh,
  record: IdempotencyRecord,
) {
  const { pair, use } = await drawPair(deps, { userId, version }, sessionId)
  return (await replaceRefreshToken(deps.db, tokenHash, use, record, pair)) ? pair : undefined
}

/** The user's sessions, newest first; `current` is the caller's own, if the call came out of one. */
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
