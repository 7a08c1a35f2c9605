/** Accounts: making, changing and deleting them, and password resets. */
import { isConstraintError } from '../db/client.ts'
import { type IdempotencyRecord, noRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError, invalidField } from '../errors.ts'
import { sha256, toBase64Url } from '../lib/bytes.ts'
import { HOUR, isoTime } from '../lib/time.ts'
import { type Credentials, verifyCredentials } from './credentials.ts'
import { drawPassword, drawUsernames } from './made-up.ts'
import { hashPassword } from './password.ts'
import { findPasswordReset, insertPasswordReset } from './password-resets.store.ts'
import type { UserRef } from './user-ref.ts'
import {
  type ChangedUser,
  deleteUser,
  findUser,
  insertUser,
  type User,
  type UserChange,
  type UserChangeTerms,
  updateUser,
} from './users.store.ts'

/** How long a one-time token for a password reset is valid. */
export const PASSWORD_RESET_HOURS = 24

/** Names drawn at once. At least one of them is free, unless there are many millions of users. */
const CANDIDATES = 16

export type NewUser = { username?: string | undefined; password?: string | undefined; email?: string | undefined }

/**
 * Makes an account. A username or password that is left out is made up; a made-up password is shown this once.
 * @throws AppError username_taken, email_taken, invalid_request for a password that is too short.
 */
export async function createUser(deps: Deps, { username, password, email }: NewUser, record: IdempotencyRecord) {
  requireLongEnough(deps, { password })
  const usernames = username === undefined ? drawUsernames(deps, CANDIDATES) : [username]
  const shown = password === undefined ? { password: drawPassword(deps) } : undefined
  const passwordHash = hashPassword(deps, password ?? (shown?.password as string), deps.config.scrypt)
  const row = { usernames, email: email ?? null, passwordHash, createdAt: deps.now().getTime() }
  return { ...(await takenAsConflict(insertUser(deps.db, row, record, shown))), ...shown }
}

export type OwnChange = {
  email?: string | undefined
  newPassword?: string | undefined
  revokeKeys?: boolean | undefined
}

/** A user whose password was verified, and the account's version then. */
export type VerifiedUser = Pick<User, 'id' | 'version'>

/**
 * Changes the user's own email and password. A new password ends every session and token.
 * @throws AppError email_taken, conflict
 */
export async function changeOwnAccount(
  deps: Deps,
  { id, version }: VerifiedUser,
  { email, newPassword, revokeKeys = false }: OwnChange,
  record: IdempotencyRecord,
): Promise<ChangedUser> {
  const passwordHash = newPassword === undefined ? undefined : hashPassword(deps, newPassword, deps.config.scrypt)
  // A call that ends its own credential is not replayed.
  const replayable = newPassword === undefined ? record : noRecord
  return changeAccount(deps, id, { email, passwordHash }, { version, revokeKeys }, replayable)
}

/** The operator's change of anyone's account. @throws AppError not_found, username_taken, email_taken */
export async function changeAnyAccount(deps: Deps, ref: UserRef, change: AccountChange, record: IdempotencyRecord) {
  const user = await requireUser(deps, ref)
  return changeAccount(deps, user.id, change, {}, record)
}

/** An empty email removes it. */
export type AccountChange = Omit<UserChange, 'email'> & { email?: string | undefined }

async function changeAccount(
  deps: Deps,
  id: number,
  { email, ...change }: AccountChange,
  terms: Omit<UserChangeTerms, 'now' | 'writeId'>,
  record: IdempotencyRecord,
) {
  const row = { ...change, email: email === '' ? null : email }
  const changed = await takenAsConflict(updateUser(deps.db, id, row, { ...terms, ...newWrite(deps) }, record))
  if (!changed) throw changedMeanwhile()
  deps.isolate.sharedState = undefined
  return changed
}

const newWrite = (deps: Pick<Deps, 'random' | 'now'>) => ({ writeId: newId(deps, 'wrt'), now: deps.now().getTime() })

/** Deletes the account with these credentials, and everything about that person. */
export async function deleteOwnAccount(deps: Deps, credentials: Credentials, address: string): Promise<void> {
  const { user } = await verifyCredentials(deps, credentials, address)
  if (!(await deleteUser(deps.db, user.id, { ...newWrite(deps), version: user.version }))) throw changedMeanwhile()
  deps.isolate.sharedState = undefined
}

/** @throws AppError not_found */
export async function deleteAnyAccount(deps: Deps, ref: UserRef): Promise<void> {
  const { id } = await requireUser(deps, ref)
  if (!(await deleteUser(deps.db, id, newWrite(deps)))) throw noSuchUser()
  deps.isolate.sharedState = undefined
}

/** A one-time token that sets the user's password, valid for PASSWORD_RESET_HOURS. @throws AppError not_found */
export async function startPasswordReset(deps: Deps, ref: UserRef, record: IdempotencyRecord) {
  const token = `rst_${toBase64Url(deps.random(32))}`
  const expiresAt = deps.now().getTime() + PASSWORD_RESET_HOURS * HOUR
  const shown = { token, expiresAt: isoTime(expiresAt) }
  const row = { tokenHash: await sha256(token), expiresAt }
  if (!(await insertPasswordReset(deps.db, ref, row, record, shown))) throw noSuchUser()
  return shown
}

/** Sets a password by a one-time token and ends every session. @throws AppError invalid_credentials, invalid_request */
export async function finishPasswordReset(deps: Deps, token: string, newPassword: string, record: IdempotencyRecord) {
  requireLongEnough(deps, { newPassword })
  const now = deps.now().getTime()
  const resetTokenHash = await sha256(token)
  const reset = await findPasswordReset(deps.db, resetTokenHash, now)
  const passwordHash = reset && hashPassword(deps, newPassword, deps.config.scrypt)
  const changed =
    reset && (await updateUser(deps.db, reset.userId, { passwordHash }, { ...newWrite(deps), resetTokenHash }, record))
  if (!changed)
    throw new AppError(
      'invalid_credentials',
      'The token is not valid: it was used, it has expired, or it was never issued.',
    )
  deps.isolate.sharedState = undefined
  return changed
}

/** @throws AppError not_found */
export async function requireUser({ db }: Pick<Deps, 'db'>, ref: UserRef) {
  const user = await findUser(db, ref)
  if (!user) throw noSuchUser()
  return user
}

export const noSuchUser = () => new AppError('not_found', 'There is no such user.')

const changedMeanwhile = () =>
  new AppError('conflict', 'The account was changed by another call at the same moment. Look and try again.')

/** `fields` are passwords by the names of their fields. @throws AppError invalid_request */
export function requireLongEnough({ config }: Pick<Deps, 'config'>, fields: Record<string, string | undefined>): void {
  for (const [field, password] of Object.entries(fields)) {
    if (password !== undefined && [...password.normalize('NFKC')].length < config.passwordMinLength)
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
