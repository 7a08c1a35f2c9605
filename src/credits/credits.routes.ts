import { Hono } from 'hono'
import { authenticated, authenticatedInStatement, requireScope, scoped } from '../access/authenticated.ts'
import { authorityOf } from '../access/caller.ts'
import { userInPath } from '../access/user-in-path.ts'
import { AppError } from '../errors.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { readCursor, signCursor } from '../http/paging.ts'
import { validated } from '../http/validated.ts'
import { idempotently, idempotentWrite } from '../idempotency/idempotent.ts'
import { isoTime, SECOND } from '../lib/time.ts'
import { payerNamed, paying, requirePayer } from '../metering/payer.ts'
import { UserPath } from '../users/user-ref.ts'
import { requireUser } from '../users/users.ts'
import { charge } from './charge.ts'
import * as shape from './credits.schema.ts'
import * as credits from './credits.ts'
import { NEVER } from './movements.store.ts'
import { captureHold, refund, releaseHold } from './settle.ts'

const tag = 'Credits'

/** /api/credits: of the account behind the credentials. */
export const creditRoutes = new Hono<AppEnv>()
  .get('/', answers(tag, 'The balance', { 200: shape.Balance }), authenticatedInStatement, async (c) =>
    c.json(await credits.showCredits(c.var.deps, reader(c), authorityOf(c.var.caller, 'metered:read'))),
  )
  .get(
    '/ledger',
    answers(tag, 'Every movement, newest first', { 200: shape.Ledger }),
    authenticated,
    validated('query', shape.LedgerPage),
    async (c) => c.json(await ledgerPage(c, reader(c), c.req.valid('query'))),
  )
  .get(
    '/usage',
    answers(tag, 'Calls and credits by day and operation', { 200: shape.Usage }),
    authenticated,
    validated('query', shape.UsageDays),
    async (c) => c.json(await credits.showUsage(c.var.deps, reader(c), c.req.valid('query').days)),
  )
  .post(
    '/spend',
    answers(tag, 'Spends credits', { 201: shape.Spent }, 'not_found'),
    paying(['credits:spend', 'credits:charge']),
    validated('json', shape.Spend),
    async (c) => {
      const { amount, reason = '', username } = c.req.valid('json')
      const payer = await payerOf(c, username)
      return idempotentWrite(
        c,
        (record) => charge(c.var.deps, payer, { cost: amount, kind: 'spend', operation: 'spend', reason }, record),
        ({ id, charged, balance }) => c.json({ id, charged, balance }, 201),
      )
    },
  )
  .post(
    '/holds',
    answers(tag, 'Reserves credits', { 201: shape.Held }),
    paying(['credits:spend']),
    validated('json', shape.Hold),
    async (c) => {
      const { amount, expiresInSeconds, reason = '' } = c.req.valid('json')
      const payer = requirePayer(c)
      const until = c.var.deps.now().getTime() + expiresInSeconds * SECOND
      return idempotentWrite(
        c,
        (record) =>
          charge(
            c.var.deps,
            payer,
            { cost: amount, kind: 'hold', operation: 'hold', reason, expiresAt: until },
            record,
          ),
        ({ id, charged, balance, expiresAt }) =>
          c.json({ id, amount: charged, balance, expiresAt: isoTime(expiresAt) }, 201),
      )
    },
  )
  .post(
    '/holds/:id/capture',
    answers(tag, 'Takes part or all of a hold', { 200: shape.Captured }, 'not_found', 'conflict', 'exceeds_hold'),
    validated('param', shape.HoldPath),
    authenticated,
    validated('json', shape.Capture),
    async (c) => {
      const userId = spender(c)
      const { id } = c.req.valid('param')
      return idempotently(
        c,
        (record) => captureHold(c.var.deps, userId, id, c.req.valid('json').amount, record),
        ({ captured, amount, balance }) => c.json({ id, captured, released: amount, balance }),
      )
    },
  )
  .post(
    '/holds/:id/release',
    answers(tag, 'Gives a hold back', { 200: shape.Released }, 'not_found', 'conflict'),
    validated('param', shape.HoldPath),
    authenticated,
    async (c) => {
      const userId = spender(c)
      const { id } = c.req.valid('param')
      return idempotently(
        c,
        (record) => releaseHold(c.var.deps, userId, id, record),
        ({ amount, balance }) => c.json({ id, released: amount, balance }),
      )
    },
  )
  .post(
    '/refunds',
    answers(tag, 'Gives a spend or a captured hold back', { 201: shape.Refunded }, 'not_found', 'conflict'),
    scoped('credits:grant'),
    validated('json', shape.Refund),
    async (c) =>
      idempotently(
        c,
        (record) => refund(c.var.deps, c.req.valid('json').id, record),
        ({ id, amount, restored, balance }) => c.json({ id, amount, restored, balance }, 201),
      ),
  )

