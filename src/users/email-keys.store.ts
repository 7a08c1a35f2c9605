import { sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'

export type UnkeyedEmail = { id: number; username: string; email: string }

/** Users whose email has no folded key yet. */
export const listUnkeyedEmails = (db: Db, limit: number): Promise<UnkeyedEmail[]> =>
  db.all<UnkeyedEmail>(
    sql`SELECT id, username, email FROM users WHERE email IS NOT NULL AND email_key IS NULL ORDER BY id LIMIT ${limit}`,
  )

/**
 * Stores the keys of these emails, unless the email has changed. If another user has the same key, a line break and the
 * id are appended, which no email contains: both users keep their email, and nobody else can take it.
 * @returns the ids of users whose key was taken.
 */
export async function updateEmailKeys(db: Db, keyed: { id: number; email: string; key: string }[]): Promise<number[]> {
  const rows = await batchRows(
    db,
    keyed.map(
      ({ id, email, key }) => sql`
        UPDATE users SET email_key = ${key} || iif(EXISTS (SELECT 1 FROM users WHERE email_key = ${key}), char(10) || id, '')
        WHERE id = ${id} AND email = ${email} AND email_key IS NULL RETURNING id, email_key <> ${key} AS collides`,
    ),
  )
  return rows.flat().flatMap(({ id, collides }) => (collides ? [id as number] : []))
}
