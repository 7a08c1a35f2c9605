import { Hono } from 'hono'
import { byCachedPassword, byPassword, signedIn, signedInUser, withFreshPassword } from '../access/authenticated.ts'
import type { AppEnv } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { NoFields, validated } from '../http/validated.ts'
import { idempotentWrite } from '../idempotency/idempotent.ts'
import * as shape from './tokens.schema.ts'
import * as tokens from './tokens.ts'

const tag = 'Tokens'

/** /api/token */
export const tokenRoutes = new Hono<AppEnv>()
  .get('/', answers(tag, 'Gives an access token', { 200: shape.AccessToken }), byPassword, async (c) =>
    c.json(await tokens.issueToken(c.var.deps, signedInUser(c))),
  )
  .post(
    '/',
    answers(tag, 'Starts a session: an access token and a refresh token', { 200: shape.TokenPair }),
    byCachedPassword,
    validated('json', NoFields),
    async (c) =>
      withFreshPassword(c, () =>
        idempotentWrite(
          c,
          (record) => tokens.startSession(c.var.deps, signedInUser(c), record),
          (pair) => c.json(pair),
        ),
      ),
  )
  .post(
    '/refresh',
    answers(
      tag,
      "Gives a session's next tokens; each refresh token works once",
      { 200: shape.TokenPair },
      'unauthenticated',
    ),
    validated('json', shape.Refresh),
    async (c) => {
      const { deps } = c.var
      const { refreshToken } = c.req.valid('json')
      return idempotentWrite(
        c,
        (record) => tokens.refreshSession(deps, refreshToken, record),
        async (refreshed) => c.json(await tokens.showPair(deps, refreshed)),
        { caller: await tokens.refreshCaller(refreshToken) },
      )
    },
  )

/** /api/sessions */
export const sessionRoutes = new Hono<AppEnv>()
  .get('/', answers(tag, "Lists the caller's sessions", { 200: shape.Sessions }), signedIn, async (c) =>
    c.json({ sessions: await tokens.showSessions(c.var.deps, signedInUser(c)) }),
  )
  .delete(
    '/',
    answers(tag, "Ends all of the caller's sessions", { 204: 'Ended, with their access tokens' }),
    signedIn,
    async (c) => {
      await tokens.endSessions(c.var.deps, signedInUser(c).userId)
      return c.body(null, 204)
    },
  )
  .delete(
    '/:id',
    answers(tag, "Ends one of the caller's sessions", { 204: 'Ended, with its access token' }, 'not_found'),
    validated('param', shape.SessionPath),
    signedIn,
    async (c) => {
      await tokens.endSession(c.var.deps, signedInUser(c).userId, c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
