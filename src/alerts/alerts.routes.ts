import { Hono } from 'hono'
import { scoped } from '../access/authenticated.ts'
import type { AppEnv } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { readCursor, signCursor } from '../http/paging.ts'
import { validated } from '../http/validated.ts'
import { idempotently } from '../idempotency/idempotent.ts'
import * as shape from './alerts.schema.ts'
import { deliverDue } from './deliver.ts'
import * as deliveries from './deliveries.ts'
import * as webhooks from './webhooks.ts'

const tag = 'Alerts'

/** /api/webhooks */
export const webhookRoutes = new Hono<AppEnv>()
  .post(
    '/',
    answers(tag, 'Adds an endpoint that alerts go to', { 201: shape.CreatedWebhook }, 'conflict'),
    scoped('admin'),
    validated('json', shape.NewWebhook),
    async (c) =>
      idempotently(
        c,
        (record) => webhooks.addWebhook(c.var.deps, c.req.valid('json'), record),
        (added) => c.json(webhooks.asWebhook(added), 201, { Location: `/api/webhooks/${added.id}` }),
      ),
  )
  .get('/', answers(tag, 'Lists the endpoints', { 200: shape.Webhooks }), scoped('admin'), async (c) =>
    c.json({ webhooks: (await webhooks.listWebhooks(c.var.deps)).map(webhooks.asWebhook) }),
  )
  .get(
    '/deliveries',
    answers(tag, 'Lists what was sent and what failed, the newest first', { 200: shape.Deliveries }),
    scoped('admin'),
    validated('query', shape.DeliveryList),
    async (c) => {
      const { limit, cursor, status } = c.req.valid('query')
      const list = `deliveries ${status ?? ''}`
      const before = await readCursor<number>(c.var.deps, list, cursor)
      const { deliveries: page, next } = await deliveries.listDeliveries(c.var.deps, { status, before, limit })
      const nextCursor = next === undefined ? '' : await signCursor(c.var.deps, list, next)
      return c.json({ deliveries: page.map(deliveries.asDelivery), nextCursor })
    },
  )
  .post(
    '/deliveries/:delivery/replay',
    answers(tag, 'Sends a delivery again', { 202: shape.Delivery }, 'not_found', 'conflict'),
    validated('param', shape.DeliveryPath),
    scoped('admin'),
    async (c) => {
      const response = await idempotently(
        c,
        (record) => deliveries.replayDelivery(c.var.deps, c.req.valid('param').delivery, record),
        (delivery) => c.json(deliveries.asDelivery(delivery), 202),
      )
      c.var.deps.defer(deliverDue(c.var.deps))
      return response
    },
  )
  .get(
    '/:webhook',
    answers(tag, 'Shows an endpoint', { 200: shape.Webhook }, 'not_found'),
    validated('param', shape.WebhookPath),
    scoped('admin'),
    async (c) => c.json(webhooks.asWebhook(await webhooks.showWebhook(c.var.deps, c.req.valid('param').webhook))),
  )
  .patch(
    '/:webhook',
    answers(tag, 'Changes an endpoint', { 200: shape.Webhook }, 'not_found'),
    validated('param', shape.WebhookPath),
    scoped('admin'),
    validated('json', shape.WebhookChange),
    async (c) =>
      idempotently(
        c,
        (record) => webhooks.changeWebhook(c.var.deps, c.req.valid('param').webhook, c.req.valid('json'), record),
        (changed) => c.json(webhooks.asWebhook(changed)),
      ),
  )
  .delete(
    '/:webhook',
    answers(tag, 'Removes an endpoint and what was sent to it', { 204: 'Removed' }, 'not_found'),
    validated('param', shape.WebhookPath),
    scoped('admin'),
    async (c) => {
      await webhooks.removeWebhook(c.var.deps, c.req.valid('param').webhook)
      return c.body(null, 204)
    },
  )
  .post(
    '/:webhook/test',
    answers(tag, 'Sends a test event and tells how it went', { 200: shape.Delivery }, 'not_found', 'conflict'),
    validated('param', shape.WebhookPath),
    scoped('admin'),
    async (c) =>
      idempotently(
        c,
        (record) => webhooks.testWebhook(c.var.deps, c.req.valid('param').webhook, record),
        (delivery) => c.json(deliveries.asDelivery(delivery)),
      ),
  )
