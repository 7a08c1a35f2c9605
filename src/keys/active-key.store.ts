import { type SQL, sql } from 'drizzle-orm'
import type { Bound } from '../db/client.ts'

/** The condition "this key has not expired", for keys joined as `k`. A revoked key has no row. */
export const isUnexpired = (now: Bound | SQL): SQL => sql`(k.expires_at IS NULL OR k.expires_at > ${now})`

/**
 * The condition "this key may act now", for keys joined as `k` and their owners, if any, as `owner`: not expired, and the
 * owner not disabled.
 */
export const isActiveKey = (now: Bound | SQL): SQL => sql`${isUnexpired(now)} AND owner.disabled_at IS NULL`
