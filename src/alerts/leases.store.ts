import { type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import type { deliveries } from '../db/schema.ts'
import { keepDelivery } from './deliveries.store.ts'
import type { EventName, Payload } from './events.ts'
import { noteEvents } from './outbox.store.ts'
import type { Format } from './webhooks.store.ts'

type Row = typeof deliveries.$inferSelect

/** A delivery that is ours to send until its lease runs out. The endpoint's `secret` is sealed. */
export type Leased = Pick<Row, 'id' | 'webhookId' | 'eventId' | 'payload' | 'priority' | 'attempts'> & {
  lease: string
  url: string
  format: Format
  secret: string
}

/** Whose a lease is, and until when, in milliseconds. */
export type Lease = { lease: string; now: number; until: number }

const integer = (value: number | null) => sql`CAST(${value} AS INTEGER)`

/** An endpoint `w` that is to be called, and what is due there: two short ranges of one index. */
const callable = (now: number) => sql`w.enabled = 1 AND w.rests_until <= ${now}`
const dueThere = (now: number) => sql`webhook_id = w.id AND priority IN (0, 1) AND next_attempt_at <= ${now}`

/**
 * Leases what is due, `limit` at the most. The endpoints take turns, so that a long queue of one holds up no other. What
 * is leased is not due until the lease runs out. `more`: there was more than that.
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

/** Notes an event for one endpoint alone, already leased. @returns undefined when there is no such endpoint, or it is disabled. */
export async function insertLeased(
  db: Db,
  webhookId: string,
  { eventId, event, payload }: { eventId: string; event: EventName; payload: Payload },
  { lease, now, until }: Lease,
): Promise<Leased | undefined> {
  const [rows = [], endpoints = []] = await batchRows(db, [
    sql`INSERT INTO deliveries (webhook_id, event_id, event, once_key, payload, lease, next_attempt_at, created_at)
        SELECT id, ${eventId}, ${event}, ${eventId}, ${JSON.stringify(payload)}, ${lease}, ${integer(until)}, ${integer(now)}
        FROM webhooks WHERE id = ${webhookId} AND enabled = 1
        RETURNING id, webhook_id AS webhookId, event_id AS eventId, payload, priority, attempts, lease`,
    sql`SELECT url, format, secret FROM webhooks WHERE id = ${webhookId}`,
  ])
  return rows[0] && ({ ...endpoints[0], ...rows[0] } as Leased)
}

/** An endpoint that wants nothing more: what the event holds which tells the others. */
type Disabling = { eventId: string; data: Record<string, unknown> }

/** What an attempt leaves behind. */
export type Outcome = {
  status: Row['status']
  lastStatus: number | undefined
  lastError: string
  nextAttemptAt?: number | undefined
  /** The endpoint is not called before. */
  restsUntil?: number | undefined
  disabling?: Disabling | undefined
  now: number
}

/** Records an attempt, unless the lease has gone to somebody else. */
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
    ...(restsUntil ? [sql`UPDATE webhooks SET rests_until = ${integer(restsUntil)} WHERE id = ${webhookId}`] : []),
    ...(disabling ? disableEndpoint(webhookId, disabling, now) : []),
    ...(await keepDelivery(id, record)),
  ])
}

/** Disables an endpoint, ends its deliveries, and tells the other endpoints. */
const disableEndpoint = (webhookId: string, { eventId, data }: Disabling, now: number): SQL[] => [
  sql`UPDATE webhooks SET enabled = 0 WHERE id = ${webhookId} AND enabled = 1`,
  noteEvents({
    event: 'webhook.disabled',
    eventId,
    now,
    // Once: of two who are answered 410 at once, the update above changes a row for one.
    source: sql`SELECT NULL AS user_id, ${eventId} AS once_key, ${JSON.stringify(data)} AS data WHERE changes() > 0`,
  }),
  sql`UPDATE deliveries SET status = 'dead', next_attempt_at = NULL, lease = NULL, last_error = 'not sent: the endpoint was disabled'
      WHERE webhook_id = ${webhookId} AND status = 'pending'`,
]

/** Gives back deliveries of one lease, due at once. */
export async function returnDeliveries(db: Db, leased: Leased[], now: number): Promise<void> {
  const ids = JSON.stringify(leased.map(({ id }) => id))
  await db.run(sql`UPDATE deliveries SET lease = NULL, next_attempt_at = ${integer(now)}
    WHERE id IN (SELECT value FROM json_each(${ids})) AND lease = ${leased[0]?.lease ?? ''}`)
}
