/** CORS: any origin may call, and read all headers. That is safe because a browser shows no page an answer for `*` to a call with cookies. */
import { cors } from 'hono/cors'

/** Every header of an answer that a client may need; a browser hides those that are not listed. */
export const EXPOSED_HEADERS = [
  'Allow',
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Server-Timing',
  'WWW-Authenticate',
  'X-Credits-Cost',
  'X-Credits-Remaining',
  'X-Credits-Reset',
  'X-D1-Bookmark',
  'X-Request-Id',
]

const DAY_SECONDS = 86_400

export const crossOrigin = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposeHeaders: EXPOSED_HEADERS,
  maxAge: DAY_SECONDS,
})
