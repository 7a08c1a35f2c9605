/** Accounts: making, showing, changing and deleting them. */
import { isConstraintError } from '../db/client.ts'
import { notKept, type Once } from '../db/once.ts'
import type { Deps } from '../deps.ts'
import { AppError, invalidField } from '../errors.ts'
import { sha256, toBase64Url } from '../lib/bytes.ts'
import { DAY, isoTime } from '../lib/time.ts'
import { levelsOf, withDefaults } from '../stats/values.ts'
import { type Credentials, verifyCredentials } from './credentials.ts'
import { drawPassword, drawUsernames } from './made-up.ts'
import { hashPassword } from './password.ts'
import type { UserRef } from './user-ref.ts'
import {
  type ChangedUser,
  deleteUser,
  findFreeUsername,
  findPasswordReset,
  findProfile,
  findUser,
  insertPasswordReset,
  insertUser,
  listProfiles,
  listUsernames,
  type UserChange,
  type UserChangeTerms,
  updateUser,
} from './users.store.ts'

const RESET_VALID_FOR = DAY

/** Candidates drawn at once: that none of them is free does not happen below many millions of users. */
const CANDIDATES = 8

export type NewUser = { username?: string | undefined; password?: string | undefined; email?: string | undefined }

/**
 * Makes an account; whatever is missing of name and password is made up, and the password shown this once.
 * @throws AppError username_taken, email_taken, invalid_request for a password that is too short.
 */
export async function createUser(deps: Deps, { username, password, email }: NewUser, once: Once) {
  if (password !== undefined) requireLongEnough(deps, 'password', password)
  const name = username ?? (await findFreeUsername(deps.db, drawUsernames(deps, CANDIDATES)))
  if (name === undefined) throw new AppError('unavailable', 'No free user name was found. Try again.')
  const shown = password === undefined ? { password: drawPassword(deps) } : undefined
  const passwordHash = hashPassword(deps, password ?? (shown?.password as string), deps.config.scrypt)
  const row = { username: name, email: email ?? null, passwordHash, createdAt: deps.now().getTime() }
  const id = await takenAsConflict(insertUser(deps.db, row, once, shown))
  return { id, username: name, ...shown }
}

/** @throws AppError not_found */
export async function showProfile({ db }: Pick<Deps, 'db'>, ref: UserRef) {
  const { email: _, ...profile } = await showOwnProfile({ db }, ref)
  return profile
}

/** The profile and what only its owner sees. @throws AppError not_found */
export async function showOwnProfile({ db }: Pick<Deps, 'db'>, ref: UserRef) {
  const row = await findProfile(db, ref)
  if (!row) throw noSuchUser()
  return asProfile(row)
}

/** A page of names in the order of the alphabet; `next` is the last of them where there are more. */
export async function listUsers(
  { db }: Pick<Deps, 'db'>,
  { prefix, after, limit }: { prefix?: string | undefined; after?: string | undefined; limit: number },
) {
  const found = await listUsernames(db, { prefix, after, limit: limit + 1 })
  const users = found.slice(0, limit)
  return { users, next: found.length > limit ? users.at(-1) : undefined }
}

/** Those of these names that exist. */
export async function lookUpProfiles({ db }: Pick<Deps, 'db'>, usernames: string[]) {
  const rows = await listProfiles(db, usernames)
  return rows.map((row) => {
    const { email: _, ...profile } = asProfile(row)
    return profile
  })
}

function asProfile({ createdAt, stats: stored, ...row }: NonNullable<Awaited<ReturnType<typeof findProfile>>>) {
  const stats = withDefaults(JSON.parse(stored))
  return { ...row, createdAt: isoTime(createdAt), stats, levels: levelsOf(stats) }
}

export type OwnChange = {
  email?: string | undefined
  newPassword?: string | undefined
  revokeKeys?: boolean | undefined
}

/**
 * Changes email and password of who proves to be the user; a new password ends every session and token.
 * @throws AppError invalid_credentials, rate_limited, email_taken, invalid_request for a password that is too short.
 */
export async function changeOwnAccount(
  deps: Deps,
  credentials: Credentials,
  address: string,
  change: OwnChange,
  once: Once,
): Promise<ChangedUser> {
  const { newPassword, email, revokeKeys = false } = change
  if (newPassword !== undefined) requireLongEnough(deps, 'newPassword', newPassword)
  const { user } = await verifyCredentials(deps, credentials, address)
  return changeAccount(
    deps,
    user.id,
    {
      email: email === '' ? null : email,
      passwordHash: newPassword === undefined ? undefined : hashPassword(deps, newPassword, deps.config.scrypt),
    },
    { version: user.version, endTokens: newPassword !== undefined, revokeKeys },
    // A call that ends its own credential is not replayed: who repeats it has to prove to be the user again.
    newPassword === undefined ? once : notKept,
  )
}

