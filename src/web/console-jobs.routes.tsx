/** /console/jobs: background jobs. */
import { Hono } from 'hono'
import { noRecord } from '../db/idempotency-record.ts'
import { invalidField } from '../errors.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { JobSettings } from '../jobs/jobs.schema.ts'
import { listJobs, putJob, removeJob } from '../jobs/jobs.ts'
import { runNow } from '../jobs/runner.ts'
import { checked, readJson } from './checked.ts'
import { consoleFrame, doing, type Shown, statusOf } from './console-forms.ts'
import { JobsPage } from './pages/console/jobs.tsx'
import { sendPage } from './public.routes.tsx'

export const consoleJobs = new Hono<AppEnv>()
  .get('/', (c) => jobsPage(c))
  .post('/', (c) =>
    doing(c, jobsPage, async ({ id = '', action, schedule, payload = '{}', enabled = 'yes' }) => {
      if (!/^[A-Za-z0-9_.-]{1,64}$/.test(id)) throw invalidField('id', 'has to be 1 to 64 letters, digits, _ . or -')
      const settings = { action, schedule, payload: readJson('payload', payload), enabled: enabled === 'yes' }
      const { added } = await putJob(c.var.deps, id, checked(JobSettings, settings))
      return { done: `${id} is ${added ? 'added' : 'changed'}.` }
    }),
  )
  .post('/run', (c) =>
    doing(c, jobsPage, async ({ id = '' }) => {
      const { state, outcome, error } = await runNow(c.var.deps, id, noRecord)
      return { done: `${id}: ${state}. ${outcome} ${error}` }
    }),
  )
  .post('/remove', (c) =>
    doing(c, jobsPage, async ({ id = '' }) => {
      await removeJob(c.var.deps, id)
      return { done: `${id} is removed.` }
    }),
  )

/** `?change=daily-gift` has the settings of that job in the form. */
async function jobsPage(c: Ctx, shown: Shown = {}) {
  const jobs = await listJobs(c.var.deps)
  const chosen = jobs.find(({ id, system }) => id === c.req.query('change') && !system)
  const values = chosen && {
    id: chosen.id,
    action: chosen.action,
    schedule: chosen.schedule,
    payload: JSON.stringify(chosen.payload, null, 2),
    enabled: chosen.enabled ? 'yes' : 'no',
  }
  const page = { ...(await consoleFrame(c, { ...(values ? { values } : {}), ...shown })), jobs }
  return sendPage(c, <JobsPage {...page} />, statusOf(shown))
}
