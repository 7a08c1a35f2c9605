/** What the answer cost, in `Server-Timing`, where the operator asks for it: D1's own counters, and KV operations. */
import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './context.ts'

/** Work deferred until after the answer is not in it; the read of the control rows, each few seconds, is. */
export const serverTiming: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next()
  const { config, tally } = c.var.deps
  if (!config.serverTiming) return
  const figures = Object.entries(tally).map(([name, count]) => `${name};desc="${count}"`)
  c.header('Server-Timing', figures.join(', '))
}
