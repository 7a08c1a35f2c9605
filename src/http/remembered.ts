/** Public GETs: an ETag, 304 for who has it already, and an isolate's memory of a few seconds. */
import type { MiddlewareHandler } from 'hono'
import type { RememberedAnswer } from '../deps.ts'
import { sha256 } from '../lib/bytes.ts'
import { SECOND } from '../lib/time.ts'
import type { App, Ctx } from './context.ts'
import { documented } from './described.ts'

/** The contract allows ten; together with what a read itself takes, this stays below. */
const REMEMBERED_SECONDS = 8

/** What both words bring to the document. */
const part = {
  responses: { 304: { description: 'Not modified: the ETag in `If-None-Match` still holds' } },
  'x-headers': { ETag: 'Stands for this state of the answer.' },
}

/**
 * Anyone may see and cache the answer, and it may be some seconds old. Where somebody had to be asked who they are
 * (`me`) it is personal, and neither.
 */
export const remembered: MiddlewareHandler<App> = documented(async (c, next) => {
  const { memory, now } = c.var.deps
  const at = now().getTime()
  const { pathname, search } = new URL(c.req.url)
  const key = pathname + search
  const fresh = /\bno-cache\b/i.test(c.req.header('Cache-Control') ?? '')

  const known = fresh ? undefined : memory.answers.get(key, at)
  if (known) return send(c, known)

  const { writes } = memory
  await next()
  const answer = await publicAnswer(c)
  if (!answer) return
  // A write in between may not be in what was read.
  if (memory.writes === writes) memory.answers.set(key, answer, at + REMEMBERED_SECONDS * SECOND)
  c.res = send(c, answer)
}, part)

/** The same without the memory: for what is made from nothing but the request. */
export const tagged: MiddlewareHandler<App> = documented(async (c, next) => {
  await next()
  const answer = await publicAnswer(c)
  if (answer) c.res = send(c, answer)
}, part)

/** undefined for an error, and for what was answered to somebody in particular. */
async function publicAnswer(c: Ctx): Promise<RememberedAnswer | undefined> {
  if (c.res.status !== 200 || c.get('caller')) return undefined
  const body = await c.res.text()
  return {
    body,
    etag: `"${(await sha256(body)).slice(0, 32)}"`,
    contentType: c.res.headers.get('Content-Type') ?? 'application/json',
  }
}

function send(c: Ctx, { body, etag, contentType }: RememberedAnswer): Response {
  const headers = { ETag: etag, 'Cache-Control': 'public, no-cache' }
  if (matches(c.req.header('If-None-Match'), etag)) return c.body(null, 304, headers)
  return c.body(body, 200, { ...headers, 'Content-Type': contentType })
}

/** Weak comparison, RFC 9110 section 13.1.2. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes('*') || tags.includes(etag)
}

/** After a write this isolate remembers nothing from before it; also where it failed and may have been carried out. */
export const forgetsOnWrite: MiddlewareHandler<App> = async (c, next) => {
  await next()
  const { memory, tally } = c.var.deps
  if (tally.rowsWritten === 0 && c.res.status < 500) return
  memory.writes += 1
  memory.answers.clear()
}
