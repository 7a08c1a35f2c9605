/**
 * Whose credits move: the account behind a user or an API key. KV caches it for a day. It may be stale, because the SQL of
 * a charge checks the account's version and that the key is active: a stale entry costs a second try, never a wrong charge.
 */
import type { Deps } from '../deps.ts'
import { sha256 } from '../lib/bytes.ts'
import { fillCaches, readThrough } from '../lib/read-through.ts'
import { DAY } from '../lib/time.ts'
import { type Account, findAccount, findKeyAccount, type KeyAccount } from './account.store.ts'
import { periodAt } from './period.ts'

export type { Account, KeyAccount } from './account.store.ts'

type AccountDeps = Pick<Deps, 'db' | 'cache' | 'isolate' | 'defer' | 'log' | 'now'>

/** How long KV caches an account or a key. */
export const ACCOUNT_CACHE_TTL = DAY

const accountName = (userId: number) => `account:${userId}`

/** @returns undefined for a user who does not exist; a cached one may have been deleted since. */
export const accountOf = (deps: AccountDeps, userId: number): Promise<Account | undefined> =>
  readThrough(deps, accountName(userId), ACCOUNT_CACHE_TTL, () => findAccount(deps.db, userId))

/** The account as D1 has it now. Replaces what is cached if that was another version. */
export async function refreshAccount(deps: AccountDeps, stale: Account): Promise<Account | undefined> {
  const account = await findAccount(deps.db, stale.userId)
  if (account && account.version !== stale.version) cacheAccount(deps, account)
  return account
}

export const cacheAccount = (deps: AccountDeps, account: Account): void =>
  fillCaches(deps, accountName(account.userId), ACCOUNT_CACHE_TTL, account)

/**
 * The key with this secret, as `Bearer`; with a `username`, only if that user owns it, which is how imported tokens work.
 * A key that does not exist is not cached, and a cached key may have been revoked since.
 */
export async function keyAccountOf(
  deps: AccountDeps,
  { secret, username }: { secret: string; username?: string | undefined },
): Promise<KeyAccount | undefined> {
  const secretHash = await sha256(secret)
  const name =
    username === undefined ? `key:${secretHash}` : `key:${await sha256(`${username.toLowerCase()}:${secret}`)}`
  const key = await readThrough(deps, name, ACCOUNT_CACHE_TTL, async () => {
    const found = await findKeyAccount(deps.db, secretHash, username, deps.now().getTime())
    if (found?.account) cacheAccount(deps, found.account)
    return found && { keyId: found.keyId, scopes: found.scopes, userId: found.account?.userId }
  })
  if (!key) return undefined
  const { userId, ...rest } = key
  if (userId === undefined) return { ...rest, account: undefined }
  const account = await accountOf(deps, userId)
  return account && { ...rest, account }
}

/** What every movement of the account's credits needs. `now` in milliseconds. */
export function movementOf(
  { config }: Pick<Deps, 'config'>,
  { userId, version, anchorDay, timeZone }: Account,
  now: number,
) {
  const { start, end } = periodAt(now, anchorDay, timeZone)
  return { userId, version, periodStart: start, periodEnd: end, defaultAllowance: config.monthlyCredits }
}
