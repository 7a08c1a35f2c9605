/** What was sent, what failed, and sending it again. */
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError } from '../errors.ts'
import { isoTime } from '../lib/time.ts'
import * as store from './deliveries.store.ts'

/** A page, the newest first; `next` is where the next one starts, where there is more. */
export async function listDeliveries(
  { db }: Pick<Deps, 'db'>,
  { status, before, limit }: { status: store.Status | undefined; before: number | undefined; limit: number },
) {
  const found = await store.listDeliveries(db, { status, before, limit: limit + 1 })
  const page = found.slice(0, limit)
  return { deliveries: page, next: found.length > limit ? page.at(-1)?.id : undefined }
}

/** @throws AppError not_found */
export async function showDelivery({ db }: Pick<Deps, 'db'>, id: number): Promise<store.StoredDelivery> {
  const found = await store.findDelivery(db, id)
  if (!found) throw new AppError('not_found', 'There is no such delivery.')
  return found
}

/** Makes it due now, from its first attempt, under the same `webhook-id`. @throws AppError not_found, conflict */
export async function replayDelivery(deps: Pick<Deps, 'db' | 'now' | 'random'>, id: number, record: IdempotencyRecord) {
  const write = { now: deps.now().getTime(), writeId: newId(deps, 'lse') }
  const restarted = await store.restartDelivery(deps.db, id, write, record)
  if (restarted) return restarted
  await showDelivery(deps, id)
  throw new AppError('conflict', 'It is being sent just now, or its endpoint is disabled.')
}

/** A delivery as it is shown. */
export const asDelivery = ({ id, createdAt, nextAttemptAt, deliveredAt, ...delivery }: store.StoredDelivery) => ({
  id: `dlv_${id}`,
  ...delivery,
  createdAt: isoTime(createdAt),
  nextAttemptAt: isoTime(nextAttemptAt),
  deliveredAt: isoTime(deliveredAt),
})
