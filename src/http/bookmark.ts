/**
 * `X-D1-Bookmark`: the state of the database that an answer shows or has made. A client that sends the latest one back sees all that
 * it has written, whichever replica is near it.
 */
import type { MiddlewareHandler } from 'hono'
import { BOOKMARK } from '../db/replicas.ts'
import type { Seen } from '../deps.ts'
import { invalidField } from '../errors.ts'
import type { AppEnv, Ctx } from './context.ts'

export const BOOKMARK_HEADER = 'X-D1-Bookmark'

/** Pages that show what their last form has changed, and whose browser sends no bookmark. */
const ON_PRIMARY = /^\/(account|console)(\/|$)/

/** Which state the request has to see. */
export function seenBy(c: Ctx): Seen {
  const given = c.req.header(BOOKMARK_HEADER)
  const bookmark = given !== undefined && BOOKMARK.test(given) ? given : undefined
  return { bookmark, onPrimary: wantsLatest(c) || ON_PRIMARY.test(c.req.path) }
}

/** Whether nothing that is even a moment old will do. */
export const wantsLatest = (c: Ctx): boolean => /\bno-cache\b/i.test(c.req.header('Cache-Control') ?? '')

export const showBookmark: MiddlewareHandler<AppEnv> = async (c, next) => {
  const given = c.req.header(BOOKMARK_HEADER)
  if (given !== undefined && !BOOKMARK.test(given))
    throw invalidField(BOOKMARK_HEADER, 'has to be a bookmark that an earlier answer had')
  await next()
  const { bookmark } = c.var.deps.latest
  if (bookmark && c.res.ok) c.res.headers.set(BOOKMARK_HEADER, bookmark)
}
