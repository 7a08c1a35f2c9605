import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'

/** The service's state and the tokens ended since `since` (milliseconds), in one statement. */
export async function findControls(db: Db, since: number) {
  const rows = await db.all<{ subject: string; value: number | null }>(sql`
    SELECT 'service' AS subject, stopped_at AS value FROM service_state
    UNION ALL
    SELECT subject, version FROM ended_tokens WHERE ended_at >= ${since}`)
  return {
    stoppedAt: rows.find((row) => row.subject === 'service')?.value ?? undefined,
    ended: new Map(rows.filter((row) => row.subject !== 'service').map((row) => [row.subject, row.value ?? 0])),
  }
}
