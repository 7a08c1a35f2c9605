import { Hono } from 'hono'
import { scoped } from '../access/authenticated.ts'
import type { AppEnv } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { validated } from '../http/validated.ts'
import { idempotently } from '../idempotency/idempotent.ts'
import { SECOND } from '../lib/time.ts'
import * as shape from './jobs.schema.ts'
import * as jobs from './jobs.ts'
import { ANSWER_WITHIN, runNow } from './runner.ts'

const tag = 'Jobs'

/** /api/jobs */
export const jobRoutes = new Hono<AppEnv>()
  .get('/', answers(tag, 'Lists the background jobs', { 200: shape.Jobs }), scoped('admin'), async (c) =>
    c.json({ jobs: await jobs.listJobs(c.var.deps) }),
  )
  .get(
    '/:id',
    answers(tag, 'Shows a job', { 200: shape.Job }, 'not_found'),
    validated('param', shape.JobPath),
    scoped('admin'),
    async (c) => c.json(await jobs.showJob(c.var.deps, c.req.valid('param').id)),
  )
  .put(
    '/:id',
    answers(tag, 'Adds a job, or changes it', { 200: shape.Job, 201: shape.Job }, 'not_found', 'conflict'),
    validated('param', shape.JobPath),
    scoped('admin'),
    validated('json', shape.JobSettings, { freeJson: true }),
    async (c) => {
      const { job, added } = await jobs.putJob(c.var.deps, c.req.valid('param').id, c.req.valid('json'))
      return added ? c.json(job, 201, { Location: `/api/jobs/${job.id}` }) : c.json(job, 200)
    },
  )
  .delete(
    '/:id',
    answers(tag, 'Removes a job', { 204: 'Removed' }, 'not_found'),
    validated('param', shape.JobPath),
    scoped('admin'),
    async (c) => {
      await jobs.removeJob(c.var.deps, c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
  .post(
    '/:id/run',
    answers(
      tag,
      `Runs a job now; 202 when it takes over ${ANSWER_WITHIN / SECOND} seconds and continues after the answer`,
      { 200: shape.JobRun, 202: shape.JobRun },
      'not_found',
      'conflict',
    ),
    validated('param', shape.JobPath),
    scoped('admin'),
    validated('json', shape.NoFields),
    async (c) =>
      idempotently(
        c,
        (record) => runNow(c.var.deps, c.req.valid('param').id, record),
        (report) => c.json(report, report.state === 'running' ? 202 : 200),
      ),
  )
