/** The Worker. */
import { createApp } from './app.ts'
import type { Env } from './env.ts'
import { runCron } from './schedule.ts'

export { Committer } from './committer.ts'

const app = createApp()

export default {
  fetch: app.fetch,
  scheduled: (controller, env, context) => runCron(controller, env, context),
} satisfies ExportedHandler<Env>
