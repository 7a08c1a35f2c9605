import { type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { isValidAccess } from '../tokens/valid-access.ts'
import { isActiveKey, isUnexpired } from './active-key.store.ts'

/** A row of `api_keys`, as `makeKey` makes it. */
export type NewKeyRow = {
  id: string
  userId: number | null
  name: string
  secretHash: string
  prefix: string
  lastFour: string
  scopes: string
  createdAt: number
  expiresAt: number | null
}

export type ActiveKey = { id: string; userId: number | null; name: string; scopes: string; lastUsedAt: number | null }

/** The active key with this secret. With a username, only that user's keys: an imported key works only beside its owner's name. */
export const findActiveKey = (db: Db, secretHash: string, username: string | undefined, now: number) =>
  db.get<ActiveKey | undefined>(sql`
    SELECT k.id, k.user_id AS userId, k.name, k.scopes, k.last_used_at AS lastUsedAt FROM api_keys k LEFT JOIN users owner ON owner.id = k.user_id
    WHERE k.secret_hash = ${secretHash} AND ${username === undefined ? sql`k.imported = 0` : sql`owner.username = ${username}`}
      AND ${isActiveKey(now)}`)

/** Stores the hour of the last use. Of concurrent calls only one writes. */
export const updateLastUse = (db: Db, id: string, hour: number) =>
  db.run(sql`UPDATE api_keys SET last_used_at = CAST(${hour} AS INTEGER)
    WHERE id = ${id} AND (last_used_at IS NULL OR last_used_at < ${hour})`)

/** A key without its secret. */
export type KeyRow = Omit<NewKeyRow, 'secretHash' | 'userId'> & { lastUsedAt: number | null; username: string }

const keyAsJson = sql`SELECT json_object('id', k.id, 'name', k.name, 'prefix', k.prefix, 'lastFour', k.last_four, 'scopes', k.scopes,
  'createdAt', k.created_at, 'expiresAt', k.expires_at, 'lastUsedAt', k.last_used_at, 'username', COALESCE(u.username, '')) AS outcome
  FROM api_keys k LEFT JOIN users u ON u.id = k.user_id`

/** The unexpired keys of a user, or those that nobody owns; newest first. */
export async function listKeys(db: Db, owner: number | undefined, now: number): Promise<KeyRow[]> {
  const rows = await db.all<{ outcome: string }>(
    sql`${keyAsJson} WHERE k.user_id IS ${owner ?? null} AND ${isUnexpired(now)} ORDER BY k.created_at DESC, k.id`,
  )
  return rows.map(({ outcome }) => JSON.parse(outcome))
}

/** An unexpired key of this user or, without `owner`, of anyone. */
export const findKey = (db: Db, id: string, owner: number | undefined, now: number) =>
  db.get<Pick<NewKeyRow, 'userId' | 'name' | 'scopes' | 'expiresAt'> | undefined>(
    sql`SELECT k.user_id AS userId, k.name, k.scopes, k.expires_at AS expiresAt FROM api_keys k
        WHERE k.id = ${id} AND ${isUnexpired(now)} AND ${isOwnedBy(owner)}`,
  )

const isOwnedBy = (owner: number | undefined): SQL => (owner === undefined ? sql`TRUE` : sql`k.user_id = ${owner}`)

/** The access with which a user makes keys. A key outlives it, so D1 checks that it is still valid. */
export type Access = { userId: number; version: number; sessionId: string | undefined }

export type KeyTerms = {
  now: number
  /** How many unexpired keys the owner may have, this one included. */
  maxKeys: number
  access: Access | undefined
  /** The key that this one replaces, and until when it stays active; without `until` it is deleted. */
  replaces?: { id: string; until: number | undefined }
}

/** Inserts a key if the terms hold, and deletes the owner's expired ones. @returns the key, or which term did not hold. */
export async function insertKey(
  db: Db,
  row: NewKeyRow,
  { now, maxKeys, access, replaces }: KeyTerms,
  record: IdempotencyRecord,
  secret: { key: string },
): Promise<KeyRow | 'access' | 'replaced' | 'limit'> {
  const isValid = access
    ? isValidAccess(access)
    : sql`(${row.userId} IS NULL OR EXISTS (SELECT 1 FROM users WHERE id = ${row.userId}))`
  const isThere = replaces
    ? sql`EXISTS (SELECT 1 FROM api_keys k WHERE k.id = ${replaces.id} AND ${isUnexpired(now)})`
    : sql`TRUE`
  const fits = sql`(SELECT COUNT(*) FROM api_keys k WHERE k.user_id = ${row.userId} AND ${isUnexpired(now)}) < ${maxKeys}`
  const outcome = sql`${keyAsJson} WHERE k.id = ${row.id}`
  const rows = await batchRows(db, [
    sql`SELECT ${isValid} AS isValid, ${isThere} AS isThere`,
    sql`DELETE FROM api_keys WHERE user_id IS ${row.userId} AND expires_at <= ${now}`,
    sql`INSERT INTO api_keys (id, user_id, name, secret_hash, prefix, last_four, scopes, created_at, expires_at)
        SELECT ${row.id}, ${row.userId}, ${row.name}, ${row.secretHash}, ${row.prefix}, ${row.lastFour}, ${row.scopes},
          CAST(${row.createdAt} AS INTEGER), CAST(${row.expiresAt} AS INTEGER) WHERE ${isValid} AND ${isThere} AND ${fits}`,
    ...(replaces ? [retire(replaces, row.id)] : []),
    ...(await record.insert(outcome, { secret, about: row.userId ?? undefined })),
    outcome,
  ])
  const [made] = rows.at(-1) ?? []
  if (made) return JSON.parse(made.outcome as string)
  const [terms] = rows[0] ?? []
  return !terms?.isValid ? 'access' : !terms.isThere ? 'replaced' : 'limit'
}

/** Ends the replaced key, now or after the overlap, if its successor was inserted. */
function retire({ id, until }: NonNullable<KeyTerms['replaces']>, successor: string): SQL {
  const isReplaced = sql`EXISTS (SELECT 1 FROM api_keys WHERE id = ${successor})`
  if (until === undefined) return sql`DELETE FROM api_keys WHERE id = ${id} AND ${isReplaced}`
  return sql`UPDATE api_keys SET expires_at = CAST(MIN(COALESCE(expires_at, ${until}), ${until}) AS INTEGER) WHERE id = ${id} AND ${isReplaced}`
}

/** Deletes a key of this user or, without `owner`, of anyone. @returns false if there is none. */
export async function deleteKey(db: Db, id: string, owner: number | undefined): Promise<boolean> {
  const deleted = await db.all(sql`DELETE FROM api_keys AS k WHERE k.id = ${id} AND ${isOwnedBy(owner)} RETURNING id`)
  return deleted.length > 0
}
