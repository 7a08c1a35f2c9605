/** The shapes of stats on the wire, typed from the catalog. */
import * as z from 'zod'
import { CATALOG, type StatName } from './catalog.ts'

const names = Object.keys(CATALOG) as [StatName, ...StatName[]]

export const StatPath = z.object({ stat: z.enum(names) })

/** Every stat of the catalog with its value. */
export const StatValues = z
  .object(Object.fromEntries(names.map((name) => [name, z.int()])) as Record<StatName, z.ZodInt>)
  .meta({ id: 'StatValues' })

export const Level = z
  .object({
    stat: z.enum(names),
    xp: z.int(),
    level: z.int().min(1),
    levelXp: z.int().meta({ description: 'Total XP at which this level begins' }),
    nextLevelXp: z.int().meta({ description: 'Total XP at which the next level begins; 0 at the top level' }),
  })
  .meta({ id: 'Level' })

export const Levels = z.array(Level)
