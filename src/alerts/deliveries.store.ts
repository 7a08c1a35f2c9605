import { type SQLWrapper, sql } from 'drizzle-orm'
import { batchRows, type Db, refuseUnless, unlessRefused } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import type { deliveries } from '../db/schema.ts'
import type { Payload } from './events.ts'

type Row = typeof deliveries.$inferSelect
export type Status = Row['status']

/** A delivery as one JSON text; times in milliseconds. */
export type StoredDelivery = Pick<
  Row,
  'id' | 'webhookId' | 'eventId' | 'event' | 'status' | 'attempts' | 'lastError' | 'createdAt'
> & {
  payload: Payload
  lastStatus: number
  nextAttemptAt: number | null
  deliveredAt: number | null
}

const stored = sql`SELECT json_object('id', id, 'webhookId', webhook_id, 'eventId', event_id, 'event', event, 'status', status,
  'attempts', attempts, 'lastStatus', COALESCE(last_status, 0), 'lastError', last_error, 'createdAt', created_at,
  'nextAttemptAt', next_attempt_at, 'deliveredAt', delivered_at, 'payload', json(payload)) AS outcome FROM deliveries`

const read = (row: Record<string, unknown>) => JSON.parse(row.outcome as string) as StoredDelivery

/** The statements that keep how a delivery stands as the outcome of a repeatable call. */
export const keepDelivery = (id: number, record: IdempotencyRecord): Promise<SQLWrapper[]> =>
  record.insert(sql`${stored} WHERE id = ${id}`, {
    about: sql`(SELECT COALESCE(user_id, 0) FROM deliveries WHERE id = ${id})`,
  })

export async function findDelivery(db: Db, id: number): Promise<StoredDelivery | undefined> {
  const [rows] = await batchRows(db, [sql`${stored} WHERE id = ${id}`])
  return rows?.map(read)[0]
}

/** The newest first, before `before`. */
export async function listDeliveries(
  db: Db,
  { status, before, limit }: { status: Status | undefined; before: number | undefined; limit: number },
): Promise<StoredDelivery[]> {
  const wanted = [sql`id < ${before ?? Number.MAX_SAFE_INTEGER}`]
  if (status) wanted.push(sql`status = ${status}`)
  const [rows = []] = await batchRows(db, [
    sql`${stored} WHERE ${sql.join(wanted, sql` AND `)} ORDER BY id DESC LIMIT ${limit}`,
  ])
  return rows.map(read)
}

/** Makes a delivery due again, from its first attempt. @returns undefined while it is being sent, or its endpoint is disabled. */
export async function restartDelivery(
  db: Db,
  id: number,
  now: number,
  record: IdempotencyRecord,
): Promise<StoredDelivery | undefined> {
  const rows = await unlessRefused(
    batchRows(db, [
      refuseUnless(sql`EXISTS (SELECT 1 FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
        WHERE d.id = ${id} AND w.enabled = 1 AND (d.lease IS NULL OR d.next_attempt_at <= ${now}))`),
      sql`UPDATE deliveries SET status = 'pending', attempts = 0, next_attempt_at = CAST(${now} AS INTEGER), lease = NULL,
            last_status = NULL, last_error = '', delivered_at = NULL WHERE id = ${id}`,
      sql`UPDATE webhooks SET rests_until = 0 WHERE id = (SELECT webhook_id FROM deliveries WHERE id = ${id})`,
      ...(await keepDelivery(id, record)),
      sql`${stored} WHERE id = ${id}`,
    ]),
  )
  return rows?.at(-1)?.map(read)[0]
}
