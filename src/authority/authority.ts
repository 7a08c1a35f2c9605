/**
 * By what right a write is made. It may come from a cache, because the statements that write check it: whether the key is active
 * and has the scope, or the user's access is valid, and whether the service is stopped. Also the front door for other rooms' stores.
 */
import { AppError } from '../errors.ts'
import type { Scope } from '../keys/scopes.ts'

export { isAuthorized, isByKey, keyUse, noteKeyUse, stoppedAt } from './authority.store.ts'

/** `whileStopped`: admin calls go on while the service is stopped. */
export type Authority = { whileStopped: boolean } & (
  | { kind: 'key'; keyId: string; scope: Scope }
  | { kind: 'user'; userId: number; version: number; sessionId: string | undefined }
  | { kind: 'service' }
)

/** The service itself: what Twitch, cron and scripts write. */
export const BY_SERVICE: Authority = { kind: 'service', whileStopped: true }

/** What the statements found out about an item's authority. */
export type Checked = { authorized: number; stoppedAt: number | null }

/** @throws AppError stopped; unauthenticated where the right is gone. */
export function requireAuthorized({ authorized, stoppedAt }: Checked): void {
  if (stoppedAt !== null) throw new AppError('stopped', 'The service is stopped.')
  if (!authorized) throw noLongerValid()
}

const noLongerValid = () => new AppError('unauthenticated', 'The credentials are not valid, or no longer.')
