import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'

/** What has to be known of a credit account before a movement of it can be written as SQL. */
export type Account = { userId: number; version: number; anchorDay: number; timeZone: string }

/** An account's settings, for `credit_accounts` joined as `a`: a user who never had a setting changed has no row there. */
export const accountSettings: SQL = sql`COALESCE(a.version, 0) AS version, COALESCE(a.anchor_day, 1) AS anchorDay, COALESCE(a.time_zone, 'UTC') AS timeZone`

export const findAccount = (db: Db, userId: number): Promise<Account | undefined> =>
  db.get<Account | undefined>(sql`
    SELECT u.id AS userId, ${accountSettings} FROM users u LEFT JOIN credit_accounts a ON a.user_id = u.id WHERE u.id = ${userId}`)
