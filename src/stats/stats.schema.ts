/** The shapes of stats on the wire, typed from the catalog. */
import * as z from 'zod'
import { optionalId, optionalText } from '../http/validated.ts'
import { CATALOG, type StatName } from './catalog.ts'

const names = Object.keys(CATALOG) as [StatName, ...StatName[]]

const forEachStat = <S extends z.ZodType>(schema: S) =>
  Object.fromEntries(names.map((name) => [name, schema])) as Record<StatName, S>

export const StatPath = z.object({ stat: z.enum(names).meta({ description: 'A stat of the catalog' }) })

/** Every stat of the catalog with its value. */
export const StatValues = z.object(forEachStat(z.int())).meta({ id: 'StatValues' })

const Stat = z.enum(names)
const NextLevelXp = z.int().meta({ description: 'Total XP at which the next level begins; 0 at the top level' })

export const Level = z
  .object({
    stat: Stat,
    xp: z.int(),
    level: z.int().min(1),
    levelXp: z.int().meta({ description: 'Total XP at which this level begins' }),
    nextLevelXp: NextLevelXp,
  })
  .meta({ id: 'Level' })

export const Levels = z.array(Level)

export const UserStats = z.object({ stats: StatValues, levels: Levels }).meta({ id: 'UserStats' })

export const Catalog = z
  .object({
    stats: z.array(
      z.object({
        stat: Stat,
        min: z.int(),
        max: z.int(),
        default: z.int(),
        maxChange: z.int().meta({
          description: 'What one call changes it by at most, up or down, where players change their own stats',
        }),
        topLevel: z.int(),
      }),
    ),
  })
  .meta({ id: 'Catalog' })

const Change = z.int().meta({ description: 'Is added to the value; a change of 0 changes nothing' })

export const StatChanges = z.strictObject({
  changes: z
    .strictObject(forEachStat(Change.optional()))
    .refine((changes) => Object.keys(changes).length > 0, 'needs at least one stat')
    .meta({ minProperties: 1 }),
})

const changed = {
  stat: Stat,
  change: z.int(),
  previous: z.int(),
  value: z.int(),
  previousLevel: z.int(),
  level: z.int(),
  leveledUp: z.boolean(),
  nextLevelXp: NextLevelXp,
}

export const ChangedStats = z
  .object({ stats: StatValues, changes: z.array(z.object(changed)) })
  .meta({ id: 'ChangedStats' })

/** The most changes that one call makes. */
export const MAX_BATCH_CHANGES = 1000

export const StatBatch = z.strictObject({
  changes: z
    .array(
      z
        .strictObject({
          username: optionalText(z.string()).meta({ description: 'Who; an empty one counts as absent' }),
          userId: optionalId(z.int().min(1)).meta({ description: 'Who, by id' }),
          stat: z.string().min(1, 'is required'),
          change: Change,
        })
        .refine(
          ({ username, userId }) => (username === undefined) !== (userId === undefined),
          'needs one of username and userId, and not both',
        )
        .meta({ oneOf: [{ required: ['username'] }, { required: ['userId'] }] }),
    )
    .min(1)
    .max(MAX_BATCH_CHANGES),
  createMissing: z
    .boolean()
    .optional()
    .meta({ description: 'Unknown names become users without a password; needs the scope `users:write` as well' }),
})

export const BatchResults = z
  .object({
    results: z
      .array(
        z.discriminatedUnion('ok', [
          z.object({ index: z.int(), ok: z.literal(true), username: z.string(), ...changed }),
          z.object({
            index: z.int(),
            ok: z.literal(false),
            code: z.enum(['not_found', 'invalid_request', 'out_of_bounds']),
            detail: z.string(),
          }),
        ]),
      )
      .meta({
        description:
          'One a change, in order. Changes of one user and stat succeed or fail together, by their sum; where they pass a bound on the way, the bound is shown.',
      }),
  })
  .meta({ id: 'BatchResults' })
