import { Hono } from 'hono'
import { authenticatedInStatement, requireScope, scopedInStatement } from '../access/authenticated.ts'
import { authorityOf } from '../access/caller.ts'
import { userInPath } from '../access/user-in-path.ts'
import { cached } from '../http/cached.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { MAX_LARGE_BODY_KIB } from '../http/received.ts'
import { validated } from '../http/validated.ts'
import { idempotentWrite } from '../idempotency/idempotent.ts'
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
    scopedInStatement('stats:write'),
    validated('json', shape.StatBatch, { maxKib: MAX_LARGE_BODY_KIB }),
    async (c) => {
      const { changes, createMissing = false } = c.req.valid('json')
      if (createMissing) requireScope(c.var.caller, 'users:write')
      const authority = authorityOf(c.var.caller, 'stats:write')
      return idempotentWrite(
        c,
        (record) => changeManyStats(c.var.deps, changes, { createMissing, authority }, record),
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
    authenticatedInStatement,
    validated('json', shape.StatChanges),
    async (c) => {
      const by = { player: playerOrKey(c), authority: authorityOf(c.var.caller, 'stats:write') }
      const user = await userInPath(c)
      return idempotentWrite(
        c,
        (record) => stats.changeStats(c.var.deps, user, c.req.valid('json').changes, by, record),
        (outcome) => c.json(stats.describeChanges(outcome)),
      )
    },
  )

/** A key with `stats:write`: undefined. A player, where players write their own stats: the user's id. */
function playerOrKey(c: Ctx): number | undefined {
  const { caller } = c.var
  if (caller.kind === 'user' && c.var.deps.config.playersWriteStats) return caller.userId
  requireScope(caller, 'stats:write')
  return undefined
}
