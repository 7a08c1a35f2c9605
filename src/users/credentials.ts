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
 * isolate caches a digest of name, password and the stored hash, which is read each time: a changed password or a deleted
 * user is never let in.
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
  return { user }
}

const wrong = () => new AppError('invalid_credentials', 'The user name or the password is wrong.')

/** Keyed, so that what an isolate caches is of no use outside it. */
async function digestOf({ config }: Deps, username: string, password: string, stored: string): Promise<string> {
  const secret = config.tokenSecrets[0] as string
  return toHex(await hmac(secret, 'verified', JSON.stringify([username, password, stored])))
}

/** Every attempt counts, for names that do not exist too, or a refusal would tell who does. */
async function limitLogins(deps: Deps, username: string, address: string): Promise<void> {
  if (!(await countAttempt(deps, await attemptOf(username, address)))) throw tooMany('Too many log-in attempts.')
}

type Attempt = { name: string; network: string }

/** The name is hashed, because it is whatever was sent, however long. */
const attemptOf = async (username: string, address: string): Promise<Attempt> => ({
  name: (await sha256(username.toLowerCase())).slice(0, 32),
  network: networkOf(address),
})

/** False for one attempt too many. */
async function countAttempt({ limits }: Deps, { name, network }: Attempt): Promise<boolean> {
  const within = await Promise.all([
    limits.loginPair(`${name} ${network}`),
    limits.loginName(name),
    limits.loginAddress(network),
  ])
  return !within.includes(false)
}

/**
 * Looks a `username:key` up. What is refused counts like a log-in attempt. Cloudflare's limits cannot be asked without
 * counting, so the isolate notes who had too many: until the minute is over, the right key is not told from a wrong one.
 * @throws AppError rate_limited
 */
export async function limitedLookup<Found>(
  deps: Deps,
  username: string,
  address: string,
  find: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
  const { isolate } = deps
  const attempt = await attemptOf(username, address)
  const now = deps.now().getTime()
  const pair = `${attempt.name} ${attempt.network}`
  if (isolate.tooManyAttempts.get(pair, now)) throw tooMany('Too many attempts with a wrong key.')
  const found = await find()
  if (found || (await countAttempt(deps, attempt))) return found
  isolate.tooManyAttempts.set(pair, true, now + MINUTE)
  throw tooMany('Too many attempts with a wrong key.')
}

export const tooMany = (detail: string) => new AppError('rate_limited', detail, { headers: { 'Retry-After': '60' } })
