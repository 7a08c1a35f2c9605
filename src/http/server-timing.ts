/** `Server-Timing`, if SERVER_TIMING is true: what the answer cost in D1, by its own counters, and in KV operations. */
import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './context.ts'

/** Deferred work is not included. The read of the shared state, each few seconds, is. */
export const serverTiming: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next()
  const { config, tally } = c.var.deps
  if (!config.serverTiming) return
  const figures = Object.entries(tally).map(([name, count]) => `${name};desc="${count}"`)
  c.header('Server-Timing', figures.join(', '))
}
