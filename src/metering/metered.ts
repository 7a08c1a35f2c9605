/** Metered routes: charged before, given back when the answer is no success, and told in headers. */
import type { MiddlewareHandler } from 'hono'
import { type Charged, charge } from '../credits/charge.ts'
import { type Operation, priceOf } from '../credits/prices.ts'
import { giveBack } from '../credits/settle.ts'
import { AppError } from '../errors.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { documented, IDEMPOTENCY_KEY, problems } from '../http/described.ts'
import { writeOnce } from '../idempotency/idempotent.ts'
import { isoTime, SECOND } from '../lib/time.ts'
import { requirePayer } from './payer.ts'

/** What they are to a reader of the documentation. */
const CREDIT_HEADERS = {
  'X-Credits-Cost': 'Credits that the call took',
  'X-Credits-Remaining': 'Credits that are left',
  'X-Credits-Reset': 'When the allowance is filled up, ISO 8601',
  'RateLimit-Policy': 'The allowance of a period: `"credits";q=…`',
  RateLimit: 'Credits that are left, and seconds until the allowance is filled up: `"credits";r=…;t=…`',
}

/**
 * Charges the price of the operation to the account of `paying`, which comes before it on the route line, as does everything
 * that can be checked before paying. With an Idempotency-Key the charge is not repeated. `version` names what is sold: once that
 * has changed, a repeated call gets 409 instead of new data for the old charge.
 */
export function metered(
  operation: Operation | ((c: Ctx) => Operation),
  version: (c: Ctx) => string = () => '',
): MiddlewareHandler<AppEnv> {
  return documented(
    async (c, next) => {
      const { deps } = c.var
      const name = typeof operation === 'string' ? operation : operation(c)
      const payer = requirePayer(c)
      const sold = version(c)
      const order = { cost: priceOf(name), kind: 'spend', operation: name, reason: '', sold } as const
      const { outcome, replayed, record } = await refusalInHeaders(deps.now().getTime(), () =>
        writeOnce(c, (record) => charge(deps, payer, order, record)),
      )
      if (replayed && outcome.sold !== sold)
        throw new AppError('conflict', 'The data has changed since this Idempotency-Key was used. Take a new key.')
      await next()
      if (c.res.ok) {
        for (const [header, value] of Object.entries(creditHeaders(outcome, deps.now().getTime())))
          c.res.headers.set(header, value)
        if (replayed) c.res.headers.set('Idempotency-Replayed', 'true')
      } else if (!replayed) await giveBack(deps, payer.account, outcome.id, record)
    },
    { parameters: [IDEMPOTENCY_KEY], responses: problems('conflict'), 'x-headers': CREDIT_HEADERS },
  )
}

/** `RateLimit` as the IETF draft draft-ietf-httpapi-ratelimit-headers has it: r remaining, t seconds to the reset. */
function creditHeaders(
  { charged, balance, resetsAt, quota }: Pick<Charged, 'charged' | 'balance' | 'resetsAt' | 'quota'>,
  now: number,
): Record<string, string> {
  const seconds = Math.max(0, Math.ceil((resetsAt - now) / SECOND))
  return {
    'X-Credits-Cost': String(charged),
    'X-Credits-Remaining': String(balance),
    'X-Credits-Reset': isoTime(resetsAt),
    'RateLimit-Policy': `"credits";q=${quota}`,
    RateLimit: `"credits";r=${balance};t=${seconds}`,
  }
}

/** A refusal for want of credits tells the same headers. */
async function refusalInHeaders<T>(now: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError && error.code === 'insufficient_credits') {
      const { balance, resetsAt, quota } = error.details as { balance: number; resetsAt: string; quota: number }
      const headers = creditHeaders({ charged: 0, balance, resetsAt: Date.parse(resetsAt), quota }, now)
      throw new AppError(error.code, error.message, { ...error.details, headers })
    }
    throw error
  }
}
