/** Checking a user name and a password: limited before any hash, alike in time for who does not exist. */
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { hmac, sha256, toHex } from '../lib/bytes.ts'
import { networkOf } from '../lib/network.ts'
import { MINUTE } from '../lib/time.ts'
import { hasCost, hashPassword, spendHashTime, verifyPassword } from './password.ts'
import { USERNAME } from './user-ref.ts'
import { findUser, type User, updatePasswordHash } from './users.store.ts'

export type Credentials = { username: string; password: string }

const REMEMBERED_FOR = MINUTE

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
  const { db, memory, config } = deps
  const now = deps.now().getTime()
  const user = USERNAME.test(username) ? await findUser(db, { username }) : undefined

  const digest = toHex(
    await hmac(config.tokenSecrets[0] as string, 'verified', JSON.stringify([username, password, user?.passwordHash])),
  )
  if (!user?.passwordHash || !memory.verified.get(digest, now)) {
    await limitLogins(deps, username, address)
    if (!user?.passwordHash) spendHashTime(password, config.scrypt)
    if (!user?.passwordHash || !(await verifyPassword(password, user.passwordHash))) {
      throw new AppError('invalid_credentials', 'The user name or the password is wrong.')
    }
    if (hasCost(user.passwordHash, config.scrypt)) memory.verified.set(digest, true, now + REMEMBERED_FOR)
    else await updatePasswordHash(db, user.id, user.passwordHash, hashPassword(deps, password, config.scrypt))
  }
  if (user.disabledAt !== null) throw new AppError('forbidden', 'This account is disabled.')
  return { user }
}

/** Every attempt counts, for names that do not exist too, or a refusal would tell who does. */
async function limitLogins({ limits }: Deps, username: string, address: string): Promise<void> {
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
