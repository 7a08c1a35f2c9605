/** /console/alerts: endpoints, and what was sent to them. */
import { Hono } from 'hono'
import { NewWebhook } from '../alerts/alerts.schema.ts'
import { deliverDue } from '../alerts/deliver.ts'
import { asDelivery, listDeliveries, replayDelivery } from '../alerts/deliveries.ts'
import { addWebhook, changeWebhook, listWebhooks, removeWebhook, testWebhook } from '../alerts/webhooks.ts'
import { noRecord } from '../db/idempotency-record.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { checked } from './checked.ts'
import { consoleFrame, doing, type Shown, statusOf } from './console-forms.ts'
import { AlertsPage, STATUSES } from './pages/console/alerts.tsx'
import { sendPage } from './public.routes.tsx'

const DELIVERIES = 50

const wordsIn = (text: string) => text.split(' ').filter((word) => word !== '')

export const consoleAlerts = new Hono<AppEnv>()
  .get('/', (c) => alertsPage(c))
  .post('/', (c) =>
    doing(c, alertsPage, async ({ url = '', events = '' }) => {
      const { secret } = await addWebhook(c.var.deps, checked(NewWebhook, { url, events: wordsIn(events) }), noRecord)
      return { done: 'The endpoint is added.', secret }
    }),
  )
  .post('/test', (c) =>
    doing(c, alertsPage, async ({ id = '' }) => {
      const { status, lastError } = await testWebhook(c.var.deps, id, noRecord)
      return { done: status === 'delivered' ? 'The test has arrived.' : `The test did not arrive: ${lastError}` }
    }),
  )
  .post('/switch', (c) =>
    doing(c, alertsPage, async ({ id = '', enabled }) => {
      await changeWebhook(c.var.deps, id, { enabled: enabled === 'yes' }, noRecord)
      return { done: enabled === 'yes' ? 'Alerts go there again.' : 'No alerts go there until it is enabled again.' }
    }),
  )
  .post('/remove', (c) =>
    doing(c, alertsPage, async ({ id = '' }) => {
      await removeWebhook(c.var.deps, id)
      return { done: 'The endpoint is removed.' }
    }),
  )
  .post('/replay', (c) =>
    doing(c, alertsPage, async ({ id = '' }) => {
      await replayDelivery(c.var.deps, Number(id.replace('dlv_', '')), noRecord)
      c.var.deps.defer(deliverDue(c.var.deps))
      return { done: 'It is being sent again.' }
    }),
  )

async function alertsPage(c: Ctx, shown: Shown = {}) {
  const { deps } = c.var
  const status = STATUSES.find((known) => known === c.req.query('status'))
  const [webhooks, { deliveries }] = await Promise.all([
    listWebhooks(deps),
    listDeliveries(deps, { status, before: undefined, limit: DELIVERIES }),
  ])
  const page = { ...(await consoleFrame(c, shown)), webhooks, deliveries: deliveries.map(asDelivery), status }
  return sendPage(c, <AlertsPage {...page} />, statusOf(shown))
}
