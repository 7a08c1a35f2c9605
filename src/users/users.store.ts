import { and, eq, type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db, refuseUnless, unlessRefused } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { users } from '../db/schema.ts'
import type { UserRef } from './user-ref.ts'

export type User = typeof users.$inferSelect

/** The condition that picks this user. */
export const isUser = (ref: UserRef): SQL =>
  'id' in ref ? sql`users.id = ${ref.id}` : sql`users.username = ${ref.username}`

export const findUser = (db: Db, ref: UserRef): Promise<User | undefined> =>
  db.select().from(users).where(isUser(ref)).get()

export type NewUserRow = { usernames: string[]; email: string | null; passwordHash: string | null; createdAt: number }

/** Takes the first of these names that is free. Fails where none is, by NOT NULL, and on an email that is taken. */
export async function insertUser(
  db: Db,
  { usernames, email, passwordHash, createdAt }: NewUserRow,
  record: IdempotencyRecord,
  shown?: { password: string },
): Promise<{ id: number; username: string }> {
  const [created] = await batchRows(db, [
    sql`INSERT INTO users (username, email, password_hash, created_at) VALUES (
        (SELECT value FROM json_each(${JSON.stringify(usernames)}) WHERE NOT EXISTS (SELECT 1 FROM users WHERE username = value) LIMIT 1),
        ${email}, ${passwordHash}, ${createdAt}) RETURNING id, username`,
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

/** What the change of an account depends on, and what goes with it. */
export type UserChangeTerms = {
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
  { now, version, resetTokenHash, revokeKeys }: UserChangeTerms,
  record: IdempotencyRecord,
): Promise<ChangedUser | undefined> {
  const ends = change.passwordHash !== undefined || change.disabled === true
  const set = [sql`version = version + ${ends ? 1 : 0}`]
  if (change.username !== undefined) set.push(sql`username = ${change.username}`)
  if (change.email !== undefined) set.push(sql`email = ${change.email}`)
  if (change.passwordHash !== undefined) set.push(sql`password_hash = ${change.passwordHash}`)
  if (change.disabled !== undefined) set.push(sql`disabled_at = ${change.disabled ? now : null}`)

  const holds = [sql`id = ${id}`]
  if (version !== undefined) holds.push(sql`disabled_at IS NULL AND version = ${version}`)
  if (resetTokenHash !== undefined) {
    holds.push(sql`disabled_at IS NULL AND EXISTS (SELECT 1 FROM password_resets WHERE token_hash = ${resetTokenHash})`)
  }
  const outcome = sql`SELECT json_object('id', id, 'username', username, 'email', COALESCE(email, ''),
    'disabled', json(iif(disabled_at IS NULL, 'false', 'true')),
    'keys', (SELECT COUNT(*) FROM api_keys WHERE user_id = users.id AND (expires_at IS NULL OR expires_at > ${now}))) AS outcome
    FROM users WHERE id = ${id}`
  const rows = await unlessRefused(
    batchRows(db, [
      refuseUnless(sql`EXISTS (SELECT 1 FROM users WHERE ${sql.join(holds, sql` AND `)})`),
      ...(change.username === undefined ? [] : replaceName(id, change.username)),
      sql`UPDATE users SET ${sql.join(set, sql`, `)} WHERE id = ${id}`,
      ...(ends ? [...endTokens(id, now), sql`DELETE FROM password_resets WHERE user_id = ${id}`] : []),
      ...(revokeKeys ? [sql`DELETE FROM api_keys WHERE user_id = ${id}`] : []),
      ...(await record.insert(outcome, { about: id })),
      outcome,
    ]),
  )
  return rows && JSON.parse(rows.at(-1)?.[0]?.outcome as string)
}

/** Ends a user's sessions, and tells every isolate that tokens of versions before the present one are over. */
const endTokens = (id: number, now: number): SQL[] => [
  sql`DELETE FROM sessions WHERE user_id = ${id}`,
  sql`INSERT INTO revocations (subject, version, revoked_at) SELECT CAST(id AS TEXT), version, ${now} FROM users WHERE id = ${id}
      ON CONFLICT (subject) DO UPDATE SET version = excluded.version, revoked_at = excluded.revoked_at`,
]

/**
 * Calls a user something else where an answer or an alert speaks of several: it names each as `"username":"…"`.
 * Kept up to date with every new name, so that nothing of it is left when the account goes.
 */
function replaceName(id: number, to: string): SQL[] {
  const from = sql`(SELECT '"username":' || json_quote(username) FROM users WHERE id = ${id})`
  const by = `"username":${JSON.stringify(to)}`
  return [
    sql`UPDATE idempotency_records SET outcome = replace(outcome, ${from}, ${by}) WHERE about = 0 AND instr(outcome, ${from})`,
    sql`UPDATE deliveries SET payload = replace(payload, ${from}, ${by}) WHERE user_id IS NULL AND instr(payload, ${from})`,
  ]
}

/**
 * Deletes a user and everything of that person: what refers to the user goes by its foreign key; what was answered to
 * or about the user here; and the name goes from what speaks of others too. @returns false when there is no such user
 * (any more, at that version).
 */
export async function deleteUser(db: Db, id: number, now: number, version?: number): Promise<boolean> {
  const still = version === undefined ? sql`` : sql`AND version = ${version}`
  const rows = await unlessRefused(
    batchRows(db, [
      refuseUnless(sql`EXISTS (SELECT 1 FROM users WHERE id = ${id} ${still})`),
      sql`DELETE FROM idempotency_records WHERE caller = ${`user:${id}`} OR about = ${id}`,
      ...replaceName(id, ''),
      sql`UPDATE users SET version = version + 1 WHERE id = ${id}`,
      ...endTokens(id, now),
      sql`DELETE FROM users WHERE id = ${id}`,
    ]),
  )
  return rows !== undefined
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
