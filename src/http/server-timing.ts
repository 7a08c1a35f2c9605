/**
 * `Server-Timing`, if SERVER_TIMING is true: what the answer cost in D1, by its own counters, and in KV operations,
 * and how long its commit took, with how many writes in it.
 */
import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './context.ts'

/** Deferred work is not included. The read of the shared state, each few seconds, is. */
export const serverTiming: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next()
  const { config, tally } = c.var.deps
  if (!config.serverTiming) return
  const { commit, ...counts } = tally
  const figures = Object.entries(counts).map(([name, count]) => `${name};desc="${count}"`)
  if (commit) figures.push(`commit;dur=${commit.ms};desc="of ${commit.items} writes"`)
  c.res.headers.set('Server-Timing', figures.join(', '))
}
