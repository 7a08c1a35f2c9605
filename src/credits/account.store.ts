import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import type { Scope } from '../keys/scopes.ts'
import type { Account, KeyAccount } from './account.ts'

const settings = sql`COALESCE(a.version, 0) AS version, COALESCE(a.anchor_day, 1) AS anchorDay, COALESCE(a.time_zone, 'UTC') AS timeZone`

export const findAccount = (db: Db, userId: number): Promise<Account | undefined> =>
  db.get<Account | undefined>(sql`
    SELECT u.id AS userId, ${settings} FROM users u LEFT JOIN credit_accounts a ON a.user_id = u.id WHERE u.id = ${userId}`)

/** The key with this secret and its owner's account; with a user name only if that user owns it, imported keys included. */
export async function findKeyAccount(
  db: Db,
  secretHash: string,
  username: string | undefined,
  now: number,
): Promise<KeyAccount | undefined> {
  const named = username === undefined ? sql`k.imported = 0` : sql`u.username = ${username}`
  const row = await db.get<(Account & { keyId: string; scopes: string; userId: number | null }) | undefined>(sql`
    SELECT k.id AS keyId, k.scopes, k.user_id AS userId, ${settings}
    FROM api_keys k LEFT JOIN users u ON u.id = k.user_id LEFT JOIN credit_accounts a ON a.user_id = k.user_id
    WHERE k.secret_hash = ${secretHash} AND ${named} AND (k.expires_at IS NULL OR k.expires_at > ${now})`)
  if (!row) return undefined
  const { keyId, scopes, userId, version, anchorDay, timeZone } = row
  const account = userId === null ? undefined : { userId, version, anchorDay, timeZone }
  return { keyId, scopes: scopes.split(' ') as Scope[], account }
}
