import { type Placeholder, type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'
import type { EventName } from './events.ts'

export type Note = {
  event: EventName
  /** Unique to this statement; becomes the `webhook-id` header. Further rows of `source` get it with a number. */
  eventId: string | SQL
  /** A `SELECT` of `user_id` (or NULL), `once_key` (text, unique to what happened) and `data` (JSON text). */
  source: SQL
  /** Milliseconds. */
  now: number | Placeholder | string | null
  /** 1: after everything else. */
  priority?: 0 | 1
}

/**
 * The statement that puts events into the outbox, for the batch that causes them. It inserts one delivery for each row of
 * `source` and each enabled endpoint that asked for the event, unless its `once_key` is there already, and returns their
 * ids. CROSS JOIN keeps the order: while no endpoint asks for the event, `source` is not read.
 */
export function noteEvents({ event, eventId, source, now, priority = 0 }: Note): SQL {
  return sql`
    INSERT INTO deliveries (webhook_id, user_id, event_id, event, once_key, payload, priority, next_attempt_at, created_at)
    SELECT w.id, s.user_id, ${eventId} || iif(s.n = 1, '', '_' || s.n), ${event}, s.once_key,
      json_object('type', ${event}, 'timestamp', strftime('%Y-%m-%dT%H:%M:%fZ', ${now} / 1000.0, 'unixepoch'), 'data', json(s.data)),
      CAST(${priority} AS INTEGER), CAST(${now} AS INTEGER), CAST(${now} AS INTEGER)
    FROM webhooks w CROSS JOIN json_each(w.events) asked CROSS JOIN (SELECT *, ROW_NUMBER() OVER () AS n FROM (${source})) s
    WHERE w.enabled = 1 AND asked.value = ${event}
    ON CONFLICT (once_key, webhook_id) DO NOTHING RETURNING id`
}

/** Puts an event into the outbox by itself. @returns whether any endpoint asked for it. */
export async function insertEvent(
  db: Db,
  { onceKey, data, ...note }: Omit<Note, 'source'> & { onceKey: string; data: Record<string, unknown> },
): Promise<boolean> {
  const source = sql`SELECT NULL AS user_id, ${onceKey} AS once_key, ${JSON.stringify(data)} AS data`
  const [noted = []] = await batchRows(db, [noteEvents({ ...note, source })])
  return noted.length > 0
}
