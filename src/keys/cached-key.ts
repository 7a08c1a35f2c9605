/**
 * API keys from a cache, for calls whose own statements check the key again. KV caches a key for a day. One that does not exist
 * is not cached, and a cached one may have been revoked since.
 */
import type { Deps } from '../deps.ts'
import { sha256 } from '../lib/bytes.ts'
import { ISOLATE_CACHE_TTL, readThrough } from '../lib/read-through.ts'
import { DAY } from '../lib/time.ts'
import { findActiveKey } from './keys.store.ts'
import type { Scope } from './scopes.ts'

/** How long KV caches a key. */
export const KEY_CACHE_TTL = DAY

export type CachedKey = { keyId: string; scopes: Scope[]; userId: number | undefined }

/** The key with this secret; with a `username`, only if that user owns it, which is how imported tokens work. */
export async function cachedKeyOf(
  deps: Pick<Deps, 'db' | 'cache' | 'isolate' | 'defer' | 'log' | 'now'>,
  { secret, username }: { secret: string; username?: string | undefined },
): Promise<CachedKey | undefined> {
  const { isolate, now } = deps
  const at = now().getTime()
  const presented = username === undefined ? secret : `${username.toLowerCase()}:${secret}`
  const name = isolate.keyNames.get(presented, at) ?? `key:${await sha256(presented)}`
  const found = await readThrough(deps, name, KEY_CACHE_TTL, async () => {
    const key = await findActiveKey(deps.db, await sha256(secret), username, at)
    return key && { keyId: key.id, scopes: key.scopes.split(' ') as Scope[], userId: key.userId ?? undefined }
  })
  if (found) isolate.keyNames.set(presented, name, at + ISOLATE_CACHE_TTL)
  return found
}
