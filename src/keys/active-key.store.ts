import { type SQL, sql } from 'drizzle-orm'
import type { Bound } from '../db/client.ts'
import type { Scope } from './scopes.ts'

/** The condition "this key has not expired", for keys joined as `k`. A revoked key has no row. */
export const isUnexpired = (now: Bound): SQL => sql`(k.expires_at IS NULL OR k.expires_at > ${now})`

/**
 * The condition "this key may act now", for keys joined as `k` and their owners, if any, as `owner`: not expired, and the
 * owner not disabled.
 */
export const isActiveKey = (now: Bound): SQL => sql`${isUnexpired(now)} AND owner.disabled_at IS NULL`

/** The key with this id may act now, and has one of `scopes` or `admin`. For statements that act by that key's right. */
export const mayKeyAct = (keyId: Bound, scopes: Scope[], now: Bound): SQL => sql`EXISTS (
  SELECT 1 FROM api_keys k LEFT JOIN users owner ON owner.id = k.user_id
  WHERE k.id = ${keyId} AND ${isActiveKey(now)} AND (${sql.join(
    [...scopes, 'admin'].map((scope) => sql`instr(' ' || k.scopes || ' ', ${sql.raw(`' ${scope} '`)}) > 0`),
    sql` OR `,
  )}))`
