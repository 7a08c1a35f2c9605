/** Giving back: captures and releases of holds, refunds. Each settles once, by the first call that comes. */
import type { SQLWrapper } from 'drizzle-orm'
import { type IdempotencyRecord, noRecord } from '../db/idempotency-record.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { type Account, movementOf } from './account.ts'
import { newMovement, untilKnown } from './retry.ts'
import { findTarget, insertSettlement, type Settled, type Settlement } from './settle.store.ts'
import { parseTransactionId, transactionId } from './transaction-id.ts'

type Terms = Pick<Settlement, 'kind' | 'at' | 'captured' | 'expired' | 'id'>

/** @returns undefined where it was settled already. */
export async function settle(
  deps: Deps,
  account: Account,
  terms: Terms,
  record: IdempotencyRecord,
  also: SQLWrapper[] = [],
): Promise<Settled | undefined> {
  const movement = newMovement(deps)
  const whole = { ...movementOf(deps, account, movement.startedAt), ...terms }
  return untilKnown(deps, movement, (write) => insertSettlement(deps.db, { ...whole, ...write }, record, also))
}

const noSuchHold = () => new AppError('not_found', 'You have no such hold.')

/**
 * Takes part or all of a hold of this user and gives back the rest.
 * @throws AppError not_found; conflict where it was settled or has expired; exceeds_hold for more than was held.
 */
export async function captureHold(deps: Deps, userId: number, id: string, amount: number, record: IdempotencyRecord) {
  const target = await requireHold(deps, userId, id)
  if (amount > target.amount) throw new AppError('exceeds_hold', `The hold is of ${target.amount} credits.`)
  return settleHold(deps, target, { kind: 'capture', at: target.at, captured: amount, id }, record)
}

/** Gives back all of a hold of this user. @throws AppError not_found, conflict */
export async function releaseHold(deps: Deps, userId: number, id: string, record: IdempotencyRecord) {
  const target = await requireHold(deps, userId, id)
  return settleHold(deps, target, { kind: 'release', at: target.at, captured: 0, id }, record)
}

async function requireHold(deps: Deps, userId: number, id: string) {
  const key = parseTransactionId(id)
  if (!key || key.userId !== userId) throw noSuchHold()
  const target = await findTarget(deps.db, key)
  if (target?.kind !== 'hold') throw noSuchHold()
  if (target.settledAs !== null) throw new AppError('conflict', `The hold was settled already, by ${target.settledAs}.`)
  return { ...target, at: key.at }
}

async function settleHold(deps: Deps, account: Account, terms: Terms, record: IdempotencyRecord): Promise<Settled> {
  const settled = await settle(deps, account, terms, record)
  if (!settled) throw new AppError('conflict', 'The hold was settled already, or has expired.')
  return settled
}

/**
 * Gives one spend, or what a captured hold kept, back to where it came from; `restored` is what of it is live again.
 * @throws AppError not_found for what is neither; conflict the second time.
 */
export async function refund(deps: Deps, id: string, record: IdempotencyRecord): Promise<Settled> {
  const key = parseTransactionId(id)
  const target = key && (await findTarget(deps.db, key))
  if (!key || !target || (target.kind !== 'spend' && target.kind !== 'hold'))
    throw new AppError('not_found', 'There is no such spend.')
  if (target.kind === 'hold' && target.settledAs !== 'capture') {
    throw new AppError('conflict', 'The hold was not captured, so there is nothing to give back.')
  }
  const settled = target.refunded
    ? undefined
    : await settle(deps, target, { kind: 'refund', at: key.at, captured: 0, id }, record)
  if (!settled) throw new AppError('conflict', 'It was given back already.')
  return settled
}

/** Undoes a charge whose answer was no success, and frees its Idempotency-Key. */
export async function giveBack(
  deps: Deps,
  account: Account,
  id: string,
  record: IdempotencyRecord,
): Promise<Settled | undefined> {
  const key = parseTransactionId(id)
  return (
    key &&
    settle(
      deps,
      account,
      { kind: 'refund', at: key.at, captured: 0, id: transactionId(key) },
      noRecord,
      record.delete(),
    )
  )
}
