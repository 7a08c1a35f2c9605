import { type SQL, sql } from 'drizzle-orm'

/** True for the key `k` (an alias of `api_keys`) while it may act: it has not expired, and its owner is not disabled. */
export const isActiveKey = (now: number | SQL): SQL =>
  sql`((k.expires_at IS NULL OR k.expires_at > ${now})
    AND NOT EXISTS (SELECT 1 FROM users WHERE users.id = k.user_id AND users.disabled_at IS NOT NULL))`
