/** Expired holds are released: by cron, and by the next spend that needs their credits. */
import type { Deps } from '../deps.ts'
import { toBase64Url } from '../lib/bytes.ts'
import { type Account, movementOf } from './account.ts'
import { newMovement } from './retry.ts'
import { insertSettlements, listExpiredHolds } from './settle.store.ts'
import { transactionId } from './transaction-id.ts'

/** They are released in one batch, so this bounds its statements. The next run continues. */
export const MAX_HOLDS_A_RUN = 50

export async function releaseExpiredHolds(deps: Deps): Promise<{ released: number; more: boolean }> {
  return release(deps, undefined)
}

/** @returns how many were released for this account. */
export async function releaseExpiredHoldsOf(deps: Deps, { userId }: Pick<Account, 'userId'>): Promise<number> {
  return (await release(deps, userId)).released
}

async function release(deps: Deps, userId: number | undefined): Promise<{ released: number; more: boolean }> {
  const holds = await listExpiredHolds(deps.db, deps.now().getTime(), MAX_HOLDS_A_RUN, userId)
  if (holds.length === 0) return { released: 0, more: false }
  const settlements = holds.map(({ at, txn, ...account }) => {
    const movement = { ...newMovement(deps), writeId: toBase64Url(deps.random(9)) }
    const id = transactionId({ userId: account.userId, at, txn })
    const terms = { kind: 'release', at, captured: 0, expired: true, id } as const
    return { ...movementOf(deps, account, movement.startedAt), ...movement, ...terms }
  })
  return { released: await insertSettlements(deps.db, settlements), more: holds.length === MAX_HOLDS_A_RUN }
}