/** /api/users/{user}/credits: anyone's, for the operator. */
export const userCreditRoutes = new Hono<AppEnv>()
  .get(
    '/:user/credits',
    answers(tag, "Anyone's balance", { 200: shape.Balance }, 'not_found'),
    validated('param', UserPath),
    scoped('admin'),
    async (c) => c.json(await credits.showCredits(c.var.deps, await userId(c))),
  )
  .patch(
    '/:user/credits',
    answers(tag, 'Changes a plan', { 200: shape.Balance }, 'not_found'),
    validated('param', UserPath),
    scoped('admin'),
    validated('json', shape.Plan),
    async (c) => {
      const id = await userId(c)
      return idempotently(
        c,
        (record) => credits.changePlan(c.var.deps, id, c.req.valid('json'), record),
        (statement) => c.json(credits.presentPlan(c.var.deps, statement)),
      )
    },
  )
  .get(
    '/:user/credits/ledger',
    answers(tag, "Anyone's movements, newest first", { 200: shape.Ledger }, 'not_found'),
    validated('param', UserPath),
    scoped('credits:grant'),
    validated('query', shape.LedgerPage),
    async (c) => c.json(await ledgerPage(c, await userId(c), c.req.valid('query'))),
  )
  .get(
    '/:user/credits/usage',
    answers(tag, "Anyone's calls and credits by day and operation", { 200: shape.Usage }, 'not_found'),
    validated('param', UserPath),
    scoped('credits:grant'),
    validated('query', shape.UsageDays),
    async (c) => c.json(await credits.showUsage(c.var.deps, await userId(c), c.req.valid('query').days)),
  )
  .post(
    '/:user/credits/grants',
    answers(tag, 'Grants a top-up', { 201: shape.Granted }, 'not_found'),
    validated('param', UserPath),
    scoped('credits:grant'),
    validated('json', shape.Grant),
    async (c) => {
      const id = await userId(c)
      return idempotently(
        c,
        (record) => credits.grantTopUp(c.var.deps, id, c.req.valid('json'), record),
        ({ expiresAt, ...grant }) =>
          c.json({ ...grant, expiresAt: expiresAt === NEVER ? '' : isoTime(expiresAt) }, 201),
      )
    },
  )

async function ledgerPage(c: Ctx, userId: number, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
  const { deps } = c.var
  const list = `ledger ${userId}`
  const before = await readCursor<number>(deps, list, cursor)
  const { entries, next } = await credits.showLedger(deps, userId, before, limit)
  return { entries, nextCursor: next === undefined ? '' : await signCursor(deps, list, next) }
}

/** Whose credits are read: a user's own, or a key's owner's. */
function reader(c: Ctx): number {
  const { caller } = c.var
  if (caller.kind === 'key' && caller.userId !== undefined) requireScope(caller, 'metered:read')
  return owner(c)
}

/** Whose holds are settled. */
function spender(c: Ctx): number {
  const { caller } = c.var
  if (caller.kind === 'key') requireScope(caller, 'credits:spend')
  return owner(c)
}

function owner(c: Ctx): number {
  const { userId } = c.var.caller
  if (userId === undefined)
    throw new AppError('forbidden', 'Nobody owns this API key, so it has no credits. Name the user in the path.')
  return userId
}

/** The caller's own account, or that of the user of this name for who may. */
async function payerOf(c: Ctx, username: string | undefined) {
  const own = c.get('payer')?.account.userId
  const named = username === undefined ? own : (await requireUser(c.var.deps, { username })).id
  if (named !== undefined && named !== own) return payerNamed(c, named)
  if (c.var.caller.kind === 'key') requireScope(c.var.caller, 'credits:spend')
  return requirePayer(c)
}

async function userId(c: Ctx): Promise<number> {
  return (await requireUser(c.var.deps, await userInPath(c))).id
}
