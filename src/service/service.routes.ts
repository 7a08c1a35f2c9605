/** Stop, start, and what the service's state is. All three work in any state. */
import { Hono } from 'hono'
import { scoped } from '../http/authenticated.ts'
import type { App } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { idempotently } from '../http/idempotent.ts'
import { validated } from '../http/validated.ts'
import { NoFields, ServiceState } from './service.schema.ts'
import { findService, setService, showState } from './service.ts'

const tag = 'Service'

/** The root: two paths are the old app's. */
export const serviceRoutes = new Hono<App>()
  .post(
    '/stopServer',
    answers(tag, 'Stops the service: whoever is no admin gets 503', { 200: ServiceState }),
    scoped('admin'),
    validated('json', NoFields),
    (c) =>
      idempotently(
        c,
        (once) => setService(c.var.deps, 'stopped', once),
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
        (once) => setService(c.var.deps, 'running', once),
        (row) => c.json(showState(row)),
      ),
  )
  .get(
    '/api/service',
    answers(tag, 'Says whether the service runs', { 200: ServiceState }),
    scoped('admin'),
    async (c) => c.json(showState(await findService(c.var.deps))),
  )
