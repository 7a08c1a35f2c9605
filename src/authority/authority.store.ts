import { type SQL, sql } from 'drizzle-orm'
import { ITEMS } from '../db/write-set.ts'
import { isActiveKey } from '../keys/active-key.ts'
import { isValidAccess } from '../tokens/valid-access.ts'
import type { Authority } from './authority.ts'

/** The condition that the authority of `item`, the JSON of an item of a write set, is valid at its `now`. */
export const isAuthorized = (
  item: SQL,
): SQL => sql`CASE ${item} ->> '$.authority.kind' WHEN 'service' THEN 1 WHEN 'key' THEN
  EXISTS (SELECT 1 FROM api_keys k LEFT JOIN users owner ON owner.id = k.user_id
    WHERE k.id = ${item} ->> '$.authority.keyId' AND ${isActiveKey(sql`${item} ->> 'now'`)}
      AND (instr(' ' || k.scopes || ' ', ' admin ') > 0
        OR instr(' ' || k.scopes || ' ', ' ' || (${item} ->> '$.authority.scope') || ' ') > 0))
  ELSE ${isValidAccess({
    userId: sql`${item} ->> '$.authority.userId'`,
    version: sql`${item} ->> '$.authority.version'`,
    sessionId: sql`${item} ->> '$.authority.sessionId'`,
  })} END`

/** Since when the service is stopped for this item, or NULL. */
export const stoppedAt = (item: SQL): SQL =>
  sql`iif(${item} ->> '$.authority.whileStopped', NULL, (SELECT stopped_at FROM service_state))`

/** Stores the hour in which the keys of `items`, a table of the items' JSON `item`, were used last. */
export const noteKeyUse = (items: SQL): SQL => sql`
  UPDATE api_keys SET last_used_at = used.hour
  FROM (SELECT item ->> '$.authority.keyId' AS id, (item ->> 'now') - (item ->> 'now') % 3600000 AS hour FROM (${items}) GROUP BY 1) AS used
  WHERE api_keys.id = used.id AND COALESCE(last_used_at, 0) < used.hour`

export const isByKey = ({ authority }: { authority: Authority }): boolean => authority.kind === 'key'

/** The statement of a write set that does so for its items. */
export const keyUse = {
  keyUse: { statement: noteKeyUse(sql`SELECT value AS item FROM json_each(${ITEMS})`), where: isByKey },
}
