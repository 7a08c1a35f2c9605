/** Endpoints: where alerts go. */
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError, invalidField } from '../errors.ts'
import { isoTime } from '../lib/time.ts'
import { deliver, LEASE } from './deliver.ts'
import { showDelivery } from './deliveries.ts'
import { type Format, formatFor } from './formats.ts'
import { insertLeased } from './leases.store.ts'
import { drawSigningSecret, sealSigningSecret } from './signing-secret.ts'
import { refusalOf } from './target.ts'
import * as store from './webhooks.store.ts'

/** Every event reads all of them. */
const MAX_ENDPOINTS = 50

export type NewWebhook = { url: string; events: string[]; format?: Format | undefined }

/** @throws AppError invalid_request for a URL that alerts may not go to; conflict when there are too many. */
export async function addWebhook(
  deps: Deps,
  { url, events, format = formatFor(url) ?? 'standard' }: NewWebhook,
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
  const { url, events } = change
  if (url !== undefined) requireAllowed(deps, url)
  const format = change.format ?? (url === undefined ? undefined : await formatAfterMove(deps, id, url))
  const changed = { ...change, format, events: events && [...new Set(events)] }
  return (await store.updateWebhook(deps.db, id, changed, record)) ?? noSuchWebhook()
}

/** @throws AppError not_found */
export async function removeWebhook({ db }: Pick<Deps, 'db'>, id: string): Promise<void> {
  if (!(await store.deleteWebhook(db, id))) noSuchWebhook()
}

/** Sends a test event now, without a retry, and returns the result. @throws AppError not_found, conflict */
export async function testWebhook(deps: Deps, id: string, record: IdempotencyRecord) {
  const now = deps.now().getTime()
  const event = 'webhook.test' as const
  const payload = { type: event, timestamp: isoTime(now), data: { webhookId: id } }
  const lease = { lease: newId(deps, 'lse'), now, until: now + LEASE }
  const leased = await insertLeased(deps.db, id, { eventId: newId(deps, 'evt'), event, payload }, lease, record)
  if (!leased) {
    await showWebhook(deps, id)
    throw new AppError('conflict', 'The endpoint is disabled; nothing is sent to it.')
  }
  await deliver(deps, leased, { last: true, record })
  return showDelivery(deps, leased.id)
}

/** The format of an endpoint that moves to another URL: what that URL calls for, or else what the operator chose. */
async function formatAfterMove(deps: Deps, id: string, url: string): Promise<Format> {
  const before = await showWebhook(deps, id)
  const chosen = before.format === formatFor(before.url) ? 'standard' : before.format
  return formatFor(url) ?? chosen
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
