/** Access tokens, and sessions that refresh them. */
import type { IdempotencyRecord, WriteResult } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError } from '../errors.ts'
import { sha256, toBase64Url } from '../lib/bytes.ts'
import { DAY, isoTime } from '../lib/time.ts'
import { ACCESS_TOKEN_SECONDS, accessTokenEnd, signAccessToken } from './access-token.ts'
import {
  deleteSessions,
  insertSession,
  listSessions,
  type Refreshed,
  replaceRefreshToken,
  sessionOf,
} from './tokens.store.ts'

/** A session ends this long after its last refresh. A game that is played every month never asks for the password again. */
export const SESSION_DAYS = 30

/** An account, and its version when the credentials were verified. */
export type VerifiedAccount = { userId: number; version: number }

/** An access token, of this session or of none, as if issued `at`; milliseconds. Writes nothing. */
export async function issueToken(
  { config, now }: Pick<Deps, 'config' | 'now'>,
  { userId, version }: VerifiedAccount,
  sessionId?: string,
  at = now().getTime(),
): Promise<{ token: string; tokenType: 'Bearer'; duration: typeof ACCESS_TOKEN_SECONDS; expiresAt: string }> {
  const token = await signAccessToken(config.tokenSecrets, { userId, version, sessionId }, at)
  return { token, tokenType: 'Bearer', duration: ACCESS_TOKEN_SECONDS, expiresAt: isoTime(accessTokenEnd(at)) }
}

/** A refresh token, and how it is stored. */
async function makeRefreshToken(deps: Pick<Deps, 'now' | 'random'>) {
  const refreshToken = `rt_${toBase64Url(deps.random(32))}`
  const now = deps.now().getTime()
  return { refreshToken, stored: { tokenHash: await sha256(refreshToken), now, expiresAt: now + SESSION_DAYS * DAY } }
}

export type TokenPair = Awaited<ReturnType<typeof issueToken>> & { refreshToken: string }

/**
 * Starts a session. Past MAX_SESSIONS of a user the oldest ends. With `username`, only if the account still has that name.
 * @throws AppError invalid_credentials if the account was changed after its password was verified.
 */
export async function startSession(
  deps: Deps,
  { userId, version, username }: VerifiedAccount & { username?: string | undefined },
  record: IdempotencyRecord,
): Promise<WriteResult<TokenPair>> {
  const sessionId = newId(deps, 'ses')
  const { refreshToken, stored } = await makeRefreshToken(deps)
  const pair = { ...(await issueToken(deps, { userId, version }, sessionId)), refreshToken }
  const session = { ...stored, sessionId, userId, version, username }
  const { earlier, started, endedOthers } = await insertSession(deps.db, session, record, pair)
  if (earlier) return { earlier }
  if (!started) throw new AppError('invalid_credentials', 'The account was changed at the same moment.')
  if (endedOthers) deps.isolate.sharedState = undefined
  return { outcome: pair }
}

/** Whose Idempotency-Key a refresh has: its session's. */
export const refreshCaller = async (refreshToken: string) => sessionOf(await sha256(refreshToken))

/**
 * Uses up a refresh token. A second use ends the session, for which one of the two callers is not its owner.
 * @throws AppError unauthenticated
 */
export async function refreshSession(
  deps: Deps,
  used: string,
  record: IdempotencyRecord,
): Promise<WriteResult<Refreshed & { refreshToken: string }>> {
  const { refreshToken, stored } = await makeRefreshToken(deps)
  const { found, earlier, refreshed } = await replaceRefreshToken(deps.db, await sha256(used), stored, record, {
    refreshToken,
  })
  if (!found)
    throw new AppError('unauthenticated', 'The refresh token is not valid: it has expired, or its session has ended.')
  if (earlier) return { earlier }
  if (refreshed) return { outcome: { ...refreshed, refreshToken } }
  await endSessions(deps, found.userId, found.sessionId)
  throw new AppError('unauthenticated', 'The refresh token was used before, so its session has ended.')
}

/** The answer to a refresh. */
export async function showPair(
  deps: Pick<Deps, 'config' | 'now'>,
  { refreshToken, sessionId, issuedAt, ...account }: Refreshed & { refreshToken: string },
): Promise<TokenPair> {
  return { ...(await issueToken(deps, account, sessionId, issuedAt)), refreshToken }
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
