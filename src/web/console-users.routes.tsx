/** /console/users: finding a user, and what an operator does for one. */
import { Hono } from 'hono'
import { Grant, Plan } from '../credits/credits.schema.ts'
import * as credits from '../credits/credits.ts'
import { refund } from '../credits/settle.ts'
import { noRecord } from '../db/idempotency-record.ts'
import { AppError, PROBLEMS } from '../errors.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { readCursor, signCursor } from '../http/paging.ts'
import { isoTime } from '../lib/time.ts'
import { listUsers } from '../users/profiles.ts'
import { USERNAME } from '../users/user-ref.ts'
import * as users from '../users/users.ts'
import { checked } from './checked.ts'
import { type Fields, faultOf, newFormToken, readForm } from './forms.ts'
import { UserPage, type UserProps } from './pages/console/user.tsx'
import { UsersPage } from './pages/console/users.tsx'
import { sendPage, siteFor } from './public.routes.tsx'

const NAMES = 50
const LEDGER_ENTRIES = 25

export const consoleUserPages = new Hono<AppEnv>()
  .get('/', async (c) => {
    const query = (c.req.query('q') ?? '').trim()
    const isName = query === '' || /^[A-Za-z0-9_.-]{1,32}$/.test(query)
    const found = isName ? await listUsers(c.var.deps, { prefix: query, limit: NAMES }) : { users: [], next: undefined }
    const frame = { site: siteFor(c), token: await newFormToken(c, c.var.operator) }
    return sendPage(c, <UsersPage {...frame} query={query} names={found.users} more={found.next !== undefined} />)
  })
  .get('/:username', (c) => userPage(c))
  .post('/:username/grant', (c) =>
    doing(c, async (id, { amount, reason }) => {
      const order = checked(Grant, { amount: numberOf(amount), reason })
      const { balance } = await credits.grantTopUp(c.var.deps, id, order, noRecord)
      return { done: `${order.amount} credits are granted; there are ${balance} now.` }
    }),
  )
  .post('/:username/plan', (c) =>
    doing(c, async (id, { allowance, anchorDay, timeZone, lowAt }) => {
      const numbers = { allowance: numberOf(allowance), anchorDay: numberOf(anchorDay), lowAt: numberOf(lowAt) }
      await credits.changePlan(c.var.deps, id, checked(Plan, { ...numbers, timeZone }), noRecord)
      return { done: 'The plan is saved.' }
    }),
  )
  .post('/:username/refund', (c) =>
    doing(c, async (userId, { id = '' }) => {
      if (!id.startsWith(`txn_${userId}_`)) throw new AppError('not_found', 'This user has no such spend.')
      const { amount, balance } = await refund(c.var.deps, id, noRecord)
      return { done: `${amount} credits are given back; there are ${balance} now.` }
    }),
  )
  .post('/:username/reset', (c) =>
    doing(c, async (id) => ({ done: '', reset: await users.startPasswordReset(c.var.deps, { id }, noRecord) })),
  )
  .post('/:username/disable', (c) => doing(c, (id) => setDisabled(c, id, true)))
  .post('/:username/enable', (c) => doing(c, (id) => setDisabled(c, id, false)))

async function setDisabled(c: Ctx, id: number, disabled: boolean) {
  await users.changeAnyAccount(c.var.deps, { id }, { disabled }, noRecord)
  return { done: disabled ? 'The account is disabled.' : 'The account is enabled.' }
}

/** An empty field is left out; what is no number is left to the schema. */
const numberOf = (text: string | undefined) => (text === undefined || text.trim() === '' ? undefined : Number(text))

type Shown = Pick<UserProps, 'fault' | 'done' | 'reset'>

/** Does what a form asks for the user in the path, and shows the user again. */
async function doing(c: Ctx, work: (userId: number, fields: Fields) => Promise<Shown>): Promise<Response> {
  const fields = await readForm(c, c.var.operator)
  const { id } = await userInPath(c)
  let shown: Shown = {}
  const fault = await faultOf(async () => {
    shown = await work(id, fields)
  })
  return userPage(c, fault ? { fault } : shown)
}

/** @throws AppError not_found */
async function userInPath(c: Ctx) {
  const username = c.req.param('username') ?? ''
  if (!USERNAME.test(username)) throw users.noSuchUser()
  return users.requireUser(c.var.deps, { username })
}

async function userPage(c: Ctx, shown: Shown = {}) {
  const { deps } = c.var
  const { id, username, email, createdAt, disabledAt } = await userInPath(c)
  const list = `console ledger ${id}`
  const before = await readCursor<number>(deps, list, c.req.query('cursor') || undefined)
  const [account, usage, ledger] = await Promise.all([
    credits.showCredits(deps, id),
    credits.showUsage(deps, id, 30),
    credits.showLedger(deps, id, before, LEDGER_ENTRIES),
  ])
  const page: UserProps = {
    site: siteFor(c),
    token: await newFormToken(c, c.var.operator),
    user: { id, username, email: email ?? '', createdAt: isoTime(createdAt), disabled: disabledAt !== null },
    credits: account,
    usage: usage.days,
    today: deps.now().getTime(),
    entries: ledger.entries,
    nextCursor: ledger.next === undefined ? undefined : await signCursor(deps, list, ledger.next),
    ...shown,
  }
  return sendPage(c, <UserPage {...page} />, shown.fault ? (PROBLEMS[shown.fault.code].status as 400) : 200)
}
