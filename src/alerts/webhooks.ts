/** Endpoints: where alerts go. */
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError, invalidField } from '../errors.ts'
import { isoTime } from '../lib/time.ts'
import { deliver, LEASE } from './deliver.ts'
import { showDelivery } from './deliveries.ts'
import { insertLeased } from './leases.store.ts'
import { drawSigningSecret, sealSigningSecret } from './signing-secret.ts'
import { refusalOf } from './target.ts'
import * as store from './webhooks.store.ts'

/** Each of them is read whenever something happens. */
const MAX_ENDPOINTS = 50

export type NewWebhook = { url: string; events: string[]; format?: store.Format | undefined }

/** @throws AppError invalid_request for a URL that alerts may not go to; conflict when there are too many. */
export async function addWebhook(
  deps: Deps,
  { url, events, format = 'standard' }: NewWebhook,
  record: IdempotencyRecord,
) {
  requireAllowed(deps, url)
  const shown = { secret: drawSigningSecret(deps) }
  const row = {
    id: newId(deps, 'whk'),
    url,
    format,
    events: [...new Set(events)],
    secret: await sealSigningSecret(deps, shown.secret),
    createdAt: deps.now().getTime(),
  }
  const added = await store.insertWebhook(deps.db, row, MAX_ENDPOINTS, record, shown)
  if (!added) throw new AppError('conflict', `There are ${MAX_ENDPOINTS} endpoints already. Delete one first.`)
  return { ...added, ...shown }
}

export const listWebhooks = ({ db }: Pick<Deps, 'db'>) => store.listWebhooks(db)

/** @throws AppError not_found */
export async function showWebhook({ db }: Pick<Deps, 'db'>, id: string): Promise<store.StoredWebhook> {
  return (await store.findWebhook(db, id)) ?? noSuchWebhook()
}

/** @throws AppError not_found; invalid_request for a URL that alerts may not go to. */
export async function changeWebhook(deps: Deps, id: string, change: store.WebhookChange, record: IdempotencyRecord) {
  if (change.url !== undefined) requireAllowed(deps, change.url)
  const events = change.events && [...new Set(change.events)]
  return (await store.updateWebhook(deps.db, id, { ...change, events }, record)) ?? noSuchWebhook()
}

/** @throws AppError not_found */
export async function removeWebhook({ db }: Pick<Deps, 'db'>, id: string): Promise<void> {
  if (!(await store.deleteWebhook(db, id))) noSuchWebhook()
}

/** Sends a test event at once, tries no second time, and tells how it went. @throws AppError not_found, conflict */
export async function testWebhook(deps: Deps, id: string, record: IdempotencyRecord) {
  const now = deps.now().getTime()
  const event = 'webhook.test' as const
  const payload = { type: event, timestamp: isoTime(now), data: { webhookId: id } }
  const lease = { lease: newId(deps, 'lse'), now, until: now + LEASE }
  const leased = await insertLeased(deps.db, id, { eventId: newId(deps, 'evt'), event, payload }, lease)
  if (!leased) {
    await showWebhook(deps, id)
    throw new AppError('conflict', 'The endpoint is disabled; nothing is sent to it.')
  }
  await deliver(deps, leased, { last: true, record })
  return showDelivery(deps, leased.id)
}

/** An endpoint as it is shown. */
export const asWebhook = <W extends store.StoredWebhook>({ createdAt, ...webhook }: W) => ({
  ...webhook,
  createdAt: isoTime(createdAt),
})

function noSuchWebhook(): never {
  throw new AppError('not_found', 'There is no such endpoint.')
}

function requireAllowed({ config }: Pick<Deps, 'config'>, url: string): void {
  const refusal = refusalOf(url, { allowLocal: config.allowLocalWebhooks })
  if (refusal) throw invalidField('url', refusal)
}
