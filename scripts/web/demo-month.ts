/** Thirty days of calls for the demo world, so that its charts have something to show. */
import { accountOf } from '../../src/credits/account.ts'
import { charge, type Payer } from '../../src/credits/charge.ts'
import { noRecord } from '../../src/db/idempotency-record.ts'
import type { Deps } from '../../src/deps.ts'
import { DAY } from '../../src/lib/time.ts'
import { requireUser } from '../../src/users/users.ts'

const DAYS = 30

/** Credits of each day: the same week again and again, quiet on Sundays. */
const CALLS = [2, 3, 1, 4, 3, 5, 0]
const SPENDS = [0, 1, 0, 2, 0, 1, 0]

/** Charges through the product's own verb, with a clock in the past. */
export async function spendAMonth(deps: Deps, userId: number): Promise<void> {
  const { version } = await requireUser(deps, { id: userId })
  const now = deps.now().getTime()
  const account = await accountOf(deps, userId)
  if (!account) throw new Error('The demo user is gone')
  const paying: Payer = {
    account,
    authority: { kind: 'user', userId, version, sessionId: undefined, whileStopped: false },
  }
  for (let ago = DAYS - 1; ago >= 1; ago--) {
    const then = { ...deps, now: () => new Date(now - ago * DAY) }
    const weekday = (DAYS - ago) % CALLS.length
    for (let call = 0; call < (CALLS[weekday] ?? 0); call++)
      await charge(then, paying, { cost: 1, kind: 'spend', operation: 'banks_data.read', reason: '' }, noRecord)
    const cost = SPENDS[weekday] ?? 0
    if (cost > 0) await charge(then, paying, { cost, kind: 'spend', operation: 'spend', reason: 'a new hat' }, noRecord)
  }
}
