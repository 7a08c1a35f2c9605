import { Hono } from 'hono'
import { userInPath } from '../access/user-in-path.ts'
import { cached } from '../http/cached.ts'
import type { AppEnv } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { readCursor, signCursor } from '../http/paging.ts'
import { validated } from '../http/validated.ts'
import { StatPath } from '../stats/stats.schema.ts'
import * as shape from './leaderboards.schema.ts'
import { showAround, showTop } from './leaderboards.ts'
import type { Place } from './ranks.ts'

const tag = 'Leaderboards'

/** /api/leaderboards */
export const leaderboardRoutes = new Hono<AppEnv>()
  .get(
    '/:stat',
    answers(tag, 'Shows who has most of a stat', { 200: shape.Leaderboard }, 'not_found'),
    validated('param', StatPath),
    validated('query', shape.Top),
    cached,
    async (c) => {
      const { stat } = c.req.valid('param')
      const { limit, cursor } = c.req.valid('query')
      const list = `leaderboard ${stat}`
      const after = await readCursor<Place>(c.var.deps, list, cursor)
      const { entries, next } = await showTop(c.var.deps, stat, { after, limit })
      return c.json({ stat, entries, nextCursor: next ? await signCursor(c.var.deps, list, next) : '' })
    },
  )
  .get(
    '/:stat/around/:user',
    answers(tag, 'Shows who stands around a player', { 200: shape.Neighbours }, 'not_found'),
    validated('param', shape.AroundPath),
    validated('query', shape.Around),
    cached,
    async (c) => {
      const { stat } = c.req.valid('param')
      const { radius } = c.req.valid('query')
      return c.json({ stat, entries: await showAround(c.var.deps, stat, await userInPath(c), radius) })
    },
  )
