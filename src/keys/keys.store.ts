import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'

export type StandingKey = { id: string; userId: number | null; scopes: string; lastUsedAt: number | null }

/** The key with this secret, while it stands and its owner is not disabled. */
export const findStandingKey = (db: Db, secretHash: string, now: number) =>
  db.get<StandingKey | undefined>(sql`
    SELECT k.id, k.user_id AS userId, k.scopes, k.last_used_at AS lastUsedAt FROM api_keys k LEFT JOIN users u ON u.id = k.user_id
    WHERE k.secret_hash = ${secretHash} AND k.imported = 0 AND (k.expires_at IS NULL OR k.expires_at > ${now}) AND u.disabled_at IS NULL`)
