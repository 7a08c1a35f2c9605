import { and, eq, type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { users } from '../db/schema.ts'
import { foldEmail } from './fold-email.ts'
import type { UserRef } from './user-ref.ts'

export type User = typeof users.$inferSelect

/** The condition that picks this user. */
export const isUser = (ref: UserRef): SQL =>
  'id' in ref ? sql`users.id = ${ref.id}` : sql`users.username = ${ref.username}`

export const findUser = (db: Db, ref: UserRef): Promise<User | undefined> =>
  db.select().from(users).where(isUser(ref)).get()

export type NewUserRow = {
  usernames: string[]
  email: string | null
  passwordHash: string | null
  createdAt: number
}

/** Takes the first of these names that is free. Fails where none is, by NOT NULL, and on an email that is taken. */
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

/** Which write it is, on what it depends, and what goes with it. */
export type UserChangeTerms = {
  writeId: string
  now: number
  /** The change is made only while the account is at this version and not disabled. */
  version?: number
  /** The change is made only while this one-time token is not used up, and the account not disabled. */
  resetTokenHash?: string
  revokeKeys?: boolean
}

export type ChangedUser = { id: number; username: string; email: string; disabled: boolean; keys: number }

/**
 * Changes an account in one batch, all or nothing. A new password ends every session, every token issued before and
 * every one-time token; so does disabling the account. @returns undefined when what it depends on no longer holds.
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

  const holds = [sql`id = ${id}`]
  if (version !== undefined) holds.push(sql`disabled_at IS NULL AND version = ${version}`)
  if (resetTokenHash !== undefined) {
    holds.push(sql`disabled_at IS NULL AND EXISTS (SELECT 1 FROM password_resets WHERE token_hash = ${resetTokenHash})`)
  }
  const write = { id, writeId }
  const outcome = sql`SELECT json_object('id', id, 'username', username, 'email', COALESCE(email, ''),
    'disabled', json(iif(disabled_at IS NULL, 'false', 'true')),
    'keys', (SELECT COUNT(*) FROM api_keys WHERE user_id = users.id AND (expires_at IS NULL OR expires_at > ${now}))) AS outcome
    FROM users WHERE ${isWritten(write)}`
  const rows = await batchRows(db, [
    sql`UPDATE users SET ${sql.join(set, sql`, `)} WHERE ${sql.join(holds, sql` AND `)}`,
    ...(change.username === undefined ? [] : rename(write, change.username)),
    ...(endsTokens ? [...endTokens(write, now), deleteOf('password_resets', write)] : []),
    ...(revokeKeys ? [deleteOf('api_keys', write)] : []),
    ...(await record.insert(outcome, { about: id })),
    outcome,
  ])
  const changed = rows.at(-1)?.[0]
  return changed && JSON.parse(changed.outcome as string)
}

/** A write of a user's row; the other statements of its batch have an effect only if it was made. */
type Write = { id: number; writeId: string }

const isWritten = ({ id, writeId }: Write): SQL => sql`id = ${id} AND write_id = ${writeId}`

const deleteOf = (table: 'sessions' | 'password_resets' | 'api_keys', write: Write): SQL =>
  sql`DELETE FROM ${sql.raw(table)} WHERE user_id = (SELECT id FROM users WHERE ${isWritten(write)})`

/** Ends a user's sessions, and tells every isolate that tokens of versions before the present one are revoked. */
const endTokens = (write: Write, now: number): SQL[] => [
  deleteOf('sessions', write),
  sql`INSERT INTO revocations (subject, version, revoked_at) SELECT CAST(id AS TEXT), version, ${now} FROM users WHERE ${isWritten(write)}
      ON CONFLICT (subject) DO UPDATE SET version = excluded.version, revoked_at = excluded.revoked_at`,
]

const rename = (write: Write, username: string): SQL[] => [
  ...replaceName(write, username),
  sql`UPDATE jobs SET payload = json_set(payload, '$.usernames', json((
        SELECT json_group_array(iif(value = ${nameOf(write)} COLLATE NOCASE, ${username}, value)) FROM json_each(payload, '$.usernames'))))
      WHERE ${isNamedInJob(write)}`,
  sql`UPDATE users SET username = ${username} WHERE ${isWritten(write)}`,
]

const nameOf = (write: Write): SQL => sql`(SELECT username FROM users WHERE ${isWritten(write)})`

/** True for a job whose payload lists the user in `usernames`. */
const isNamedInJob = (write: Write): SQL =>
  sql`EXISTS (SELECT 1 FROM json_each(jobs.payload, '$.usernames') WHERE value = ${nameOf(write)} COLLATE NOCASE)`

/**
 * Replaces the user's name where a response, an alert or a job's payload names several users, each as `"username":"…"`.
 * Each new name is written there too, so that nothing of it is left when the account goes.
 */
function replaceName(write: Write, to: string): SQL[] {
  const from = sql`(SELECT '"username":' || json_quote(username) FROM users WHERE ${isWritten(write)})`
  const by = `"username":${JSON.stringify(to)}`
  return [
    sql`UPDATE idempotency_records SET outcome = replace(outcome, ${from}, ${by}) WHERE about = 0 AND instr(outcome, ${from})`,
    sql`UPDATE deliveries SET payload = replace(payload, ${from}, ${by}) WHERE user_id IS NULL AND instr(payload, ${from})`,
    sql`UPDATE jobs SET payload = replace(payload, ${from}, ${by}) WHERE instr(payload, ${from})`,
  ]
}

/** Takes the user's name out of the lists of jobs. A job whose list is then empty is switched off: it has nobody to run for. */
function leaveJobs(write: Write): SQL {
  const others = sql`FROM json_each(payload, '$.usernames') WHERE value <> ${nameOf(write)} COLLATE NOCASE`
  const isEmptied = sql`NOT EXISTS (SELECT 1 ${others})`
  return sql`UPDATE jobs SET enabled = iif(${isEmptied}, 0, enabled), next_run_at = iif(${isEmptied}, NULL, next_run_at),
      payload = json_set(payload, '$.usernames', json((SELECT json_group_array(value) ${others})))
    WHERE ${isNamedInJob(write)}`
}

/**
 * Deletes a user and everything about that person: rows that refer to the user go by their foreign key; idempotency
 * records go here, and so does the name in records, alerts and jobs that are about others too.
 * @returns false when there is no such user (any more, at that version).
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

/** @returns false when there is no such user. */
export async function insertPasswordReset(
  db: Db,
  ref: UserRef,
  { tokenHash, expiresAt }: { tokenHash: string; expiresAt: number },
  record: IdempotencyRecord,
  shown: { token: string; expiresAt: string },
): Promise<boolean> {
  const made = sql`FROM password_resets WHERE token_hash = ${tokenHash}`
  const [inserted] = await batchRows(db, [
    sql`INSERT INTO password_resets (token_hash, user_id, expires_at)
        SELECT ${tokenHash}, id, ${expiresAt} FROM users WHERE ${isUser(ref)} RETURNING user_id`,
    ...(await record.insert(sql`SELECT '{}' AS outcome ${made}`, {
      secret: shown,
      about: sql`(SELECT user_id ${made})`,
    })),
  ])
  return inserted?.length === 1
}

/** Whose one-time token this is, while it is valid. */
export const findPasswordReset = (db: Db, tokenHash: string, now: number) =>
  db.get<{ userId: number } | undefined>(
    sql`SELECT user_id AS userId FROM password_resets WHERE token_hash = ${tokenHash} AND expires_at > ${now}`,
  )
