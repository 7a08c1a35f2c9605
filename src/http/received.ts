/** What holds for every request before its route reads it: no unknown query parameter, no encoded or oversized body. */
import type { Next } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { AppError } from '../errors.ts'
import type { Ctx } from './context.ts'
import { invalidRequest, shortened } from './field-errors.ts'

/** The largest body of most calls. */
export const MAX_BODY_KIB = 64

/** The largest body of calls that carry many things, or free data, at once. */
export const MAX_LARGE_BODY_KIB = 256

const KIB = 1024

/** @throws AppError invalid_request, unsupported_media_type, body_too_large */
export async function checkRequest(
  c: Ctx,
  { queryNames, maxKib }: { queryNames: string[]; maxKib: number },
  next: Next,
): Promise<Response | undefined> {
  refuseUnknownQuery(Object.keys(c.req.query()), queryNames)
  if (!c.req.raw.body) return void (await next())
  refuseEncodedBody(c.req.header('Content-Encoding'))
  return (await limitTo(maxKib)(c, next)) ?? undefined
}

function refuseUnknownQuery(given: string[], known: string[]): void {
  const unknown = given.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  const takes = known.length === 0 ? 'none' : known.join(', ')
  const paging = known.includes('cursor') ? '; lists go on by `cursor`, which the page before gave as `nextCursor`' : ''
  const message = `is not a query parameter of this call, which takes ${takes}${paging}`
  throw invalidRequest(unknown.map((name) => ({ path: shortened(name), message })))
}

/** RFC 9110, section 12.5.3: the answer says which encodings would do. */
function refuseEncodedBody(encoding: string | undefined): void {
  if (encoding === undefined || /^\s*(identity)?\s*$/i.test(encoding)) return
  throw new AppError('unsupported_media_type', 'The body must not have a Content-Encoding: send it uncompressed.', {
    headers: { 'Accept-Encoding': 'identity' },
  })
}

const limitTo = (kibibytes: number) =>
  bodyLimit({
    maxSize: kibibytes * KIB,
    onError: () => {
      throw new AppError('body_too_large', `The body is larger than ${kibibytes} KiB.`)
    },
  })
