/** Nightly: old movements become one row an account, spent grants get out of the way, and the books are checked. */
import type { Deps } from '../deps.ts'
import { DAY } from '../lib/time.ts'
import { listAccountsAfter, tidyAccounts } from './tidy.store.ts'

const PAGE = 200

export type Tidied = {
  /** The last account of the page; undefined when all are done. */
  last: number | undefined
  /** Accounts whose ledger and grants do not add up, which a bug alone can cause. */
  wrong: number[]
}

/** Tidies a page of accounts after `after`. */
export async function tidyCredits(
  { db, now, config }: Pick<Deps, 'db' | 'now' | 'config'>,
  after: number,
): Promise<Tidied> {
  const at = now()
  const keepFrom = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - config.ledgerMonths, 1)
  const users = await listAccountsAfter(db, after, PAGE)
  const wrong = users.length ? await tidyAccounts(db, { users, keepFrom, checkFrom: at.getTime() - DAY }) : []
  return { last: users.length < PAGE ? undefined : users.at(-1), wrong }
}
