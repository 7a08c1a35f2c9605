/** The shapes of credits on the wire. */
import * as z from 'zod'
import { MAX_CREDITS } from '../env.ts'
import { Page } from '../http/paging.ts'
import { optionalText, queryInteger } from '../http/validated.ts'
import { USERNAME } from '../users/user-ref.ts'
import { isTimeZone } from './period.ts'

const Amount = z.int().min(1).max(MAX_CREDITS)
const Reason = z.string().max(200)
const DAY_SECONDS = 86_400

export const Balance = z
  .object({
    balance: z.int(),
    allowance: z.int().meta({ description: 'Credits of a month' }),
    resetsAt: z.iso.datetime(),
    period: z.object({ start: z.iso.datetime(), end: z.iso.datetime() }),
    anchorDay: z.int(),
    timeZone: z.string(),
    lowAt: z.int().meta({ description: 'At this balance or below it is low' }),
    grants: z.array(
      z.object({
        id: z.string().meta({ description: 'Empty for an allowance that is not opened yet' }),
        source: z.enum(['plan', 'topup', 'adjustment']),
        remaining: z.int(),
        amount: z.int(),
        expiresAt: z.string().meta({ description: 'Empty: never' }),
      }),
    ),
  })
  .meta({ id: 'Balance' })

export const LedgerPage = Page(50, 500)

export const Ledger = z
  .object({
    entries: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['grant', 'spend', 'hold', 'capture', 'release', 'refund', 'adjustment']),
        amount: z.int().meta({ description: 'Signed' }),
        balanceAfter: z.int(),
        operation: z.string(),
        reason: z.string(),
        createdAt: z.iso.datetime(),
      }),
    ),
    nextCursor: z.string(),
  })
  .meta({ id: 'Ledger' })

export const UsageDays = z.object({
  days: queryInteger(1, 90, 30).meta({ description: 'UTC days, today among them; 30 where it is left out' }),
})

export const Usage = z
  .object({ days: z.array(z.object({ day: z.iso.date(), operation: z.string(), calls: z.int(), credits: z.int() })) })
  .meta({ id: 'Usage' })

export const Spend = z.strictObject({
  amount: Amount,
  reason: optionalText(Reason),
  username: optionalText(z.string().regex(USERNAME, 'has to be a user name')).meta({
    description: "Somebody else's needs `credits:charge`",
  }),
})

export const Spent = z.object({ id: z.string(), charged: z.int(), balance: z.int() }).meta({ id: 'Spent' })

export const Hold = z.strictObject({
  amount: Amount,
  expiresInSeconds: z
    .int()
    .min(1)
    .max(30 * DAY_SECONDS),
  reason: optionalText(Reason),
})

export const Held = z
  .object({ id: z.string(), amount: z.int(), balance: z.int(), expiresAt: z.iso.datetime() })
  .meta({ id: 'Held' })

export const HoldPath = z.object({ id: z.string().min(1).max(128).meta({ description: 'The `id` of a hold' }) })

export const Capture = z.strictObject({ amount: Amount })

export const Captured = z
  .object({ id: z.string(), captured: z.int(), released: z.int(), balance: z.int() })
  .meta({ id: 'Captured' })

export const Released = z.object({ id: z.string(), released: z.int(), balance: z.int() }).meta({ id: 'Released' })

export const Refund = z.strictObject({ id: z.string().min(1, 'is required').max(128) })

export const Refunded = z
  .object({
    id: z.string(),
    amount: z.int(),
    restored: z
      .int()
      .meta({ description: 'How much of it is live again; the rest went back to a grant that has expired' }),
    balance: z.int(),
  })
  .meta({ id: 'Refunded' })

export const Grant = z.strictObject({
  amount: Amount,
  reason: Reason.min(1, 'is required'),
  expiresAt: optionalText(z.iso.datetime({ offset: true })),
})

export const Granted = z
  .object({ id: z.string(), amount: z.int(), balance: z.int(), expiresAt: z.string() })
  .meta({ id: 'Granted' })

export const Plan = z.strictObject({
  allowance: z.int().min(0).max(MAX_CREDITS).optional().meta({ description: 'Counts at once' }),
  anchorDay: z.int().min(1).max(31).optional().meta({ description: 'Counts from the next period' }),
  timeZone: optionalText(z.string().refine(isTimeZone, 'has to be an IANA time zone, such as Europe/Berlin')),
  lowAt: z.int().min(0).max(MAX_CREDITS).optional(),
})