export type AdminChange = { username?: string | undefined; email?: string | undefined; disabled?: boolean | undefined }

/** The operator's change of anyone's account. @throws AppError not_found, username_taken, email_taken */
export async function changeAnyAccount(
  deps: Deps,
  ref: UserRef,
  { username, email, disabled }: AdminChange,
  once: Once,
): Promise<ChangedUser> {
  const user = await requireUser(deps, ref)
  return changeAccount(
    deps,
    user.id,
    { username, email: email === '' ? null : email, disabled },
    { endTokens: disabled === true },
    once,
  )
}

async function changeAccount(
  deps: Deps,
  id: number,
  change: UserChange,
  terms: Omit<UserChangeTerms, 'now'>,
  once: Once,
) {
  const changed = await takenAsConflict(updateUser(deps.db, id, change, { ...terms, now: deps.now().getTime() }, once))
  if (!changed)
    throw new AppError('conflict', 'The account was changed by another call at the same moment. Look and try again.')
  if (terms.endTokens) deps.memory.controls = undefined
  return changed
}

/** Deletes the account of who proves to be its user, and everything of that person. */
export async function deleteOwnAccount(deps: Deps, credentials: Credentials, address: string): Promise<void> {
  const { user } = await verifyCredentials(deps, credentials, address)
  await deleteAccount(deps, user.id, user.version)
}

/** @throws AppError not_found */
export async function deleteAnyAccount(deps: Deps, ref: UserRef): Promise<void> {
  await deleteAccount(deps, (await requireUser(deps, ref)).id)
}

async function deleteAccount(deps: Deps, id: number, version?: number): Promise<void> {
  if (!(await deleteUser(deps.db, id, { now: deps.now().getTime(), ...(version === undefined ? {} : { version }) })))
    throw noSuchUser()
  deps.memory.controls = undefined
}

/** A token with which whoever holds it sets a password, once, within a day. @throws AppError not_found */
export async function startPasswordReset(deps: Deps, ref: UserRef, once: Once) {
  const user = await requireUser(deps, ref)
  const token = `rst_${toBase64Url(deps.random(32))}`
  const expiresAt = deps.now().getTime() + RESET_VALID_FOR
  const shown = { token, expiresAt: isoTime(expiresAt) }
  await insertPasswordReset(deps.db, { userId: user.id, tokenHash: await sha256(token), expiresAt }, once, shown)
  return shown
}

/** Sets a password by a one-time token, and ends every session. @throws AppError invalid_credentials, invalid_request */
export async function finishPasswordReset(deps: Deps, token: string, newPassword: string, once: Once) {
  requireLongEnough(deps, 'newPassword', newPassword)
  const now = deps.now().getTime()
  const resetTokenHash = await sha256(token)
  const reset = await findPasswordReset(deps.db, resetTokenHash, now)
  const passwordHash = reset && hashPassword(deps, newPassword, deps.config.scrypt)
  const changed =
    reset && (await updateUser(deps.db, reset.userId, { passwordHash }, { now, resetTokenHash, endTokens: true }, once))
  if (!changed)
    throw new AppError('invalid_credentials', 'The token is not valid: it was used, it has expired, or it never was.')
  deps.memory.controls = undefined
  return changed
}

/** @throws AppError not_found */
export async function requireUser({ db }: Pick<Deps, 'db'>, ref: UserRef) {
  const user = await findUser(db, ref)
  if (!user) throw noSuchUser()
  return user
}

export const noSuchUser = () => new AppError('not_found', 'There is no such user.')

function requireLongEnough({ config }: Pick<Deps, 'config'>, field: string, password: string): void {
  if ([...password.normalize('NFKC')].length < config.passwordMinLength) {
    throw invalidField(field, `has to be at least ${config.passwordMinLength} characters`)
  }
}

async function takenAsConflict<T>(write: Promise<T>): Promise<T> {
  try {
    return await write
  } catch (error) {
    if (isConstraintError(error, 'users.username')) throw new AppError('username_taken', 'This user name is taken.')
    if (isConstraintError(error, 'users.email')) throw new AppError('email_taken', 'This email address is taken.')
    throw error
  }
}
