/** Accounts of credits as their owners and the operator see and change them. */
import { type Authority, BY_SERVICE, requireAuthorized } from '../authority/authority.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import type { Deps } from '../deps.ts'
import { invalidField } from '../errors.ts'
import { DAY, isoTime } from '../lib/time.ts'
import { noSuchUser } from '../users/users.ts'
import { findAccount } from './account.store.ts'
import { cacheAccount, movementOf } from './account.ts'
import { findStatement, listEntries, listUsage, type Statement, statementOf } from './credits.store.ts'
import { type Granted, insertTopUp, type PlanChange, updatePlan } from './grants.store.ts'
import { NEVER } from './movements.store.ts'
import { periodAt } from './period.ts'
import { newMovement, untilKnown } from './retry.ts'

/** What an account has now; a look counts the allowance that is not opened yet. @throws AppError not_found, unauthenticated, stopped */
export async function showCredits(
  deps: Pick<Deps, 'db' | 'now' | 'config'>,
  userId: number,
  authority: Authority = BY_SERVICE,
) {
  const { statement, checked } = await findStatement(deps.db, userId, deps.now().getTime(), authority)
  requireAuthorized(checked)
  if (!statement) throw noSuchUser()
  return present(deps, statement)
}

function present(
  { now, config }: Pick<Deps, 'now' | 'config'>,
  { grants, anchorDay, timeZone, ...settings }: Statement,
) {
  const allowance = settings.allowance ?? config.monthlyCredits
  const period = periodAt(now().getTime(), anchorDay, timeZone)
  const plan = grants.find(({ source }) => source === 'plan')
  const unopened = {
    id: 0,
    source: 'plan',
    remaining: allowance,
    amount: allowance,
    expiresAt: period.end,
    periodStart: period.start,
  }
  const { expiresAt: end, periodStart } = plan ?? unopened
  const all = plan ? grants : [unopened, ...grants]
  return {
    balance: all.reduce((sum, { remaining }) => sum + remaining, 0),
    allowance,
    resetsAt: isoTime(end),
    period: { start: isoTime(periodStart), end: isoTime(end) },
    anchorDay,
    timeZone,
    lowAt: settings.lowAt ?? Math.floor(allowance / 10),
    grants: all.map(({ id, source, remaining, amount, expiresAt }) => ({
      id: id === 0 ? '' : `grt_${id}`,
      source,
      remaining,
      amount,
      expiresAt: expiresAt === NEVER ? '' : isoTime(expiresAt),
    })),
  }
}

/** A page of movements, newest first; `next` is where the next begins. */
export async function showLedger({ db }: Pick<Deps, 'db'>, userId: number, before: number | undefined, limit: number) {
  const found = await listEntries(db, userId, before, limit + 1)
  const page = found.slice(0, limit)
  return {
    entries: page.map(({ at, ...entry }) => ({ ...entry, createdAt: isoTime(Math.floor(at / 1000)) })),
    next: found.length > limit ? page.at(-1)?.at : undefined,
  }
}

/** Of the last `days` UTC days, today included. */
export async function showUsage({ db, now }: Pick<Deps, 'db' | 'now'>, userId: number, days: number) {
  const today = Math.floor(now().getTime() / DAY) * DAY
  return { days: await listUsage(db, userId, today - (days - 1) * DAY) }
}

export type TopUpOrder = { amount: number; reason: string; expiresAt?: string | undefined }

/** A top-up, which no monthly reset touches. @throws AppError not_found; invalid_request for an expiry in the past. */
export async function grantTopUp(
  deps: Deps,
  userId: number,
  { amount, reason, expiresAt }: TopUpOrder,
  record: IdempotencyRecord,
): Promise<Granted> {
  const movement = newMovement(deps)
  const end = expiresAt === undefined ? undefined : Date.parse(expiresAt)
  if (end !== undefined && end <= movement.startedAt) throw invalidField('expiresAt', 'has to be in the future')
  const account = await findAccount(deps.db, userId)
  const terms = account && { ...movementOf(deps, account, movement.startedAt), amount, reason, expiresAt: end }
  const granted =
    terms && (await untilKnown(deps, movement, (write) => insertTopUp(deps.db, { ...terms, ...write }, record)))
  if (!granted) throw noSuchUser()
  return granted
}

/** Changes an account's plan, and shows what it has then. @throws AppError not_found */
export async function changePlan(
  deps: Deps,
  userId: number,
  change: PlanChange,
  record: IdempotencyRecord,
): Promise<Statement> {
  const movement = newMovement(deps)
  const account = await findAccount(deps.db, userId)
  if (!account) throw noSuchUser()
  const terms = movementOf(deps, account, movement.startedAt)
  const outcome = statementOf(userId, movement.startedAt)
  const changed = await untilKnown(deps, movement, (write) =>
    updatePlan(deps.db, { ...terms, ...write }, change, outcome, record),
  )
  const { version, anchorDay, timeZone } = changed as Statement
  cacheAccount(deps, { userId, version, anchorDay, timeZone })
  return changed as Statement
}

export const presentPlan = present
