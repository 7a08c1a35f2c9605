/**
 * What a movement of credits must know before it can be written as SQL: who owns a key, its scopes, and the account's
 * anchor, zone and version. KV remembers it for a day. It may be stale: the SQL checks the version and that the key
 * still stands, so a stale memory costs a second try from D1, never a wrong charge.
 */
import type { Deps } from '../deps.ts'
import type { Scope } from '../keys/scopes.ts'
import { sha256 } from '../lib/bytes.ts'
import { DAY, MINUTE, SECOND } from '../lib/time.ts'
import { findAccount, findKeyAccount } from './account.store.ts'
import { periodAt } from './period.ts'

export type Account = { userId: number; version: number; anchorDay: number; timeZone: string }

/** An API key and the account of its owner, if it has one. */
export type KeyAccount = { keyId: string; scopes: Scope[]; account: Account | undefined }

/** `fresh` reads past the isolate, and renews it. */
export type Freshness = { fresh?: boolean }

type AccountDeps = Pick<Deps, 'db' | 'cache' | 'isolate' | 'defer' | 'log' | 'now'>

const CACHE_SECONDS = DAY / SECOND
const ISOLATE_CACHE_TTL = MINUTE

/** @returns undefined for a user who does not exist; a remembered one may no longer. */
export function accountOf(
  deps: AccountDeps,
  userId: number,
  { fresh = false }: Freshness = {},
): Promise<Account | undefined> {
  return remembered(deps, `account:${userId}`, fresh, () => findAccount(deps.db, userId))
}

/**
 * The key with this secret, as `Bearer`; or, with a `username`, as that user's, which is how imported tokens work.
 * "No such key" is never remembered.
 */
export async function keyAccountOf(
  deps: AccountDeps,
  { secret, username }: { secret: string; username?: string | undefined },
  { fresh = false }: Freshness = {},
): Promise<KeyAccount | undefined> {
  const secretHash = await sha256(secret)
  const name =
    username === undefined ? `key:${secretHash}` : `key:${await sha256(`${username.toLowerCase()}:${secret}`)}`
  return remembered(deps, name, fresh, () => findKeyAccount(deps.db, secretHash, username, deps.now().getTime()))
}

/** What every movement of the account's credits must know. */
export function movementOf(
  { config }: Pick<Deps, 'config'>,
  { userId, version, anchorDay, timeZone }: Account,
  now: number,
) {
  const { start, end } = periodAt(now, anchorDay, timeZone)
  return { userId, version, periodStart: start, periodEnd: end, defaultAllowance: config.monthlyCredits }
}

/** From this isolate, else from KV, else from D1 and then into both. KV failing changes nothing but the cost. */
async function remembered<T>(
  { cache, isolate, now, defer, log }: AccountDeps,
  name: string,
  fresh: boolean,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const at = now().getTime()
  const held = fresh ? undefined : (isolate.lookups.get(name, at) as T | undefined)
  if (held) return held
  const known = fresh ? null : await cache.get<T>(name, 'json').catch(() => null)
  const found = known ?? (await find())
  if (found) isolate.lookups.set(name, found, at + ISOLATE_CACHE_TTL)
  if (found && !known) {
    const put = cache.put(name, JSON.stringify(found), { expirationTtl: CACHE_SECONDS })
    defer(put.catch(() => log('warn', { message: 'KV did not take an entry' })))
  }
  return found
}
