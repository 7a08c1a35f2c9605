import { and, eq, type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { users } from '../db/schema.ts'
import { isUnexpired } from '../keys/active-key.ts'
import { foldEmail } from './fold-email.ts'
import { isWritten, leaveJobs, renameUser, replaceName, type Write } from './names.store.ts'
import type { UserRef } from './user-ref.ts'

export type User = typeof users.$inferSelect

/** The condition that picks this user. */
export const isUser = (ref: UserRef): SQL =>
  'id' in ref ? sql`users.id = ${ref.id}` : sql`users.username = ${ref.username}`

export const findUser = (db: Db, ref: UserRef): Promise<User | undefined> =>
  db.select().from(users).where(isUser(ref)).get()

export type NewUserRow = { usernames: string[]; email: string | null; passwordHash: string | null; createdAt: number }

/** Inserts a user with the first of these names that is free. Fails by NOT NULL if none is, and on an email that is taken. */
export async function insertUser(
  db: Db,
  { usernames, email, passwordHash, createdAt }: NewUserRow,
  record: IdempotencyRecord,
  shown?: { password: string },
): Promise<{ id: number; username: string }> {
  const [created] = await batchRows(db, [
    sql`INSERT INTO users (username, email, email_key, password_hash, created_at) VALUES (
        (SELECT value FROM json_each(${JSON.stringify(usernames)}) WHERE NOT EXISTS (SELECT 1 FROM users WHERE username = value) LIMIT 1),
        ${email}, ${email && foldEmail(email)}, ${passwordHash}, ${createdAt}) RETURNING id, username`,
    ...(await record.insert(
      sql`SELECT json_object('id', id, 'username', username) AS outcome FROM users WHERE id = last_insert_rowid()`,
      { secret: shown, about: sql`last_insert_rowid()` },
    )),
  ])
  return created?.[0] as { id: number; username: string }
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

/** The conditions of a change, and what else it does. */
export type UserChangeTerms = {
  writeId: string
  now: number
  /** Only if the account is still at this version and not disabled. */
  version?: number
  /** Only if this one-time token was not used yet, and the account is not disabled. */
  resetTokenHash?: string
  revokeKeys?: boolean
}

export type ChangedUser = { id: number; username: string; email: string; disabled: boolean; keys: number }

/**
 * Changes an account in one batch, all or nothing. A new password ends every session, every token issued before and
 * every one-time token; so does disabling the account. @returns undefined if a condition did not hold.
 */
export async function updateUser(
  db: Db,
  id: number,
  change: UserChange,
  { writeId, now, version, resetTokenHash, revokeKeys }: UserChangeTerms,
  record: IdempotencyRecord,
): Promise<ChangedUser | undefined> {
  const endsTokens = change.passwordHash !== undefined || change.disabled === true
  const set = [sql`write_id = ${writeId}`]
  if (endsTokens) set.push(sql`version = version + 1`)
  if (change.email !== undefined)
    set.push(sql`email = ${change.email}`, sql`email_key = ${change.email && foldEmail(change.email)}`)
  if (change.passwordHash !== undefined) set.push(sql`password_hash = ${change.passwordHash}`)
  if (change.disabled !== undefined) set.push(sql`disabled_at = ${change.disabled ? now : null}`)

  const conditions = [sql`id = ${id}`]
  if (version !== undefined) conditions.push(sql`disabled_at IS NULL AND version = ${version}`)
  if (resetTokenHash !== undefined) {
    conditions.push(
      sql`disabled_at IS NULL AND EXISTS (SELECT 1 FROM password_resets WHERE token_hash = ${resetTokenHash})`,
    )
  }
  const write = { id, writeId }
  const outcome = sql`SELECT json_object('id', id, 'username', username, 'email', COALESCE(email, ''),
    'disabled', json(iif(disabled_at IS NULL, 'false', 'true')),
    'keys', (SELECT COUNT(*) FROM api_keys k WHERE k.user_id = users.id AND ${isUnexpired(now)})) AS outcome
    FROM users WHERE ${isWritten(write)}`
  const rows = await batchRows(db, [
    sql`UPDATE users SET ${sql.join(set, sql`, `)} WHERE ${sql.join(conditions, sql` AND `)}`,
    ...(change.username === undefined ? [] : renameUser(write, change.username)),
    ...(endsTokens ? [...endTokens(write, now), deleteOf('password_resets', write)] : []),
    ...(revokeKeys ? [deleteOf('api_keys', write)] : []),
    ...(await record.insert(outcome, { about: id })),
    outcome,
  ])
  const changed = rows.at(-1)?.[0]
  return changed && JSON.parse(changed.outcome as string)
}

const deleteOf = (table: 'sessions' | 'password_resets' | 'api_keys', write: Write): SQL =>
  sql`DELETE FROM ${sql.raw(table)} WHERE user_id = (SELECT id FROM users WHERE ${isWritten(write)})`

/** Ends the user's sessions, and revokes the access tokens of earlier versions. */
const endTokens = (write: Write, now: number): SQL[] => [
  deleteOf('sessions', write),
  sql`INSERT INTO revocations (subject, version, revoked_at) SELECT CAST(id AS TEXT), version, ${now} FROM users WHERE ${isWritten(write)}
      ON CONFLICT (subject) DO UPDATE SET version = excluded.version, revoked_at = excluded.revoked_at`,
]

/**
 * Deletes a user and everything about that person. Foreign keys delete the rows that refer to the user. Idempotency
 * records are deleted here, and the name in records, alerts and jobs that are about others too.
 * @returns false if there is no such user, or not at that version.
 */
export async function deleteUser(
  db: Db,
  id: number,
  { writeId, now, version }: Pick<UserChangeTerms, 'writeId' | 'now' | 'version'>,
): Promise<boolean> {
  const write = { id, writeId }
  const isAtVersion = version === undefined ? sql`` : sql`AND version = ${version}`
  const rows = await batchRows(db, [
    sql`UPDATE users SET version = version + 1, write_id = ${writeId} WHERE id = ${id} ${isAtVersion}`,
    sql`DELETE FROM idempotency_records WHERE (caller = ${`user:${id}`} OR about = ${id})
        AND EXISTS (SELECT 1 FROM users WHERE ${isWritten(write)})`,
    ...replaceName(write, ''),
    leaveJobs(write),
    ...endTokens(write, now),
    sql`DELETE FROM users WHERE ${isWritten(write)} RETURNING id`,
  ])
  return rows.at(-1)?.length === 1
}
