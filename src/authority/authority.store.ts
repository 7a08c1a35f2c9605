import { type SQL, sql } from 'drizzle-orm'
import { isActiveKey } from '../keys/active-key.ts'

/** The condition that the authority of `item`, the JSON of an item of a write set, is valid at its `now`. */
export const isAuthorized = (
  item: SQL,
): SQL => sql`CASE ${item} ->> '$.authority.kind' WHEN 'service' THEN 1 WHEN 'key' THEN
  EXISTS (SELECT 1 FROM api_keys k LEFT JOIN users owner ON owner.id = k.user_id
    WHERE k.id = ${item} ->> '$.authority.keyId' AND ${isActiveKey(sql`${item} ->> 'now'`)}
      AND (instr(' ' || k.scopes || ' ', ' admin ') > 0
        OR instr(' ' || k.scopes || ' ', ' ' || (${item} ->> '$.authority.scope') || ' ') > 0))
  ELSE EXISTS (SELECT 1 FROM users u WHERE u.id = ${item} ->> '$.authority.userId'
      AND u.version = ${item} ->> '$.authority.version' AND u.disabled_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM revocations WHERE subject = COALESCE(${item} ->> '$.authority.sessionId', '')) END`

/** Since when the service is stopped for this item, or NULL. */
export const stoppedAt = (item: SQL): SQL =>
  sql`iif(${item} ->> '$.authority.whileStopped', NULL, (SELECT stopped_at FROM service_state))`

/** Stores the hour in which the keys of `items`, a table of the items' JSON `item`, were used last. */
export const noteKeyUse = (items: SQL): SQL => sql`
  UPDATE api_keys SET last_used_at = used.hour
  FROM (SELECT item ->> '$.authority.keyId' AS id, (item ->> 'now') - (item ->> 'now') % 3600000 AS hour FROM (${items}) GROUP BY 1) AS used
  WHERE api_keys.id = used.id AND COALESCE(last_used_at, 0) < used.hour`
