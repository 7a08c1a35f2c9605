import { Hono } from 'hono'
import { requireScope, scoped } from '../access/authenticated.ts'
import { requireCaller } from '../access/identify.ts'
import { userInPath } from '../access/user-in-path.ts'
import { cached } from '../http/cached.ts'
import { type AppEnv, type Ctx, clientAddress } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { readCursor, signCursor } from '../http/paging.ts'
import { validated } from '../http/validated.ts'
import { idempotently } from '../idempotency/idempotent.ts'
import { allows } from '../keys/scopes.ts'
import { networkOf } from '../lib/network.ts'
import { tooMany } from './attempts.ts'
import * as profiles from './profiles.ts'
import { UserPath } from './user-ref.ts'
import * as shape from './users.schema.ts'
import * as users from './users.ts'

const tag = 'Accounts'

/** /api/users, except for what users do with their own account. */
export const userRoutes = new Hono<AppEnv>()
  .post(
    '/',
    answers(
      tag,
      'Makes an account',
      { 201: shape.CreatedUser },
      'username_taken',
      'email_taken',
      'rate_limited',
      'forbidden',
      'unauthenticated',
    ),
    validated('json', shape.NewUser, { bodyRequired: true }),
    async (c) => {
      await mayCreateUsers(c)
      return idempotently(
        c,
        (record) => users.createUser(c.var.deps, c.req.valid('json'), record),
        (user) => c.json(user, 201, { Location: `/api/users/${user.username}` }),
      )
    },
  )
  .get(
    '/',
    answers(tag, 'Lists user names', { 200: shape.Usernames }),
    validated('query', shape.UserList),
    cached,
    async (c) => {
      const { limit, cursor, prefix } = c.req.valid('query')
      const list = `users ${prefix?.toLowerCase() ?? ''}`
      const after = await readCursor<string>(c.var.deps, list, cursor)
      const { users: names, next } = await profiles.listUsers(c.var.deps, { prefix, after, limit })
      return c.json({ users: names, nextCursor: next === undefined ? '' : await signCursor(c.var.deps, list, next) })
    },
  )
  .post(
    '/lookup',
    answers(tag, `Shows up to ${shape.MAX_LOOKUP} profiles`, { 200: shape.Profiles }),
    validated('json', shape.Lookup),
    async (c) => c.json({ users: await profiles.lookUpProfiles(c.var.deps, c.req.valid('json').usernames) }),
  )
  .get(
    '/:user',
    answers(tag, 'Shows a profile', { 200: shape.Profile }, 'not_found'),
    validated('param', UserPath),
    cached,
    async (c) => c.json(await profiles.showProfile(c.var.deps, await userInPath(c))),
  )
  .patch(
    '/:user',
    answers(
      tag,
      "Changes anyone's account",
      { 200: shape.ManagedUser },
      'not_found',
      'username_taken',
      'email_taken',
      'conflict',
    ),
    validated('param', UserPath),
    scoped('admin'),
    validated('json', shape.AdminChange),
    async (c) => {
      const user = await userInPath(c)
      return idempotently(
        c,
        (record) => users.changeAnyAccount(c.var.deps, user, c.req.valid('json'), record),
        ({ keys: _, ...changed }) => c.json(changed),
      )
    },
  )
  .delete(
    '/:user',
    answers(tag, "Deletes anyone's account", { 204: 'Deleted' }, 'not_found'),
    validated('param', UserPath),
    scoped('admin'),
    async (c) => {
      await users.deleteAnyAccount(c.var.deps, await userInPath(c))
      return c.body(null, 204)
    },
  )
  .post(
    '/:user/password-reset',
    answers(
      tag,
      `Makes a one-time token to set a password with, valid for ${users.PASSWORD_RESET_HOURS} hours`,
      { 201: shape.PasswordReset },
      'not_found',
    ),
    validated('param', UserPath),
    scoped('users:write'),
    async (c) => {
      const user = await userInPath(c)
      return idempotently(
        c,
        (record) => users.startPasswordReset(c.var.deps, user, record),
        (reset) => c.json(reset, 201),
      )
    },
  )

/** /api/password-reset */
export const passwordResetRoutes = new Hono<AppEnv>().post(
  '/',
  answers(tag, 'Sets a password by a one-time token', { 200: shape.PasswordSet }, 'invalid_credentials'),
  validated('json', shape.PasswordResetUse),
  async (c) => {
    const { token, newPassword } = c.req.valid('json')
    return idempotently(
      c,
      (record) => users.finishPasswordReset(c.var.deps, token, newPassword, record),
      ({ id, username }) => c.json({ id, username }),
    )
  },
)

/** Keys with `users:write` may create accounts without limit. If sign-up is open, all others may within the limit for their address. */
async function mayCreateUsers(c: Ctx): Promise<void> {
  const { config, limits } = c.var.deps
  const anonymous = config.signup === 'open' && c.req.header('Authorization') === undefined
  const caller = anonymous ? undefined : await requireCaller(c)
  if (caller?.kind === 'key' && allows(caller.scopes, 'users:write')) return
  if (caller && config.signup === 'key') requireScope(caller, 'users:write')
  if (!(await limits.signupAddress(networkOf(clientAddress(c)))))
    throw tooMany('Too many new accounts from this address.')
}
