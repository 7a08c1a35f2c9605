import { type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import type { deliveries } from '../db/schema.ts'
import { recordDelivery } from './deliveries.store.ts'
import type { EventName, Payload } from './events.ts'
import type { Format } from './formats.ts'
import { noteEvents } from './outbox.store.ts'

type Row = typeof deliveries.$inferSelect

/** A delivery that only we may send until its lease ends. The endpoint's `secret` is encrypted. */
export type Leased = Pick<Row, 'id' | 'webhookId' | 'eventId' | 'payload' | 'priority' | 'attempts'> & {
  lease: string
  url: string
  format: Format
  secret: string
}

/** The id of a lease, and when it ends, in milliseconds. */
export type Lease = { lease: string; now: number; until: number }

const integer = (value: number | null) => sql`CAST(${value} AS INTEGER)`

/** An endpoint `w` that may be called, and what is due there: two short ranges of one index. */
const callable = (now: number) => sql`w.enabled = 1 AND w.rests_until <= ${now}`
const dueThere = (now: number) => sql`webhook_id = w.id AND priority IN (0, 1) AND next_attempt_at <= ${now}`

/**
 * Leases what is due, at most `limit`. The endpoints take turns, so that the long queue of one does not delay the others.
 * What is leased is not due until the lease ends. `more`: there was more than that.
 */
export async function leaseDeliveries(
  db: Db,
  { lease, now, until, limit }: Lease & { limit: number },
): Promise<{ leased: Leased[]; more: boolean }> {
  const [rows = [], endpoints = [], left = []] = await batchRows(db, [
    sql`UPDATE deliveries SET lease = ${lease}, next_attempt_at = ${integer(until)}
        WHERE id IN (
          SELECT d.id FROM webhooks w CROSS JOIN deliveries d ON d.id IN (
            SELECT id FROM deliveries WHERE ${dueThere(now)} ORDER BY priority, next_attempt_at LIMIT ${limit})
          WHERE ${callable(now)}
          ORDER BY d.priority, ROW_NUMBER() OVER (PARTITION BY w.id ORDER BY d.priority, d.next_attempt_at) LIMIT ${limit})
        RETURNING id, webhook_id AS webhookId, event_id AS eventId, payload, priority, attempts, lease`,
    sql`SELECT id AS webhookId, url, format, secret FROM webhooks`,
    sql`SELECT EXISTS (SELECT 1 FROM webhooks w WHERE ${callable(now)}
          AND EXISTS (SELECT 1 FROM deliveries WHERE ${dueThere(now)})) AS more`,
  ])
  const leased = rows
    .map((row) => ({ ...endpoints.find(({ webhookId }) => webhookId === row.webhookId), ...row }) as Leased)
    .sort((a, b) => a.id - b.id)
  return { leased, more: left[0]?.more === 1 }
}

/**
 * Inserts an event for one endpoint, leased already, in one batch with its idempotency record.
 * @returns undefined when there is no such endpoint, or it is disabled.
 */
export async function insertLeased(
  db: Db,
  webhookId: string,
  { eventId, event, payload }: { eventId: string; event: EventName; payload: Payload },
  { lease, now, until }: Lease,
  record: IdempotencyRecord,
): Promise<Leased | undefined> {
  const [rows = [], endpoints = []] = await batchRows(db, [
    sql`INSERT INTO deliveries (webhook_id, event_id, event, once_key, payload, lease, next_attempt_at, created_at)
        SELECT id, ${eventId}, ${event}, ${eventId}, ${JSON.stringify(payload)}, ${lease}, ${integer(until)}, ${integer(now)}
        FROM webhooks WHERE id = ${webhookId} AND enabled = 1
        RETURNING id, webhook_id AS webhookId, event_id AS eventId, payload, priority, attempts, lease`,
    sql`SELECT url, format, secret FROM webhooks WHERE id = ${webhookId}`,
    ...(await recordDelivery(sql`once_key = ${eventId} AND webhook_id = ${webhookId}`, record)),
  ])
  return rows[0] && ({ ...endpoints[0], ...rows[0] } as Leased)
}

/** An endpoint that wants no more alerts: the event that tells the others. */
type Disabling = { eventId: string; data: Record<string, unknown> }

/** The result of an attempt. */
export type Outcome = {
  status: Row['status']
  lastStatus: number | undefined
  lastError: string
  nextAttemptAt?: number | undefined
  /** The endpoint is not called before then. A later time from another attempt stays. */
  restsUntil?: number | undefined
  disabling?: Disabling | undefined
  now: number
}

/** Stores the result of an attempt, unless somebody else has the lease. */
export async function recordAttempt(
  db: Db,
  { id, lease, webhookId }: Leased,
  { status, lastStatus, lastError, nextAttemptAt, restsUntil, disabling, now }: Outcome,
  record: IdempotencyRecord,
): Promise<void> {
  await batchRows(db, [
    sql`UPDATE deliveries SET status = ${status}, attempts = attempts + 1, next_attempt_at = ${integer(nextAttemptAt ?? null)}, lease = NULL,
          last_status = ${integer(lastStatus ?? null)}, last_error = ${lastError}, delivered_at = ${integer(status === 'delivered' ? now : null)}
        WHERE id = ${id} AND lease = ${lease}`,
    ...(restsUntil
      ? [sql`UPDATE webhooks SET rests_until = MAX(rests_until, ${integer(restsUntil)}) WHERE id = ${webhookId}`]
      : []),
    ...(disabling ? disableEndpoint(webhookId, disabling, now) : []),
    ...record.delete(), // the one that was stored with the event, before the result was known
    ...(await recordDelivery(sql`id = ${id}`, record)),
  ])
}

/** Disables an endpoint, ends its deliveries, and alerts the other endpoints. */
const disableEndpoint = (webhookId: string, { eventId, data }: Disabling, now: number): SQL[] => [
  sql`UPDATE webhooks SET enabled = 0 WHERE id = ${webhookId} AND enabled = 1`,
  noteEvents({
    event: 'webhook.disabled',
    eventId,
    now,
    // Of two concurrent attempts that got 410, the update above changes a row for one only.
    source: sql`SELECT NULL AS user_id, ${eventId} AS once_key, ${JSON.stringify(data)} AS data WHERE changes() > 0`,
  }),
  sql`UPDATE deliveries SET status = 'dead', next_attempt_at = NULL, lease = NULL, last_error = 'not sent: the endpoint was disabled'
      WHERE webhook_id = ${webhookId} AND status = 'pending'`,
]

/** Ends the lease of deliveries that were not tried: they are due now. */
export async function returnDeliveries(db: Db, leased: Leased[], now: number): Promise<void> {
  const ids = JSON.stringify(leased.map(({ id }) => id))
  await db.run(sql`UPDATE deliveries SET lease = NULL, next_attempt_at = ${integer(now)}
    WHERE id IN (SELECT value FROM json_each(${ids})) AND lease = ${leased[0]?.lease ?? ''}`)
}
