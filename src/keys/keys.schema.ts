/** The shapes of API keys on the wire. */
import * as z from 'zod'
import { optionalText, queryText } from '../http/validated.ts'
import { DAY, SECOND } from '../lib/time.ts'
import { USERNAME } from '../users/user-ref.ts'
import { SCOPES } from './scopes.ts'

/** The longest time for which a replaced key stays active beside the new one. */
const MAX_OVERLAP_DAYS = 30
export const MAX_OVERLAP_SECONDS = (MAX_OVERLAP_DAYS * DAY) / SECOND

export const MAX_KEY_NAME_LENGTH = 100

const Owner = z.string().regex(USERNAME, 'has to be a user name')

export const NewKey = z.strictObject({
  name: z
    .string()
    .regex(/\S/, 'is required')
    .max(MAX_KEY_NAME_LENGTH, `has to be at most ${MAX_KEY_NAME_LENGTH} characters`)
    .meta({ description: 'What the key is for; need not be unique', example: 'stream overlay' }),
  scopes: z.array(z.enum(SCOPES)).min(1, 'has to name at least one scope').max(50),
  expiresAt: optionalText(z.iso.datetime({ offset: true })).meta({
    description: 'Left out, the key is active until it is revoked',
  }),
  username: optionalText(Owner).meta({
    description: 'With `admin`: who owns the key. Left out, nobody does',
  }),
})

export const KeyList = z.object({
  username: queryText(Owner).meta({ description: "With `admin`: whose keys. Left out, nobody's" }),
})

export const Rotation = z.strictObject({
  overlapSeconds: z
    .int()
    .min(0)
    .max(MAX_OVERLAP_SECONDS)
    .optional()
    .meta({
      description: `Seconds for which the old key stays active beside the new one; at most ${MAX_OVERLAP_DAYS} days`,
    }),
})

export const KeyPath = z.object({
  id: z
    .string()
    .regex(/^key_[\w-]{1,64}$/)
    .meta({ description: 'The `id` of a key, which is not the key' }),
})

export const Key = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().meta({ description: 'How the key begins' }),
    lastFour: z.string().meta({ description: 'How the key ends' }),
    scopes: z.array(z.enum(SCOPES)),
    createdAt: z.iso.datetime(),
    expiresAt: z.string().meta({ description: 'ISO 8601; empty for a key that does not expire' }),
    lastUsedAt: z.string().meta({ description: 'ISO 8601, to the hour; empty before the first use' }),
    username: z.string().meta({ description: 'Its owner; empty where nobody owns it' }),
  })
  .meta({ id: 'Key' })

export const Keys = z.object({ keys: z.array(Key) }).meta({ id: 'Keys' })

export const ShownKey = Key.extend({
  key: z.string().meta({ description: 'The key itself, shown this once' }),
}).meta({ id: 'ShownKey' })
