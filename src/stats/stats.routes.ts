import { Hono } from 'hono'
import { authenticated, requireCaller, requireScope, scoped } from '../access/authenticated.ts'
import { userInPath } from '../access/user-in-path.ts'
import { cached } from '../http/cached.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { MAX_LARGE_BODY_KIB } from '../http/received.ts'
import { validated } from '../http/validated.ts'
import { idempotently } from '../idempotency/idempotent.ts'
import { UserPath } from '../users/user-ref.ts'
import { changeManyStats, describeResults } from './batch.ts'
import * as shape from './stats.schema.ts'
import * as stats from './stats.ts'

const tag = 'Stats'

/** /api/stats */
export const statRoutes = new Hono<AppEnv>()
  .get('/', answers(tag, 'Lists every stat with its rules', { 200: shape.Catalog }), cached, (c) =>
    c.json({ stats: stats.listRules() }),
  )
  .post(
    '/batch',
    answers(tag, 'Changes stats of many users', { 200: shape.BatchResults }),
    scoped('stats:write'),
    validated('json', shape.StatBatch, { maxKib: MAX_LARGE_BODY_KIB }),
    async (c) => {
      const { changes, createMissing = false } = c.req.valid('json')
      if (createMissing) requireScope(c.var.caller, 'users:write')
      return idempotently(
        c,
        (record) => changeManyStats(c.var.deps, changes, { createMissing }, record),
        (outcome) => c.json({ results: describeResults(outcome) }),
      )
    },
  )

/** /api/users, where it is about stats */
export const userStatRoutes = new Hono<AppEnv>()
  .get(
    '/:user/stats',
    answers(tag, "Shows a user's stats and levels", { 200: shape.UserStats }, 'not_found'),
    validated('param', UserPath),
    cached,
    async (c) => c.json(await stats.showStats(c.var.deps, await userInPath(c))),
  )
  .patch(
    '/:user/stats',
    answers(tag, "Adds to a user's stats", { 200: shape.ChangedStats }, 'not_found', 'out_of_bounds'),
    validated('param', UserPath),
    authenticated,
    validated('json', shape.StatChanges),
    async (c) => {
      const player = await playerOrKey(c)
      const user = await userInPath(c)
      return idempotently(
        c,
        (record) => stats.changeStats(c.var.deps, user, c.req.valid('json').changes, { player }, record),
        (outcome) => c.json(stats.describeChanges(outcome)),
      )
    },
  )

/** A key with `stats:write`: undefined. A player, where players write their own stats: the user's id. */
async function playerOrKey(c: Ctx): Promise<number | undefined> {
  const caller = await requireCaller(c)
  if (caller.kind === 'user' && c.var.deps.config.playersWriteStats) return caller.userId
  requireScope(caller, 'stats:write')
}
