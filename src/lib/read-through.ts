/** Reading through two caches: this isolate, then KV, then the source. */
import type { Deps } from '../deps.ts'
import { MINUTE, SECOND } from './time.ts'

/** How long an isolate caches a value. */
export const ISOLATE_CACHE_TTL = MINUTE

type CacheDeps = Pick<Deps, 'cache' | 'isolate' | 'defer' | 'log' | 'now'>

/**
 * The value under `name`: from this isolate, else from KV, else from `find`, whose result both then cache, unless it is
 * undefined. If KV fails, `find` is called.
 */
export async function readThrough<T>(
  deps: CacheDeps,
  name: string,
  ttl: number,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const { cache, isolate, now } = deps
  const at = now().getTime()
  const inIsolate = isolate.lookups.get(name, at) as T | undefined
  if (inIsolate !== undefined) return inIsolate
  const cached = (await cache.get<T>(name, 'json').catch(() => null)) ?? undefined
  if (cached !== undefined) {
    isolate.lookups.set(name, cached, at + ISOLATE_CACHE_TTL)
    return cached
  }
  const found = await find()
  if (found !== undefined) fillCaches(deps, name, ttl, found)
  return found
}

/** Puts a value that was just read or written into both caches. `ttl` in milliseconds, for KV. */
export function fillCaches(
  { cache, isolate, now, defer, log }: CacheDeps,
  name: string,
  ttl: number,
  value: unknown,
): void {
  isolate.lookups.set(name, value, now().getTime() + ISOLATE_CACHE_TTL)
  const put = cache.put(name, JSON.stringify(value), { expirationTtl: ttl / SECOND })
  defer(put.catch(() => log('warn', { message: 'KV did not take an entry' })))
}
