import { and, eq, type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db, refuseUnless, unlessRefused } from '../db/client.ts'
import type { Once } from '../db/once.ts'
import { users } from '../db/schema.ts'
import type { UserRef } from './user-ref.ts'

export type User = typeof users.$inferSelect

/** The condition that picks this user. */
export const isUser = (ref: UserRef): SQL =>
  'id' in ref ? sql`users.id = ${ref.id}` : sql`users.username = ${ref.username}`

export const findUser = (db: Db, ref: UserRef): Promise<User | undefined> =>
  db.select().from(users).where(isUser(ref)).get()

type ProfileRow = { id: number; username: string; email: string; createdAt: number; stats: string }

/** A user with what is stored of their stats, as JSON, in one statement. */
const profiles = sql`SELECT users.id, users.username, COALESCE(users.email, '') AS email, users.created_at AS createdAt,
  (SELECT json_group_array(json_object('stat', stat, 'value', value)) FROM stats WHERE stats.user_id = users.id) AS stats FROM users`

export const findProfile = (db: Db, ref: UserRef): Promise<ProfileRow | undefined> =>
  db.get<ProfileRow | undefined>(sql`${profiles} WHERE ${isUser(ref)}`)

export const listProfiles = (db: Db, usernames: string[]): Promise<ProfileRow[]> =>
  db.all<ProfileRow>(
    sql`${profiles} WHERE users.username IN (SELECT value FROM json_each(${JSON.stringify(usernames)})) ORDER BY users.id`,
  )

/** Names after `after` that begin with `prefix`, in the order of the alphabet whatever their case. */
export async function listUsernames(
  db: Db,
  { prefix = '', after = '', limit }: { prefix?: string | undefined; after?: string | undefined; limit: number },
): Promise<string[]> {
  const begins = prefix ? sql`AND username >= ${prefix} AND username < ${`${prefix}\u{7f}`}` : sql``
  const rows = await db.all<{ username: string }>(
    sql`SELECT username FROM users WHERE username > ${after} ${begins} ORDER BY username LIMIT ${limit}`,
  )
  return rows.map(({ username }) => username)
}

/** The first of these names that nobody has. */
export async function findFreeUsername(db: Db, candidates: string[]): Promise<string | undefined> {
  const free = await db.get<{ value: string } | undefined>(sql`
    SELECT value FROM json_each(${JSON.stringify(candidates)})
    WHERE NOT EXISTS (SELECT 1 FROM users WHERE username = value) LIMIT 1`)
  return free?.value
}

export type NewUserRow = { username: string; email: string | null; passwordHash: string | null; createdAt: number }

/** @returns the new id. Fails on a name or an email that is taken. */
export async function insertUser(db: Db, user: NewUserRow, once: Once, shown?: { password: string }): Promise<number> {
  const outcome = sql`SELECT json_object('id', id, 'username', username) AS outcome FROM users WHERE username = ${user.username}`
  const [created] = await batchRows(db, [
    sql`INSERT INTO users (username, email, password_hash, created_at)
        VALUES (${user.username}, ${user.email}, ${user.passwordHash}, CAST(${user.createdAt} AS INTEGER)) RETURNING id`,
    ...(await once.keep(outcome, {
      secret: shown,
      about: sql`(SELECT id FROM users WHERE username = ${user.username})`,
    })),
  ])
  return created?.[0]?.id as number
}

/** Rewrites a hash, unless it is no longer the one that was verified. */
export const updatePasswordHash = (db: Db, id: number, from: string, to: string) =>
  db
    .update(users)
    .set({ passwordHash: to })
    .where(and(eq(users.id, id), eq(users.passwordHash, from)))
    .run()

export type UserChange = {
  username?: string | undefined
  /** null removes it. */
  email?: string | null | undefined
  passwordHash?: string | undefined
  disabled?: boolean | undefined
}

/** What the change of an account depends on, and what goes with it. */
export type UserChangeTerms = {
  now: number
  /** The change is made only while the account is at this version and not disabled. */
  version?: number
  /** The change is made only with this one-time token, and uses up all that the user has. */
  resetTokenHash?: string
  /** Ends every session, and every token issued before. */
  endTokens?: boolean
  revokeKeys?: boolean
}

export type ChangedUser = { id: number; username: string; email: string; disabled: boolean; keys: number }

