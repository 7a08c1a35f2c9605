/**
 * Whose credits move. KV caches an account for a day. It may be stale, because the SQL of a charge checks the account's version:
 * a stale entry costs a second try, never a wrong charge.
 */
import type { Deps } from '../deps.ts'
import { fillCaches, readThrough } from '../lib/read-through.ts'
import { DAY } from '../lib/time.ts'
import { type Account, findAccount } from './account.store.ts'
import { periodAt } from './period.ts'

export type { Account } from './account.store.ts'

type AccountDeps = Pick<Deps, 'db' | 'cache' | 'isolate' | 'defer' | 'log' | 'now'>

/** How long KV caches an account. */
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

/** What every movement of the account's credits needs. `now` in milliseconds. */
export function movementOf(
  { config }: Pick<Deps, 'config'>,
  { userId, version, anchorDay, timeZone }: Account,
  now: number,
) {
  const { start, end } = periodAt(now, anchorDay, timeZone)
  return { userId, version, periodStart: start, periodEnd: end, defaultAllowance: config.monthlyCredits }
}
