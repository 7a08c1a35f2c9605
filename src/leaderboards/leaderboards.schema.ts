/** The shapes of leaderboards on the wire. */
import * as z from 'zod'
import { Page } from '../http/paging.ts'
import { queryInteger } from '../http/validated.ts'
import { StatPath } from '../stats/stats.schema.ts'
import { UserPath } from '../users/user-ref.ts'

const DEFAULT_ENTRIES = 10
const MAX_ENTRIES = 100

/** Entries on each side of a player. */
const DEFAULT_RADIUS = 5
const MAX_RADIUS = 50

export const Top = Page(DEFAULT_ENTRIES, MAX_ENTRIES)

export const AroundPath = StatPath.extend(UserPath.shape)

export const Around = z.object({
  radius: queryInteger(0, MAX_RADIUS, DEFAULT_RADIUS).meta({
    description: `Entries on each side; ${DEFAULT_RADIUS} where it is left out`,
  }),
})

const Entry = z
  .object({
    rank: z.int().min(1).meta({ description: 'Equal values share a rank: 1, 2, 2, 4' }),
    username: z.string(),
    value: z.int(),
    level: z.int().min(1),
  })
  .meta({ id: 'LeaderboardEntry' })

const ranked = { stat: StatPath.shape.stat, entries: z.array(Entry) }

export const Leaderboard = z.object({ ...ranked, nextCursor: z.string() }).meta({ id: 'Leaderboard' })

export const Neighbours = z.object(ranked).meta({ id: 'Neighbours' })
