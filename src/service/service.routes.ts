/** Stop, start, and the state of the service. All three work in any state. */
import { Hono } from 'hono'
import { scoped } from '../access/authenticated.ts'
import type { AppEnv } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { validated } from '../http/validated.ts'
import { idempotently } from '../idempotency/idempotent.ts'
import { NoFields, ServiceState } from './service.schema.ts'
import { findService, setService, showState } from './service.ts'
import { SHARED_STATE_MAX_AGE_SECONDS } from './shared-state.ts'

const tag = 'Service'

/** The root: two paths are the old app's. */
export const serviceRoutes = new Hono<AppEnv>()
  .post(
    '/stopServer',
    answers(tag, `Stops the service: within ${SHARED_STATE_MAX_AGE_SECONDS} seconds, everybody but an admin gets 503`, {
      200: ServiceState,
    }),
    scoped('admin'),
    validated('json', NoFields),
    (c) =>
      idempotently(
        c,
        (record) => setService(c.var.deps, 'stopped', record),
        (row) => c.json(showState(row)),
      ),
  )
  .post(
    '/startServer',
    answers(tag, 'Starts the service again', { 200: ServiceState }),
    scoped('admin'),
    validated('json', NoFields),
    (c) =>
      idempotently(
        c,
        (record) => setService(c.var.deps, 'running', record),
        (row) => c.json(showState(row)),
      ),
  )
  .get(
    '/api/service',
    answers(tag, 'Says whether the service runs', { 200: ServiceState }),
    scoped('admin'),
    async (c) => c.json(showState(await findService(c.var.deps))),
  )
