/** Any origin may call, and read every header it may need. That is safe because no cookie counts. */
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
  'X-Request-Id',
]

const DAY_SECONDS = 86_400

export const crossOrigin = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposeHeaders: EXPOSED_HEADERS,
  maxAge: DAY_SECONDS,
})
