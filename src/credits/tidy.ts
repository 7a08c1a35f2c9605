/** Nightly: old movements become one row an account, spent grants get out of the way, and the books are checked. */
import type { Deps } from '../deps.ts'
import { DAY } from '../lib/time.ts'
import { listAccountsAfter, tidyAccounts } from './tidy.store.ts'

const PAGE = 200

/**
 * Tidies a page of accounts after `after`. @returns `last` undefined when all are done.
 * @throws Error that names accounts whose ledger and grants do not add up, when the whole page has been tidied.
 */
export async function tidyCredits(
  { db, now, config }: Pick<Deps, 'db' | 'now' | 'config'>,
  after: number,
): Promise<{ last: number | undefined }> {
  const at = now()
  const keepFrom = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - config.ledgerMonths, 1)
  const users = await listAccountsAfter(db, after, PAGE)
  const wrong = users.length ? await tidyAccounts(db, { users, keepFrom, checkFrom: at.getTime() - DAY }) : []
  if (wrong.length > 0) throw new Error(`Ledger and grants do not add up for the users ${wrong.join(', ')}.`)
  return { last: users.length < PAGE ? undefined : users.at(-1) }
}
