import { sql } from 'drizzle-orm'
import { noteEvents } from '../alerts/outbox.ts'
import { batchRows, type Db } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'

/** Maintenance mode, and the revocations since `since` (milliseconds), in one statement. */
export async function findSharedState(db: Db, since: number) {
  const rows = await db.all<{ subject: string; value: number | null }>(sql`
    SELECT 'service' AS subject, stopped_at AS value FROM service_state
    UNION ALL
    SELECT subject, version FROM revocations WHERE revoked_at >= ${since}`)
  return {
    stoppedAt: rows.find((row) => row.subject === 'service')?.value ?? undefined,
    revocations: new Map(rows.filter((row) => row.subject !== 'service').map((row) => [row.subject, row.value ?? 0])),
  }
}

/** `stoppedAt` in milliseconds; null while the service runs. */
export type StateRow = { stoppedAt: number | null }

const state = sql`SELECT stopped_at AS stoppedAt FROM service_state`

export const findServiceState = (db: Db) => db.get<StateRow>(state)

/** Stops or starts the service and notes the event. Does neither if the service is in that state already. */
export async function updateServiceState(
  db: Db,
  change: { state: 'running' | 'stopped'; now: number; eventId: string },
  record: IdempotencyRecord,
): Promise<{ row: StateRow; noted: boolean }> {
  const { now, eventId } = change
  const stops = change.state === 'stopped'
  const event = stops ? 'service.stopped' : 'service.started'
  const changes = stops ? sql`stopped_at IS NULL` : sql`stopped_at IS NOT NULL`
  const source = sql`SELECT NULL AS user_id, ${eventId} AS once_key, json_object('state', ${change.state}) AS data
    FROM service_state WHERE ${changes}`
  const rows = await batchRows(db, [
    noteEvents({ event, eventId, source, now }),
    sql`UPDATE service_state SET stopped_at = ${stops ? now : null} WHERE ${changes}`,
    ...(await record.insert(sql`SELECT json_object('stoppedAt', stopped_at) AS outcome FROM service_state`)),
    state,
  ])
  return { row: rows.at(-1)?.[0] as StateRow, noted: rows[0]?.length !== 0 }
}
