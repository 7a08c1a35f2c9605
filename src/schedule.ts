/** What each cron line of wrangler.toml runs. A test compares the two. */
import { type Deps, makeDeps, newIsolateCache, type Outside } from './deps.ts'
import type { Env } from './env.ts'
import { runDueJobs, runMonth } from './jobs/runner.ts'

export const CRONS = new Map<string, (deps: Deps, scheduledTime: number) => Promise<void>>([
  ['* * * * *', runDueJobs],
  ['0 0 1 * *', runMonth],
])

/** @throws Error for an unknown line. */
export async function runCron(
  { cron, scheduledTime }: Pick<ScheduledController, 'cron' | 'scheduledTime'>,
  env: Env,
  context: Pick<ExecutionContext, 'waitUntil'>,
  outside: Outside = {},
): Promise<void> {
  const run = CRONS.get(cron)
  if (!run) throw new Error(`Nothing is planned for the cron line ${cron}`)
  await run(makeDeps(env, newIsolateCache(), { defer: (work) => context.waitUntil(work), ...outside }), scheduledTime)
}
