/** Cron opens and announces new billing periods. A missed, late or doubled cron changes no balance. */
import type { Deps } from '../deps.ts'
import { toBase64Url } from '../lib/bytes.ts'
import { periodAt } from './period.ts'
import { listDueAccounts, rollOverAccounts } from './rollover.store.ts'

/** Accounts in one batch, and so in one announcement. */
const PAGE = 500
const PAGES_A_RUN = 20

/** Rolls over the accounts that are due, so many a run; the next run goes on where this one stopped. */
export async function rollOverPeriods(deps: Deps): Promise<{ accounts: number; more: boolean }> {
  const now = deps.now().getTime()
  let accounts = 0
  for (let page = 0; page < PAGES_A_RUN; page++) {
    const due = await listDueAccounts(deps.db, now, PAGE)
    if (due.length > 0) {
      const page = due.map((account) => ({ ...account, period: periodAt(now, account.anchorDay, account.timeZone) }))
      const terms = { now, writeId: toBase64Url(deps.random(9)), defaultAllowance: deps.config.monthlyCredits }
      accounts += await rollOverAccounts(deps.db, page, terms)
    }
    if (due.length < PAGE) return { accounts, more: false }
  }
  return { accounts, more: true }
}