/** Changes an account in one batch, all or nothing. @returns undefined when what it depends on no longer holds. */
export async function updateUser(
  db: Db,
  id: number,
  change: UserChange,
  terms: UserChangeTerms,
  once: Once,
): Promise<ChangedUser | undefined> {
  const set: SQL[] = [sql`id = id`]
  if (change.username !== undefined) set.push(sql`username = ${change.username}`)
  if (change.email !== undefined) set.push(sql`email = ${change.email}`)
  if (change.passwordHash !== undefined) set.push(sql`password_hash = ${change.passwordHash}`)
  if (change.disabled !== undefined) set.push(sql`disabled_at = ${change.disabled ? terms.now : null}`)
  if (terms.endTokens) set.push(sql`version = version + 1`)

  const holds = [sql`id = ${id}`]
  if (terms.version !== undefined) holds.push(sql`version = ${terms.version} AND disabled_at IS NULL`)
  if (terms.resetTokenHash !== undefined) {
    holds.push(sql`disabled_at IS NULL AND EXISTS (SELECT 1 FROM password_resets
      WHERE token_hash = ${terms.resetTokenHash} AND user_id = ${id} AND expires_at > ${terms.now})`)
  }
  const outcome = sql`SELECT json_object('id', id, 'username', username, 'email', COALESCE(email, ''),
    'disabled', json(iif(disabled_at IS NULL, 'false', 'true')),
    'keys', (SELECT COUNT(*) FROM api_keys WHERE user_id = users.id AND (expires_at IS NULL OR expires_at > ${terms.now}))) AS outcome
    FROM users WHERE id = ${id}`
  const rows = await unlessRefused(
    batchRows(db, [
      refuseUnless(sql`EXISTS (SELECT 1 FROM users WHERE ${sql.join(holds, sql` AND `)})`),
      sql`UPDATE users SET ${sql.join(set, sql`, `)} WHERE id = ${id}`,
      ...(terms.endTokens ? endTokens(id, terms.now) : []),
      ...(terms.revokeKeys ? [sql`DELETE FROM api_keys WHERE user_id = ${id}`] : []),
      ...(terms.resetTokenHash ? [sql`DELETE FROM password_resets WHERE user_id = ${id}`] : []),
      ...(await once.keep(outcome, { about: id })),
      outcome,
    ]),
  )
  return rows && JSON.parse(rows.at(-1)?.[0]?.outcome as string)
}

/** Ends a user's sessions, and tells every isolate that tokens of versions before the present one are over. */
const endTokens = (id: number, now: number): SQL[] => [
  sql`DELETE FROM sessions WHERE user_id = ${id}`,
  sql`INSERT INTO ended_tokens (subject, version, ended_at)
      SELECT CAST(id AS TEXT), version, CAST(${now} AS INTEGER) FROM users WHERE id = ${id}
      ON CONFLICT (subject) DO UPDATE SET version = excluded.version, ended_at = excluded.ended_at`,
]

/**
 * Deletes a user and everything of that person: what refers to the user goes by its foreign key, kept answers and the
 * lists in alert payloads by name. @returns false when there is no such user (any more, at that version).
 */
export async function deleteUser(
  db: Db,
  id: number,
  { now, version }: { now: number; version?: number },
): Promise<boolean> {
  const still = version === undefined ? sql`` : sql`AND version = ${version}`
  const rows = await unlessRefused(
    batchRows(db, [
      refuseUnless(sql`EXISTS (SELECT 1 FROM users WHERE id = ${id} ${still})`),
      sql`DELETE FROM kept_answers WHERE caller = ${`user:${id}`} OR caller IN (SELECT 'session:' || id FROM sessions WHERE user_id = ${id})`,
      sql`DELETE FROM kept_answers WHERE about = ${id}`,
      sql`DELETE FROM kept_answers WHERE about = 0 AND instr(lower(outcome), (SELECT lower(json_quote(username)) FROM users WHERE id = ${id}))`,
      sql`DELETE FROM deliveries WHERE user_id IS NULL AND instr(lower(payload), (SELECT lower(json_quote(username)) FROM users WHERE id = ${id}))`,
      sql`UPDATE users SET version = version + 1 WHERE id = ${id}`,
      ...endTokens(id, now),
      sql`DELETE FROM users WHERE id = ${id}`,
    ]),
  )
  return rows !== undefined
}

export async function insertPasswordReset(
  db: Db,
  reset: { userId: number; tokenHash: string; expiresAt: number },
  once: Once,
  shown: { token: string; expiresAt: string },
): Promise<void> {
  await batchRows(db, [
    sql`INSERT INTO password_resets (token_hash, user_id, expires_at)
        VALUES (${reset.tokenHash}, ${reset.userId}, CAST(${reset.expiresAt} AS INTEGER))`,
    ...(await once.keep(sql`SELECT '{}' AS outcome`, { secret: shown, about: reset.userId })),
  ])
}

/** Whose one-time token this is, while it is valid. */
export const findPasswordReset = (db: Db, tokenHash: string, now: number) =>
  db.get<{ userId: number } | undefined>(
    sql`SELECT user_id AS userId FROM password_resets WHERE token_hash = ${tokenHash} AND expires_at > ${now}`,
  )
