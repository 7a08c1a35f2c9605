/** Stopping and starting the service. */
import { deliverDue } from '../alerts/deliver.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { isoTime } from '../lib/time.ts'
import { findServiceState, type StateRow, updateServiceState } from './service.store.ts'

/** Read from D1, past the isolate's cache. */
export const findService = ({ db }: Pick<Deps, 'db'>): Promise<StateRow> => findServiceState(db)

/**
 * Stops or starts the service and sends an alert, unless it is in that state already. Other isolates know within
 * SHARED_STATE_MAX_AGE_SECONDS.
 */
export async function setService(
  deps: Deps,
  state: 'running' | 'stopped',
  record: IdempotencyRecord,
): Promise<StateRow> {
  const change = { state, now: deps.now().getTime(), eventId: newId(deps, 'evt') }
  const { row, noted } = await updateServiceState(deps.db, change, record)
  deps.isolate.sharedState = undefined
  if (noted) deps.defer(deliverDue(deps))
  return row
}

/** The state as clients see it. */
export const showState = ({ stoppedAt }: StateRow) => ({
  state: stoppedAt === null ? ('running' as const) : ('stopped' as const),
  stoppedAt: isoTime(stoppedAt),
})
