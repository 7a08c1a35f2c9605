import { Hono } from 'hono'
import { signedInOrAdmin } from '../access/authenticated.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { validated } from '../http/validated.ts'
import { idempotently } from '../idempotency/idempotent.ts'
import * as shape from './keys.schema.ts'
import * as keys from './keys.ts'

const tag = 'Keys'

/** /api/keys */
export const keyRoutes = new Hono<AppEnv>()
  .post(
    '/',
    answers(
      tag,
      `Makes an API key and shows it this once; a user has at most ${keys.MAX_KEYS}`,
      { 201: shape.ShownKey },
      'not_found',
      'conflict',
    ),
    signedInOrAdmin,
    validated('json', shape.NewKey),
    async (c) =>
      idempotently(c, (record) => keys.createKey(c.var.deps, managerOf(c), c.req.valid('json'), record), shown(c)),
  )
  .get(
    '/',
    answers(tag, 'Lists the API keys that have not expired', { 200: shape.Keys }, 'not_found'),
    signedInOrAdmin,
    validated('query', shape.KeyList),
    async (c) => c.json({ keys: await keys.showKeys(c.var.deps, managerOf(c), c.req.valid('query').username) }),
  )
  .delete(
    '/:id',
    answers(tag, 'Revokes an API key at once', { 204: 'Revoked' }, 'not_found'),
    validated('param', shape.KeyPath),
    signedInOrAdmin,
    async (c) => {
      await keys.revokeKey(c.var.deps, managerOf(c), c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
  .post(
    '/:id/rotate',
    answers(tag, 'Replaces an API key with a new one', { 201: shape.ShownKey }, 'not_found', 'conflict'),
    validated('param', shape.KeyPath),
    signedInOrAdmin,
    validated('json', shape.Rotation),
    async (c) => {
      const { id } = c.req.valid('param')
      const { overlapSeconds = 0 } = c.req.valid('json')
      return idempotently(c, (record) => keys.rotateKey(c.var.deps, managerOf(c), id, overlapSeconds, record), shown(c))
    },
  )

type Shown = Awaited<ReturnType<typeof keys.createKey>>

const shown =
  (c: Ctx) =>
  ({ key, ...row }: Shown) =>
    c.json({ ...keys.describeKey(row), key }, 201)

function managerOf(c: Ctx): keys.KeyManager {
  const { caller } = c.var
  return caller.kind === 'user' ? caller : 'admin'
}
