/** The cron as Cloudflare fires it, at the clock that the test holds. */

import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { countedDatabase, newTally, type Tally } from '../../src/db/tally.ts'
import type { Queryable } from '../../src/db/wrapped.ts'
import type { Outside } from '../../src/deps.ts'
import { runCron } from '../../src/schedule.ts'

/** Fires a cron line once. @returns what it cost in D1. `scheduledTime` is `now` by default. */
export async function fireCron(
  outside: Outside & { now: () => Date },
  { cron = '* * * * *', scheduledTime = outside.now().getTime() } = {},
): Promise<Tally> {
  const tally = newTally()
  const context = createExecutionContext()
  const database = (d1: Queryable) => countedDatabase(outside.database?.(d1) ?? d1, tally)
  const controller = createScheduledController({ cron, scheduledTime: new Date(scheduledTime) })
  try {
    await runCron(controller, env, context, { log: () => {}, ...outside, database })
  } finally {
    await waitOnExecutionContext(context)
  }
  return tally
}
