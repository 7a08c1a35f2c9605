/** Health, for monitoring, and the old app's warm-up. Public, also while the service is stopped. */
import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv, Ctx } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { checkHealth } from './health.ts'

const tag = 'Service'

const Health = z
  .object({
    status: z.literal('ok'),
    service: z.enum(['running', 'stopped']).meta({ description: 'Whether the operator has stopped it' }),
  })
  .meta({ id: 'Health' })

export const healthRoutes = new Hono<AppEnv>()
  .get('/health', answers(tag, 'Says whether the service can do its work', { 200: Health }), showHealth)
  .get('/_ah/warmup', answers(tag, "Health, at the old app's path", { 200: Health }), showHealth)

async function showHealth(c: Ctx) {
  return c.json(await checkHealth(c.var.deps))
}
