/** Public GETs: ETag and 304, and a response cache of a few seconds in the isolate. */
import type { MiddlewareHandler } from 'hono'
import type { CachedResponse } from '../deps.ts'
import { sha256 } from '../lib/bytes.ts'
import { SECOND } from '../lib/time.ts'
import { BOOKMARK_HEADER, wantsLatest } from './bookmark.ts'
import type { AppEnv, Ctx } from './context.ts'
import { documented } from './described.ts'

/** The contract allows ten seconds; with the time that the read itself takes, this stays below. */
export const CACHE_SECONDS = 8

const documentation = {
  responses: { 304: { description: 'Not modified: the ETag in `If-None-Match` still holds' } },
  'x-headers': { ETag: 'Names this state of the answer.' },
}

/**
 * Anyone may see and cache the response, and it may be a few seconds old. A response for one caller (`me`) is personal:
 * it is neither public nor cached.
 */
export const cached: MiddlewareHandler<AppEnv> = documented(async (c, next) => {
  const { isolate, now } = c.var.deps
  const at = now().getTime()
  const { pathname, search } = new URL(c.req.url)
  const key = pathname + search

  const hit = wantsLatest(c) ? undefined : isolate.responses.get(key, at)
  if (hit && isFreshEnough(c, hit)) return send(c, hit)

  const { writes } = isolate
  await next()
  const response = await publicResponse(c)
  if (!response) return
  // A replica may be as old as what this isolate last read from the primary.
  const asOf = isolate.sharedState?.readAt ?? at
  // If this isolate wrote meanwhile, the response may show the state before that write.
  if (isolate.writes === writes) isolate.responses.set(key, response, asOf + CACHE_SECONDS * SECOND)
  replace(c, send(c, response))
}, documentation)

/** ETag and 304 without the cache, for responses that depend on nothing but the request. */
export const withEtag: MiddlewareHandler<AppEnv> = documented(async (c, next) => {
  await next()
  const response = await publicResponse(c)
  if (response) replace(c, send(c, response))
}, documentation)

/** Whether it shows the state that the caller has seen. Bookmarks of later states are greater. */
function isFreshEnough(c: Ctx, { bookmark = '' }: CachedResponse): boolean {
  return bookmark >= (c.req.header(BOOKMARK_HEADER) ?? '')
}

/** Without the copy that Hono makes to merge the headers, which `response` has already. */
function replace(c: Ctx, response: Response): void {
  c.res = undefined
  c.res = response
}

/** undefined for an error, and for a response that depends on who is calling. */
async function publicResponse(c: Ctx): Promise<CachedResponse | undefined> {
  if (c.res.status !== 200 || c.get('caller')) return undefined
  const body = await c.res.text()
  return {
    body,
    etag: `"${(await sha256(body)).slice(0, 32)}"`,
    contentType: c.res.headers.get('Content-Type') ?? 'application/json',
    bookmark: c.var.deps.latest.bookmark,
  }
}

function send(c: Ctx, { body, etag, contentType }: CachedResponse): Response {
  const headers = { ETag: etag, 'Cache-Control': 'public, no-cache' }
  if (matches(c.req.header('If-None-Match'), etag)) return c.body(null, 304, headers)
  return c.body(body, 200, { ...headers, 'Content-Type': contentType })
}

/** Weak comparison, RFC 9110 section 13.1.2. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes('*') || tags.includes(etag)
}

/** Empties the cache after a write, and after a 5xx, which may have written. */
export const clearsCacheOnWrite: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next()
  const { isolate, tally } = c.var.deps
  if (tally.rowsWritten === 0 && c.res.status < 500) return
  isolate.writes += 1
  isolate.responses.clear()
}
