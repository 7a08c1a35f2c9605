import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { isActiveKey } from '../keys/active-key.ts'
import type { Scope } from '../keys/scopes.ts'

/** What has to be known of a credit account before a movement of it can be written as SQL. */
export type Account = { userId: number; version: number; anchorDay: number; timeZone: string }

/** An API key, and its owner's account if it has an owner. */
export type KeyAccount = { keyId: string; scopes: Scope[]; account: Account | undefined }

/** An account's settings, for `credit_accounts` joined as `a`: a user who never had a setting changed has no row there. */
export const accountSettings: SQL = sql`COALESCE(a.version, 0) AS version, COALESCE(a.anchor_day, 1) AS anchorDay, COALESCE(a.time_zone, 'UTC') AS timeZone`

export const findAccount = (db: Db, userId: number): Promise<Account | undefined> =>
  db.get<Account | undefined>(sql`
    SELECT u.id AS userId, ${accountSettings} FROM users u LEFT JOIN credit_accounts a ON a.user_id = u.id WHERE u.id = ${userId}`)

/** The active key with this secret and its owner's account. With a username, only that user's keys, imported ones included. */
export async function findKeyAccount(
  db: Db,
  secretHash: string,
  username: string | undefined,
  now: number,
): Promise<KeyAccount | undefined> {
  const named = username === undefined ? sql`k.imported = 0` : sql`owner.username = ${username}`
  const row = await db.get<(Account & { keyId: string; scopes: string; userId: number | null }) | undefined>(sql`
    SELECT k.id AS keyId, k.scopes, k.user_id AS userId, ${accountSettings}
    FROM api_keys k LEFT JOIN users owner ON owner.id = k.user_id LEFT JOIN credit_accounts a ON a.user_id = k.user_id
    WHERE k.secret_hash = ${secretHash} AND ${named} AND ${isActiveKey(now)}`)
  if (!row) return undefined
  const { keyId, scopes, userId, version, anchorDay, timeZone } = row
  const account = userId === null ? undefined : { userId, version, anchorDay, timeZone }
  return { keyId, scopes: scopes.split(' ') as Scope[], account }
}
