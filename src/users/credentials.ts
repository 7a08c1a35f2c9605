/** Checking a user name and a password: limited before any hash, alike in time for who does not exist. */
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { hmac, sha256, toHex } from '../lib/bytes.ts'
import { networkOf } from '../lib/network.ts'
import { MINUTE } from '../lib/time.ts'
import { decoyHash, hasCost, hashPassword, verifyPassword } from './password.ts'
import { USERNAME } from './user-ref.ts'
import { findUser, type User, updatePasswordHash } from './users.store.ts'

export type Credentials = { username: string; password: string }

const VERIFIED_CACHE_TTL = MINUTE

/**
 * Whose name and password these are. A client that sends them on every call does not cost a scrypt each time: the
 * isolate remembers a digest over name, password and the stored hash, which is read each time, so a changed password or
 * a deleted user is never let in.
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
    const kept = hasCost(stored, config.scrypt) ? stored : hashPassword(deps, password, config.scrypt)
    if (kept !== stored) await updatePasswordHash(db, user.id, stored, kept)
    isolate.verified.set(await digestOf(deps, username, password, kept), true, now + VERIFIED_CACHE_TTL)
  }
  if (!user) throw wrong()
  if (user.disabledAt !== null) throw new AppError('forbidden', 'This account is disabled.')
  return { user }
}

const wrong = () => new AppError('invalid_credentials', 'The user name or the password is wrong.')

/** Keyed, so that what an isolate remembers is of no use outside it. */
async function digestOf({ config }: Deps, username: string, password: string, stored: string): Promise<string> {
  const secret = config.tokenSecrets[0] as string
  return toHex(await hmac(secret, 'verified', JSON.stringify([username, password, stored])))
}

/** Counts an attempt to guess a password or a key. Names that do not exist count too, or a refusal would tell which do. @throws AppError rate_limited */
export async function limitLogins({ limits }: Pick<Deps, 'limits'>, username: string, address: string): Promise<void> {
  // Hashed, because a name is whatever was sent, however long.
  const name = (await sha256(username.toLowerCase())).slice(0, 32)
  const network = networkOf(address)
  const within = await Promise.all([
    limits.loginPair(`${name} ${network}`),
    limits.loginName(name),
    limits.loginAddress(network),
  ])
  if (within.includes(false)) throw tooMany('Too many log-in attempts.')
}

export const tooMany = (detail: string) => new AppError('rate_limited', detail, { headers: { 'Retry-After': '60' } })
