/** Holds that nobody settled in time come back: by cron, and by the next spend that needs them. */
import { noRecord } from '../db/idempotency-record.ts'
import type { Deps } from '../deps.ts'
import type { Account } from './account.ts'
import { type ExpiredHold, listExpiredHolds } from './settle.store.ts'
import { settle } from './settle.ts'
import { transactionId } from './transaction-id.ts'

/** Each is a batch of its own, so a run of cron is bounded; the next one goes on. */
const HOLDS_A_RUN = 200

export async function releaseExpiredHolds(deps: Deps): Promise<{ released: number; more: boolean }> {
  const holds = await listExpiredHolds(deps.db, deps.now().getTime(), HOLDS_A_RUN)
  return { released: await release(deps, holds), more: holds.length === HOLDS_A_RUN }
}

/** @returns how many came back to this account. */
export async function releaseExpiredHoldsOf(deps: Deps, { userId }: Pick<Account, 'userId'>): Promise<number> {
  return release(deps, await listExpiredHolds(deps.db, deps.now().getTime(), HOLDS_A_RUN, userId))
}

async function release(deps: Deps, holds: ExpiredHold[]): Promise<number> {
  let released = 0
  for (const { at, txn, ...account } of holds) {
    const id = transactionId({ userId: account.userId, at, txn })
    if (await settle(deps, account, { kind: 'release', at, captured: 0, expired: true, id }, noRecord)) released += 1
  }
  return released
}
