/** `credits.grant`: a top-up for some users, or for everyone, in pages. A run grants to nobody twice. */
import * as z from 'zod'
import { grantToMany } from '../../credits/grants.ts'
import { MAX_CREDITS } from '../../env.ts'
import { USERNAME } from '../../users/user-ref.ts'
import type { Action } from './action.ts'

const PAGE = 500

/** Gifts expire, so that a job that grants each day does not leave an account with more and more grants to read. */
export const DEFAULT_GIFT_DAYS = 90
const MAX_GIFT_DAYS = 3660

const Payload = z.strictObject({
  amount: z.int().min(1).max(MAX_CREDITS),
  reason: z.string().trim().min(1, 'is required').max(200),
  // An empty list is refused: it would be a costly way to find out that it means everyone.
  usernames: z
    .array(z.string().regex(USERNAME, 'has to be a user name'))
    .min(1, 'has to name somebody; leave it out for everyone')
    .max(1000)
    .optional()
    .meta({ description: 'Left out: everyone' }),
  expiresInDays: z
    .int()
    .min(1)
    .max(MAX_GIFT_DAYS)
    .optional()
    .meta({ description: `How long the gift can be spent; ${DEFAULT_GIFT_DAYS} days where it is left out` }),
})

type Position = { after: number; granted: number }

export const creditsGrant: Action<z.infer<typeof Payload>> = {
  name: 'credits.grant',
  payload: Payload,
  async run(deps, { payload, runId, cursor }) {
    const { amount, reason, usernames, expiresInDays = DEFAULT_GIFT_DAYS } = payload
    const { after, granted }: Position = cursor ? JSON.parse(cursor) : { after: 0, granted: 0 }
    const page = await grantToMany(deps, { amount, reason, usernames, expiresInDays, runId, after, limit: PAGE })
    const sum = granted + page.granted
    return {
      outcome: `accounts granted ${amount} credits: ${sum}`,
      cursor:
        page.last === undefined ? undefined : JSON.stringify({ after: page.last, granted: sum } satisfies Position),
    }
  },
}
