/** What the console lists across users. */
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { foldEmail } from '../users/fold-email.ts'

/** What a user has spent of the credits that are valid now. */
export type Spending = { username: string; spent: number }

const isValid = (now: number): SQL => sql`closed = 0 AND expires_at > ${now} AND effective_from <= ${now}`

/** Who has spent most. Reads a row for each user who has credits: for the operator only. */
export const listSpenders = (db: Db, now: number, limit: number) =>
  db.all<Spending>(sql`
    SELECT username, spent FROM (
      SELECT user_id, SUM(amount - remaining) AS spent FROM grants WHERE ${isValid(now)}
      GROUP BY user_id HAVING spent > 0 ORDER BY spent DESC, user_id LIMIT ${limit}) CROSS JOIN users ON users.id = user_id`)

/** The same for users with these names, in the order of the names. */
export const listSpending = (db: Db, now: number, names: string[]) =>
  db.all<Spending>(sql`
    SELECT username, COALESCE((SELECT SUM(amount - remaining) FROM grants WHERE user_id = users.id AND ${isValid(now)}), 0) AS spent
    FROM json_each(${JSON.stringify(names)}) CROSS JOIN users ON users.username = value`)

/** The name of the user with this number, or with this email in whatever case. */
export const findName = (db: Db, by: { id: number } | { email: string }) =>
  db.get<{ username: string } | undefined>(
    sql`SELECT username FROM users WHERE ${'id' in by ? sql`id = ${by.id}` : sql`email_key = ${foldEmail(by.email)}`}`,
  )
