/** Taking credits: exact under concurrency, and once, whatever became of the answer to an earlier try. */
import { deliverDue } from '../alerts/deliver.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { isoTime } from '../lib/time.ts'
import { type Account, movementOf } from './account.ts'
import { type Authority, type ChargeRow, insertCharge } from './charge.store.ts'
import { releaseExpiredHoldsOf } from './holds.ts'
import { MAX_TRIES, newMovement, untilKnown } from './retry.ts'
import { transactionId } from './transaction-id.ts'

/** Who pays, and by what right. */
export type Payer = {
  account: Account
  authority: Authority
  whileStopped: boolean
  /** Asks D1 again for what may have been a stale memory. @throws AppError unauthenticated when the right is gone. */
  renew: () => Promise<Payer>
}

export type Order = { cost: number; kind: 'spend' | 'hold'; operation: string; reason: string; expiresAt?: number }

/** `quota` is the period's allowance; times in milliseconds, `expiresAt` of a hold. */
export type Charged = {
  id: string
  charged: number
  balance: number
  resetsAt: number
  quota: number
  expiresAt: number
}

/**
 * Takes `cost` credits, or none.
 * @throws AppError insufficient_credits with `balance`, `required` and `resetsAt`; stopped; unauthenticated; forbidden for a disabled user.
 */
export async function charge(deps: Deps, payer: Payer, order: Order, record: IdempotencyRecord): Promise<Charged> {
  const movement = newMovement(deps)
  const { txn, startedAt } = movement
  let current = payer
  for (let tries = 1; ; tries++) {
    const { account, authority, whileStopped } = current
    const terms = { ...movementOf(deps, account, startedAt), ...order, authority, whileStopped }
    const row = await untilKnown(deps, movement, (write) => insertCharge(deps.db, { ...terms, ...write }, record))
    if (row.noted) deps.defer(deliverDue(deps))
    const resetsAt = row.resetsAt ?? terms.periodEnd
    if (row.at !== null) {
      const id = transactionId({ userId: account.userId, at: row.at, txn })
      return {
        id,
        charged: order.cost,
        balance: row.balanceAfter ?? 0,
        resetsAt,
        quota: row.quota ?? 0,
        expiresAt: order.expiresAt ?? 0,
      }
    }
    if (row.stoppedAt !== null) throw new AppError('stopped', 'The service is stopped.')
    if (tries === MAX_TRIES) throw refusal(row, order, resetsAt)
    if (!row.authorized || row.version !== account.version || row.accountStatus === 'gone')
      current = await current.renew()
    else if (row.accountStatus === 'disabled') throw new AppError('forbidden', 'This account is disabled.')
    else if (row.balance < order.cost) {
      if (!row.expiredHolds) throw refusal(row, order, resetsAt)
      await releaseExpiredHoldsOf(deps, account)
    }
  }
}

function refusal(row: ChargeRow, { cost }: Order, resetsAt: number): AppError {
  if (row.balance >= cost)
    return new AppError('conflict', 'The account was changed by other calls all the while. Try again.')
  // The first words are the old app's, and clients look for them.
  return new AppError(
    'insufficient_credits',
    `No enough credit for this account. The next credits come at ${isoTime(resetsAt)}.`,
    {
      balance: row.balance,
      required: cost,
      resetsAt: isoTime(resetsAt),
      quota: row.quota ?? 0,
    },
  )
}
