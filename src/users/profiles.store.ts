import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import type { UserRef } from './user-ref.ts'
import { isUser } from './users.store.ts'

export type ProfileRow = { id: number; username: string; email: string; createdAt: number; stats: string }

/** The columns of a profile. `stats` is JSON, and has only those that were changed. */
const columns = sql`users.id, users.username, COALESCE(users.email, '') AS email, users.created_at AS createdAt,
  (SELECT json_group_array(json_object('stat', stat, 'value', value)) FROM stats WHERE stats.user_id = users.id) AS stats`

export const findProfile = (db: Db, ref: UserRef): Promise<ProfileRow | undefined> =>
  db.get<ProfileRow | undefined>(sql`SELECT ${columns} FROM users WHERE ${isUser(ref)}`)

/** Each once, in the order of the names. */
export const listProfiles = (db: Db, usernames: string[]): Promise<ProfileRow[]> =>
  db.all<ProfileRow>(sql`
    SELECT ${columns} FROM json_each(${JSON.stringify(usernames)}) AS asked CROSS JOIN users ON users.username = asked.value
    GROUP BY users.id ORDER BY MIN(asked.key)`)

/** Names that begin with `prefix`, after the name `after`, in alphabetical order whatever their case. */
export async function listUsernames(
  db: Db,
  { prefix = '', after, limit }: { prefix?: string | undefined; after?: string | undefined; limit: number },
): Promise<string[]> {
  // Only one lower bound: of two, SQLite would seek to one and scan from there to the other.
  const from = after === undefined ? sql`username >= ${prefix}` : sql`username > ${after}`
  const rows = await db.all<{ username: string }>(
    sql`SELECT username FROM users WHERE ${from} AND username < ${`${prefix}\u{7f}`} ORDER BY username LIMIT ${limit}`,
  )
  return rows.map(({ username }) => username)
}
