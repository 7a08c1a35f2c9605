/** What users do with their own account. */
import { Hono } from 'hono'
import { signedIn, signedInUser } from '../access/authenticated.ts'
import { type AppEnv, type Ctx, clientAddress } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { validated } from '../http/validated.ts'
import { idempotently } from '../idempotency/idempotent.ts'
import { verifyCredentials } from './credentials.ts'
import { exportUser } from './export.ts'
import { showOwnProfile } from './profiles.ts'
import * as shape from './users.schema.ts'
import * as users from './users.ts'

const tag = 'Accounts'

/** /api/users/me, and its old form /api/users/update */
export const ownAccountRoutes = new Hono<AppEnv>()
  .get('/me', answers(tag, "The caller's own profile", { 200: shape.OwnProfile }, 'not_found'), signedIn, showSelf)
  .get(
    '/me/export',
    answers(tag, 'Everything that is stored about the caller', { 200: shape.Export }, 'not_found'),
    signedIn,
    async (c) =>
      c.body(await exportUser(c.var.deps, signedInUser(c).userId), 200, { 'Content-Type': 'application/json' }),
  )
  .patch(
    '/me',
    answers(
      tag,
      "Changes the caller's email or password",
      { 200: shape.ChangedProfile },
      'not_found',
      'email_taken',
      'conflict',
    ),
    signedIn,
    validated('json', shape.ProfileChange),
    async (c) => {
      const { currentPassword, ...change } = c.req.valid('json')
      users.requireLongEnough(c.var.deps, { newPassword: change.newPassword })
      // Before the idempotency record is read: a replay needs the password as well.
      const credentials = await ownCredentials(c, currentPassword)
      const { user } = await verifyCredentials(c.var.deps, credentials, clientAddress(c))
      return idempotently(
        c,
        (record) => users.changeOwnAccount(c.var.deps, user, change, record),
        ({ disabled: _, ...changed }) => c.json(changed),
      )
    },
  )
  .delete(
    '/me',
    answers(tag, "Deletes the caller's account", { 204: 'Deleted' }, 'not_found', 'conflict'),
    signedIn,
    validated('json', shape.Deletion),
    async (c) => {
      await users.deleteOwnAccount(
        c.var.deps,
        await ownCredentials(c, c.req.valid('json').currentPassword),
        clientAddress(c),
      )
      return c.body(null, 204)
    },
  )
  .post(
    '/update',
    answers(
      tag,
      "The old app's way to change one's own account",
      { 200: shape.ChangedProfile },
      'invalid_credentials',
      'forbidden',
      'email_taken',
      'conflict',
      'rate_limited',
    ),
    validated('json', shape.OldProfileChange),
    async (c) => {
      const { username, password, new_password, email } = c.req.valid('json')
      users.requireLongEnough(c.var.deps, { new_password })
      const { user } = await verifyCredentials(c.var.deps, { username, password }, clientAddress(c))
      return idempotently(
        c,
        (record) => users.changeOwnAccount(c.var.deps, user, { newPassword: new_password, email }, record),
        ({ disabled: _, ...changed }) => c.json(changed),
      )
    },
  )

/** /api/resource: the old app's path of `/api/users/me`. */
export const resourceRoutes = new Hono<AppEnv>().get(
  '/',
  answers(tag, "The caller's own profile, at its old path", { 200: shape.OwnProfile }, 'not_found'),
  signedIn,
  showSelf,
)

async function showSelf(c: Ctx) {
  return c.json(await showOwnProfile(c.var.deps, { id: signedInUser(c).userId }))
}

/** The signed-in user's name, with the password from the body. */
async function ownCredentials(c: Ctx, password: string) {
  const { username } = await users.requireUser(c.var.deps, { id: signedInUser(c).userId })
  return { username, password }
}
