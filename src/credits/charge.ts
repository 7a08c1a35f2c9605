/** Taking credits: exact under concurrency, and once, whatever became of the answer to an earlier try. */
import { deliverDue } from '../alerts/deliver.ts'
import { type Authority, requireAuthorized } from '../authority/authority.ts'
import { mayBeWritten, withRetries } from '../db/failures.ts'
import type { IdempotencyRecord, WriteResult } from '../db/idempotency-record.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { isoTime } from '../lib/time.ts'
import { noSuchUser } from '../users/users.ts'
import { type Account, movementOf, refreshAccount } from './account.ts'
import { type ChargeRow, charges } from './charge.store.ts'
import { releaseExpiredHoldsOf } from './holds.ts'
import { MAX_TRIES, newMovement } from './retry.ts'
import { transactionId } from './transaction-id.ts'

/** Who pays, and by what right. */
export type Payer = { account: Account; authority: Authority }

/** `expiresAt` of a hold, in milliseconds. `sold` names the version of what is bought, for a repeated call to compare. */
export type Order = {
  cost: number
  kind: 'spend' | 'hold'
  operation: string
  reason: string
  expiresAt?: number
  sold?: string
}

/** `quota` is the period's allowance; times in milliseconds. */
export type Charged = {
  id: string
  charged: number
  balance: number
  resetsAt: number
  quota: number
  expiresAt: number
  sold: string
}

/**
 * Takes `cost` credits, or none.
 * @throws AppError insufficient_credits with `balance`, `required` and `resetsAt`; stopped; unauthenticated where the right is
 * gone; forbidden for a disabled user; not_found for a deleted one; conflict where other calls keep changing the account.
 */
export async function charge(
  deps: Deps,
  payer: Payer,
  order: Order,
  record: IdempotencyRecord,
): Promise<WriteResult<Charged>> {
  const { authority } = payer
  const { openPeriods } = deps.isolate
  const userId = String(payer.account.userId)
  const movement = newMovement(deps)
  let { account } = payer
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const now = deps.now().getTime()
    const terms = movementOf(deps, account, now)
    // Three statements fewer, most of the time.
    const opens = tries > 0 || openPeriods.get(userId, now) !== terms.periodEnd
    const item = { expiresAt: 0, sold: '', ...order, ...movement, ...terms, authority, opens, now, record: record.item }
    const { row, earlier, noted } = await withRetries(deps, mayBeWritten, () => deps.write(charges, item))
    if (noted) deps.defer(deliverDue(deps))
    if (earlier) return { earlier: { ...earlier, mayReplay: row.authorized === 1 } }
    const resetsAt = row.resetsAt ?? terms.periodEnd
    if (row.resetsAt === terms.periodEnd) openPeriods.set(userId, terms.periodEnd, terms.periodEnd)
    if (row.at !== null) {
      return { outcome: charged(row, order, { userId: account.userId, at: row.at, txn: movement.txn }, resetsAt) }
    }
    const refusal = refusalOf(row, account, order, resetsAt)
    const mayStillOpen = !opens && row.resetsAt === null
    if (refusal && !mayStillOpen) throw refusal
    if (row.expiredHolds) await releaseExpiredHoldsOf(deps, account)
    account = (await refreshAccount(deps, account)) ?? account
  }
  throw new AppError('conflict', 'The account was changed by other calls all the while. Try again.')
}

function charged(
  row: ChargeRow,
  { cost, expiresAt = 0, sold = '' }: Order,
  key: Parameters<typeof transactionId>[0],
  resetsAt: number,
): Charged {
  const id = transactionId(key)
  return { id, charged: cost, balance: row.balanceAfter ?? 0, resetsAt, quota: row.quota ?? 0, expiresAt, sold }
}

/** undefined where another try can succeed: in a new period, with the account's new version, or with what expired holds give back. */
function refusalOf(row: ChargeRow, account: Account, { cost }: Order, resetsAt: number): AppError | undefined {
  // Before anything that tells of the account.
  requireAuthorized(row)
  if (row.accountStatus === 'gone') return noSuchUser()
  if (row.accountStatus === 'disabled') return new AppError('forbidden', 'This account is disabled.')
  if (row.periodOver || row.version !== account.version || row.balance >= cost || row.expiredHolds) return undefined
  // The first words are the old app's, and clients look for them.
  const detail = `No enough credit for this account. The next credits come at ${isoTime(resetsAt)}.`
  return new AppError('insufficient_credits', detail, {
    balance: row.balance,
    required: cost,
    resetsAt: isoTime(resetsAt),
    quota: row.quota ?? 0,
  })
}
