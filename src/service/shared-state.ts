/** The state that all isolates share: whether the service is stopped, and which access tokens are revoked. */
import type { Deps, SharedState } from '../deps.ts'
import { SECOND } from '../lib/time.ts'
import { ACCESS_TOKEN_SECONDS, type Identity } from '../tokens/access-token.ts'
import { findSharedState } from './service.store.ts'

/** How long it may take until an isolate knows that the service was stopped or a token revoked. */
export const SHARED_STATE_MAX_AGE_SECONDS = 5

/** Clocks differ, so revocations are read for this much longer than tokens are valid. */
const CLOCK_SKEW_SECONDS = 60

/** The shared state, cached for SHARED_STATE_MAX_AGE_SECONDS. @throws if D1 cannot be read: a revoked token must not be accepted. */
export async function readSharedState({
  db,
  isolate,
  now,
}: Pick<Deps, 'db' | 'isolate' | 'now'>): Promise<SharedState> {
  const at = now().getTime()
  const cached = isolate.sharedState
  if (cached && at >= cached.readAt && at - cached.readAt < SHARED_STATE_MAX_AGE_SECONDS * SECOND) return cached
  const rows = await findSharedState(db, at - (ACCESS_TOKEN_SECONDS + CLOCK_SKEW_SECONDS) * SECOND)
  isolate.sharedState = { ...rows, readAt: at }
  return isolate.sharedState
}

/** True if the access token was revoked, for the whole account or for its session. */
export function isRevoked({ revocations }: SharedState, { userId, version, sessionId }: Identity): boolean {
  if (version < (revocations.get(String(userId)) ?? 0)) return true
  return sessionId !== undefined && revocations.has(sessionId)
}
