import { type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'
import type { EventName } from './events.ts'

export type Note = {
  /** Its name, or the column of `source`, as `s`, that has it. */
  event: EventName | SQL
  /** Unique to each row of `source`, as `s`; becomes the `webhook-id` header. */
  eventId: string | SQL
  /** A `SELECT` of `user_id` (or NULL), `once_key` (text, unique to what happened) and `data` (JSON text). */
  source: SQL
  /** Milliseconds. */
  now: number | SQL
  /** 1 is sent after everything else. */
  priority?: 0 | 1
}

/**
 * The statement that puts events into the outbox, for the batch that causes them. It inserts one delivery for each row of
 * `source` and each enabled endpoint that subscribes to the event, unless its `once_key` is there already, and returns the
 * ids. CROSS JOIN fixes the order of the join: if no endpoint subscribes, `source` is not read.
 */
export function noteEvents({ event, eventId, source, now, priority = 0 }: Note): SQL {
  return sql`
    INSERT INTO deliveries (webhook_id, user_id, event_id, event, once_key, payload, priority, next_attempt_at, created_at)
    SELECT w.id, s.user_id, ${eventId}, ${event}, s.once_key,
      json_object('type', ${event}, 'timestamp', strftime('%Y-%m-%dT%H:%M:%fZ', ${now} / 1000.0, 'unixepoch'), 'data', json(s.data)),
      CAST(${priority} AS INTEGER), CAST(${now} AS INTEGER), CAST(${now} AS INTEGER)
    FROM webhooks w CROSS JOIN json_each(w.events) asked CROSS JOIN (${source}) s
    WHERE w.enabled = 1 AND asked.value = ${event}
    ON CONFLICT (once_key, webhook_id) DO NOTHING RETURNING id`
}

/** Puts an event into the outbox in its own transaction. @returns whether any endpoint subscribes to it. */
export async function insertEvent(
  db: Db,
  { onceKey, data, ...note }: Omit<Note, 'source'> & { onceKey: string; data: Record<string, unknown> },
): Promise<boolean> {
  const source = sql`SELECT NULL AS user_id, ${onceKey} AS once_key, ${JSON.stringify(data)} AS data`
  const [noted = []] = await batchRows(db, [noteEvents({ ...note, source })])
  return noted.length > 0
}
