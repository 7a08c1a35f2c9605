/** Verifies a username and a password. It takes as long for a user who does not exist. */
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { hmac, toHex } from '../lib/bytes.ts'
import { MINUTE } from '../lib/time.ts'
import { limitLogins } from './attempts.ts'
import { decoyHash, hasCost, hashPassword, verifyPassword } from './password.ts'
import { USERNAME } from './user-ref.ts'
import { findUser, type User, updatePasswordHash } from './users.store.ts'

export type Credentials = { username: string; password: string }

const VERIFIED_CACHE_TTL = MINUTE

/**
 * The user with this name and password. A client may send them on every call, so the isolate caches that scrypt verified
 * them, under a digest of name, password and the stored hash. The hash is read each time: a changed password or a deleted
 * user is refused at once.
 * @throws AppError rate_limited before any hash; invalid_credentials; forbidden for a disabled user.
 */
export async function verifyCredentials(
  deps: Deps,
  { username, password }: Credentials,
  address: string,
): Promise<{ user: User }> {
  const { db, isolate, config } = deps
  const now = deps.now().getTime()
  const user = USERNAME.test(username) ? await findUser(db, { username }) : undefined

  const stored = user?.passwordHash ?? decoyHash(config.scrypt)
  if (!isolate.verified.get(await digestOf(deps, username, password, stored), now)) {
    await limitLogins(deps, username, address)
    const matches = await verifyPassword(password, stored)
    if (!user?.passwordHash || !matches) throw wrong()
    const current = hasCost(stored, config.scrypt) ? stored : hashPassword(deps, password, config.scrypt)
    if (current !== stored) await updatePasswordHash(db, user.id, stored, current)
    isolate.verified.set(await digestOf(deps, username, password, current), true, now + VERIFIED_CACHE_TTL)
  }
  if (!user) throw wrong()
  if (user.disabledAt !== null) throw new AppError('forbidden', 'This account is disabled.')
  isolate.logins.set(
    await digestOf(deps, username, password),
    { id: user.id, version: user.version },
    now + VERIFIED_CACHE_TTL,
  )
  return { user }
}

/**
 * The account that these were verified for within the last minute, without asking the database: for statements that check its name,
 * its version and whether it is disabled.
 */
export async function cachedCredentials(
  deps: Deps,
  { username, password }: Credentials,
): Promise<{ id: number; version: number } | undefined> {
  return deps.isolate.logins.get(await digestOf(deps, username, password), deps.now().getTime())
}

const wrong = () => new AppError('invalid_credentials', 'The user name or the password is wrong.')

/** An HMAC, so that the cache reveals no password. */
async function digestOf({ config }: Deps, ...parts: string[]): Promise<string> {
  const secret = config.tokenSecrets[0] as string
  return toHex(await hmac(secret, 'verified', JSON.stringify(parts)))
}
