import { sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import type { webhooks } from '../db/schema.ts'
import type { Format } from './formats.ts'

export type WebhookRow = typeof webhooks.$inferSelect

/** An endpoint without its secret, as one JSON text; `createdAt` in milliseconds. */
export type StoredWebhook = {
  id: string
  url: string
  format: Format
  events: string[]
  enabled: boolean
  createdAt: number
}

const stored = sql`SELECT json_object('id', id, 'url', url, 'format', format, 'events', json(events),
  'enabled', json(iif(enabled, 'true', 'false')), 'createdAt', created_at) AS outcome FROM webhooks`

const read = (row: Record<string, unknown> | undefined): StoredWebhook | undefined =>
  row && JSON.parse(row.outcome as string)

export type NewWebhookRow = Omit<WebhookRow, 'events' | 'enabled' | 'restsUntil'> & { events: string[] }

/** @returns undefined where there are `maxEndpoints` already. */
export async function insertWebhook(
  db: Db,
  row: NewWebhookRow,
  maxEndpoints: number,
  record: IdempotencyRecord,
  shown: { secret: string },
) {
  const outcome = sql`${stored} WHERE id = ${row.id}`
  const rows = await batchRows(db, [
    sql`INSERT INTO webhooks (id, url, format, events, secret, created_at)
        SELECT ${row.id}, ${row.url}, ${row.format}, ${JSON.stringify(row.events)}, ${row.secret}, CAST(${row.createdAt} AS INTEGER)
        WHERE (SELECT COUNT(*) FROM webhooks) < ${maxEndpoints}`,
    ...(await record.insert(outcome, { secret: shown })),
    outcome,
  ])
  return read(rows.at(-1)?.[0])
}

export async function listWebhooks(db: Db): Promise<StoredWebhook[]> {
  const [rows = []] = await batchRows(db, [sql`${stored} ORDER BY created_at, id`])
  return rows.map((row) => read(row) as StoredWebhook)
}

export async function findWebhook(db: Db, id: string): Promise<StoredWebhook | undefined> {
  const [rows] = await batchRows(db, [sql`${stored} WHERE id = ${id}`])
  return read(rows?.[0])
}

export type WebhookChange = {
  url?: string | undefined
  events?: string[] | undefined
  format?: Format | undefined
  enabled?: boolean | undefined
}

/** What an earlier receiver asked for, a rest, ends with a new URL and when an endpoint is enabled again. */
export async function updateWebhook(
  db: Db,
  id: string,
  { url, events, format, enabled }: WebhookChange,
  record: IdempotencyRecord,
) {
  const newReceiver = Number(url !== undefined || enabled === true)
  const outcome = sql`${stored} WHERE id = ${id}`
  const rows = await batchRows(db, [
    sql`UPDATE webhooks SET url = COALESCE(${url ?? null}, url), format = COALESCE(${format ?? null}, format),
          events = COALESCE(${events ? JSON.stringify(events) : null}, events),
          enabled = COALESCE(CAST(${enabled === undefined ? null : Number(enabled)} AS INTEGER), enabled),
          rests_until = iif(${newReceiver}, 0, rests_until)
        WHERE id = ${id}`,
    ...(await record.insert(outcome)),
    outcome,
  ])
  return read(rows.at(-1)?.[0])
}

/** @returns false when there is none. Its deliveries go with it. */
export async function deleteWebhook(db: Db, id: string): Promise<boolean> {
  const [rows] = await batchRows(db, [sql`DELETE FROM webhooks WHERE id = ${id} RETURNING id`])
  return rows?.length === 1
}

export const listSealedSecrets = (db: Db) =>
  db.all<{ id: string; sealed: string }>(sql`SELECT id, secret AS sealed FROM webhooks`)

/** Replaces an encrypted secret, unless it has changed since it was read. */
export const updateSealedSecret = (db: Db, id: string, from: string, to: string) =>
  db.run(sql`UPDATE webhooks SET secret = ${to} WHERE id = ${id} AND secret = ${from}`)
