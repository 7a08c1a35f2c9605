import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accountOf } from '../../src/credits/account.ts'
import { charge } from '../../src/credits/charge.ts'
import { changePlan, grantTopUp, showCredits } from '../../src/credits/credits.ts'
import { releaseExpiredHolds } from '../../src/credits/holds.ts'
import { rollOverPeriods } from '../../src/credits/rollover.ts'
import { captureHold, refund, releaseHold } from '../../src/credits/settle.ts'
import { tidyCredits } from '../../src/credits/tidy.ts'
import { noRecord } from '../../src/db/idempotency-record.ts'
import { AppError } from '../../src/errors.ts'
import { DAY, expectBooksToAddUp, rows } from '../support/credits.ts'
import { NOON, startService } from '../support/service.ts'
import { Model } from './model.ts'

const amount = fc.integer({ min: 1, max: 60 })
const Step = fc.oneof(
  fc.record({ do: fc.constant('spend' as const), amount }),
  fc.record({ do: fc.constant('burst' as const), amount, calls: fc.integer({ min: 2, max: 8 }) }),
  fc.record({ do: fc.constant('hold' as const), amount, days: fc.integer({ min: 1, max: 90 }) }),
  fc.record({
    do: fc.constantFrom('capture' as const, 'release' as const, 'refund' as const),
    which: fc.nat(20),
    amount,
  }),
  fc.record({ do: fc.constant('grant' as const), amount, days: fc.option(fc.integer({ min: 1, max: 90 })) }),
  fc.record({ do: fc.constant('allowance' as const), allowance: fc.integer({ min: 0, max: 200 }) }),
  fc.record({
    do: fc.constant('anchor' as const),
    anchor: fc.integer({ min: 1, max: 31 }),
    zone: fc.constantFrom('UTC', 'Asia/Tokyo', 'America/New_York'),
  }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 24 * 75 }) }),
  fc.record({ do: fc.constantFrom('month' as const, 'holds' as const) }),
  fc.record({ do: fc.constant('tidy' as const) }),
)

/** What became of a call: done, or refused by which code. */
async function outcome<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof AppError && error.code !== 'internal') return undefined
    throw error
  }
}

test('does in any order over months what a simple model in memory does', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Step, { maxLength: 40, size: 'max' }), async (steps) => {
      await reset()
      await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
      const service = startService({ vars: { LEDGER_MONTHS: '1', MONTHLY_CREDITS: '30' } })
      const { clock } = service
      const deps = service.deps()
      const userId = await service.user()
      const model = new Model()
      const ids: string[] = []
      clock.now = NOON

      const take = async (kind: 'spend' | 'hold', cost: number, expiresAt?: number) => {
        const account = await accountOf(deps, userId)
        if (!account) throw new Error('no account')
        const payer = {
          account,
          authority: { kind: 'user' as const, userId, version: 1, sessionId: undefined, whileStopped: false },
        }
        const order = { kind, cost, operation: kind, reason: '', ...(expiresAt ? { expiresAt } : {}) }
        const done = await outcome(charge(deps, payer, order, noRecord))
        return done && 'outcome' in done ? done.outcome : undefined
      }

      for (const step of steps) {
        const { now } = clock
        if (step.do === 'spend' || step.do === 'hold') {
          const until = step.do === 'hold' ? now + step.days * DAY : undefined
          const done = await take(step.do, step.amount, until)
          expect(done !== undefined, step.do).toBe(model.take(now, step.do, step.amount, until))
          if (done) {
            ids.push(done.id)
            expect(done.balance, step.do).toBe(model.balance(now))
          }
        } else if (step.do === 'burst') {
          const done = await Promise.all(Array.from({ length: step.calls }, () => take('spend', step.amount)))
          const expected = Array.from({ length: step.calls }, () =>
            model.take(now, 'spend', step.amount) ? model.balance(now) : undefined,
          )
          // The calls come one after the other, in some order.
          expect(done.map((charged) => charged?.balance).sort()).toEqual(expected.sort())
          ids.push(...done.flatMap((charged) => (charged ? [charged.id] : [])))
        } else if (step.do === 'capture' || step.do === 'release' || step.do === 'refund') {
          // Mostly what can be settled; now and then anything.
          const fit = model.spent.flatMap(({ kind, state }, i) =>
            kind === (step.do === 'refund' ? 'spend' : 'hold') && state === 'open' ? [i] : [],
          )
          const among = step.which % 4 && fit.length ? fit : [...ids.keys()]
          const index = among[step.which % among.length] ?? -1
          const [id, spent] = [ids[index], model.spent[index]]
          if (!id || !spent) continue
          if (step.do === 'refund') {
            const done = await outcome(refund(deps, id, noRecord))
            expect(done !== undefined).toBe(model.refund(now, spent))
            if (done) expect(done.balance, step.do).toBe(model.balance(now))
          } else {
            const done = await outcome(
              step.do === 'capture'
                ? captureHold(deps, userId, id, step.amount, noRecord)
                : releaseHold(deps, userId, id, noRecord),
            )
            const state = step.do === 'capture' ? 'captured' : 'released'
            expect(done !== undefined).toBe(
              spent.kind === 'hold' && model.settle(now, spent, state, step.do === 'capture' ? step.amount : 0),
            )
            if (done) expect(done.balance, step.do).toBe(model.balance(now))
          }
        } else if (step.do === 'grant') {
          const until = step.days === null ? undefined : now + step.days * DAY
          const expiresAt = until === undefined ? undefined : new Date(until).toISOString()
          const { balance } = await grantTopUp(
            deps,
            userId,
            { amount: step.amount, reason: 'test', expiresAt },
            noRecord,
          )
          model.grant(now, step.amount, until ?? Number.POSITIVE_INFINITY)
          expect(balance, step.do).toBe(model.balance(now))
        } else if (step.do === 'allowance') {
          await changePlan(deps, userId, { allowance: step.allowance }, noRecord)
          model.change(now, step)
        } else if (step.do === 'anchor') {
          await changePlan(deps, userId, { anchorDay: step.anchor, timeZone: step.zone }, noRecord)
          model.change(now, step)
        } else if (step.do === 'month') {
          await rollOverPeriods(deps)
          model.rollOver(now)
        } else if (step.do === 'holds') {
          await releaseExpiredHolds(deps)
          model.releaseExpired(now)
        } else if (step.do === 'tidy') {
          expect((await tidyCredits(deps, 0)).wrong).toEqual([])
          const today = new Date(now)
          model.tidy(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1, 1))
        } else if (step.do === 'wait') clock.now += step.hours * 3_600_000
        const { balance, grants } = await showCredits(deps, userId)
        expect(balance, JSON.stringify(step)).toBe(model.balance(clock.now))
        const remaining = grants.filter(({ id, remaining }) => id && remaining > 0).map(({ remaining }) => remaining)
        expect(remaining, JSON.stringify(step)).toEqual(model.remaining(clock.now))
      }
      await expectBooksToAddUp()
      const order = await rows('SELECT at, amount, balance_after FROM ledger ORDER BY at')
      expect(order.every(({ balance_after }) => balance_after >= 0)).toBe(true)
    }),
    { numRuns: 100 },
  )
})
