import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'
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

/** The statements that store the delivery which `where` finds as the outcome of a call. */
export const recordDelivery = (where: SQL, record: IdempotencyRecord): Promise<SQLWrapper[]> =>
  record.insert(sql`${stored} WHERE ${where}`, {
    about: sql`(SELECT COALESCE(user_id, 0) FROM deliveries WHERE ${where})`,
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

/**
 * Makes a delivery due again, from its first attempt. `writeId` marks what this write changed, as a lease that is over.
 * @returns undefined while it is being sent, or its endpoint is disabled.
 */
export async function restartDelivery(
  db: Db,
  id: number,
  { now, writeId }: { now: number; writeId: string },
  record: IdempotencyRecord,
): Promise<StoredDelivery | undefined> {
  const restarted = sql`id = ${id} AND lease = ${writeId}`
  const rows = await batchRows(db, [
    sql`UPDATE deliveries SET status = 'pending', attempts = 0, next_attempt_at = CAST(${now} AS INTEGER), lease = ${writeId},
          last_status = NULL, last_error = '', delivered_at = NULL
        WHERE id = ${id} AND (lease IS NULL OR next_attempt_at <= ${now})
          AND EXISTS (SELECT 1 FROM webhooks WHERE webhooks.id = deliveries.webhook_id AND enabled = 1)`,
    sql`UPDATE webhooks SET rests_until = 0 WHERE id = (SELECT webhook_id FROM deliveries WHERE ${restarted})`,
    ...(await recordDelivery(restarted, record)),
    sql`${stored} WHERE ${restarted}`,
  ])
  return rows.at(-1)?.map(read)[0]
}
