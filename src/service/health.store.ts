import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'

/** Whether this migration was applied, and since when the service is stopped, if it is. */
export const findHealth = (db: Db, migration: string) =>
  db.get<{ migrated: 0 | 1; stoppedAt: number | null }>(sql`
    SELECT EXISTS (SELECT 1 FROM d1_migrations WHERE name = ${migration}) AS migrated,
      (SELECT stopped_at FROM service_state) AS stoppedAt`)
