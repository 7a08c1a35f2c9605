/** One line a request: what was asked by which pattern, how it ended, how long it took. No query, no name, no address. */
import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { AppEnv } from './context.ts'

export const accessLog: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { log, now } = c.var.deps
  const from = now().getTime()
  await next()
  log('info', {
    message: 'request',
    requestId: c.var.requestId,
    method: c.req.method,
    // The first route that is not middleware is the one that answers.
    route: matchedRoutes(c).find(({ method }) => method !== 'ALL')?.path ?? 'none',
    status: c.res.status,
    milliseconds: now().getTime() - from,
  })
}
