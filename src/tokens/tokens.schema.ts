/** The shapes of tokens and sessions on the wire. */
import * as z from 'zod'
import { ACCESS_TOKEN_SECONDS } from './access-token.ts'
import { SESSION_DAYS } from './tokens.ts'

/** No body, or an empty object. */
export const Nothing = z.strictObject({})

export const AccessToken = z
  .object({
    token: z.string().meta({ description: 'For `Authorization: Bearer …`, or in place of the user name in Basic' }),
    tokenType: z.literal('Bearer'),
    duration: z.literal(ACCESS_TOKEN_SECONDS).meta({ description: 'Seconds for which the token is valid' }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'AccessToken' })

export const TokenPair = AccessToken.extend({
  refreshToken: z
    .string()
    .meta({ description: `Gets the next pair of tokens. Works once, within ${SESSION_DAYS} days` }),
}).meta({ id: 'TokenPair' })

export const Refresh = z.strictObject({ refreshToken: z.string().min(1, 'is required').max(256) })

export const Sessions = z
  .object({
    sessions: z.array(
      z.object({
        id: z.string(),
        createdAt: z.iso.datetime(),
        lastUsedAt: z.iso.datetime().meta({ description: 'When its latest tokens were issued' }),
        expiresAt: z.iso.datetime().meta({ description: 'When it ends, unless it is refreshed before' }),
        current: z.boolean().meta({ description: 'True for the one whose token makes this call' }),
      }),
    ),
  })
  .meta({ id: 'Sessions' })

export const SessionPath = z.object({
  id: z
    .string()
    .regex(/^ses_[\w-]{20}$/)
    .meta({ description: 'The `id` of a session' }),
})
