/** CORS: any origin may call, and read all headers. That is safe: a browser that sends cookies shows the page no answer for `*`. */
import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { AppEnv } from './context.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** True for a page of one person, which no other origin reads. */
    isPersonal: boolean
  }
}

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

const preflight = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposeHeaders: EXPOSED_HEADERS,
  maxAge: DAY_SECONDS,
})

const EXPOSED = EXPOSED_HEADERS.join(',')

/** hono/cors makes a response before there is one, and so a copy of each: it only answers preflights here. */
export const crossOrigin: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.method === 'OPTIONS') return preflight(c, next)
  await next()
  if (c.get('isPersonal')) return
  c.res.headers.set('Access-Control-Allow-Origin', '*')
  c.res.headers.set('Access-Control-Expose-Headers', EXPOSED)
}
