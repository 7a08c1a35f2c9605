/** /account: what players do for themselves. Forms work without script; each is sent once. */
import { Hono, type MiddlewareHandler } from 'hono'
import * as credits from '../credits/credits.ts'
import { noRecord } from '../db/idempotency-record.ts'
import { AppError, invalidField, PROBLEMS } from '../errors.ts'
import { clearsCacheOnWrite } from '../http/cached.ts'
import { type AppEnv, type Ctx, clientAddress } from '../http/context.ts'
import { readCursor, signCursor } from '../http/paging.ts'
import { NewKey } from '../keys/keys.schema.ts'
import { createKey, revokeKey, showKeys } from '../keys/keys.ts'
import { networkOf } from '../lib/network.ts'
import { endSession } from '../tokens/tokens.ts'
import { tooMany } from '../users/attempts.ts'
import { verifyCredentials } from '../users/credentials.ts'
import { exportUser } from '../users/export.ts'
import { NewUser, ProfileChange } from '../users/users.schema.ts'
import * as users from '../users/users.ts'
import { checked } from './checked.ts'
import { dropCookie } from './cookies.ts'
import { ANYONE, faultOf, formsUpTo, newFormToken, readForm, sameOrigin } from './forms.ts'
import { CreditsPage } from './pages/account/credits.tsx'
import { ForgottenPage, GoodbyePage, LoginPage, SignupPage } from './pages/account/doors.tsx'
import { KeysPage, NewKeyPage } from './pages/account/keys.tsx'
import { LedgerPage } from './pages/account/ledger.tsx'
import { SettingsPage } from './pages/account/settings.tsx'
import { findAnyEntry } from './pages.store.ts'
import { pagePolicy, personal } from './policy.ts'
import { sendPage, siteFor } from './public.routes.tsx'
import { readSignedIn, signIn } from './signed-in.ts'

const LEDGER_ENTRIES = 50

const DONE: Record<string, string> = {
  welcome: 'Welcome! Your account is ready.',
  revoked: 'The key is revoked.',
  saved: 'Saved.',
  ended: 'The session is ended.',
  password: 'The password is set. Log in with it.',
}

/** Sends who is not logged in to the log-in page. */
const loggedIn: MiddlewareHandler<AppEnv> = async (c, next) => {
  const user = await readSignedIn(c)
  if (!user) return c.redirect('/account/login', 303)
  c.set('account', user)
  await next()
}

/** Before anybody is logged in. */
const doors = new Hono<AppEnv>()
  .get('/login', async (c) => {
    const done = DONE[c.req.query('done') ?? '']
    return sendPage(c, <LoginPage site={siteFor(c)} token={await newFormToken(c, ANYONE)} done={done} />)
  })
  .post('/login', async (c) => {
    const { username = '', password = '' } = await readForm(c, ANYONE)
    const fault = await faultOf(() => logIn(c, username, password))
    if (!fault) return c.redirect('/account', 303)
    const again = { site: siteFor(c), token: await newFormToken(c, ANYONE), values: { username }, fault }
    return sendFault(c, fault, <LoginPage {...again} />)
  })
  .get('/signup', async (c) => {
    const { passwordMinLength } = c.var.deps.config
    const token = await newFormToken(c, ANYONE)
    return sendPage(c, <SignupPage site={siteFor(c)} token={token} minLength={passwordMinLength} />)
  })
  .post('/signup', async (c) => {
    const { deps } = c.var
    const { username = '', password = '', email = '' } = await readForm(c, ANYONE)
    const fault = await faultOf(async () => {
      if (deps.config.signup === 'key') throw new AppError('forbidden', 'Accounts here are made by the game.')
      if (password === '') throw invalidField('password', 'is required')
      const wanted = checked(NewUser, { username, password, email })
      if (!(await deps.limits.signupAddress(networkOf(clientAddress(c))))) throw tooMany('Too many new accounts.')
      const { id } = await users.createUser(deps, wanted, noRecord)
      await signIn(c, { userId: id, version: (await users.requireUser(deps, { id })).version })
    })
    if (!fault) return c.redirect('/account?done=welcome', 303)
    const again = { site: siteFor(c), token: await newFormToken(c, ANYONE), values: { username, email }, fault }
    return sendFault(c, fault, <SignupPage {...again} minLength={deps.config.passwordMinLength} />)
  })
  .get('/forgotten', async (c) =>
    sendPage(c, <ForgottenPage site={siteFor(c)} token={await newFormToken(c, ANYONE)} />),
  )
  .post('/forgotten', async (c) => {
    const { token = '', newPassword = '' } = await readForm(c, ANYONE)
    const fault = await faultOf(async () => {
      if (newPassword === '') throw invalidField('newPassword', 'is required')
      await users.finishPasswordReset(c.var.deps, token, newPassword, noRecord)
    })
    if (!fault) return c.redirect('/account/login?done=password', 303)
    return sendFault(c, fault, <ForgottenPage site={siteFor(c)} token={await newFormToken(c, ANYONE)} fault={fault} />)
  })

/** For who is logged in. */
const own = new Hono<AppEnv>()
  .use(loggedIn)
  .get('/', async (c) => {
    const { account: user, deps } = c.var
    const [left, { days }, keys] = await Promise.all([
      credits.showCredits(deps, user.userId),
      credits.showUsage(deps, user.userId, 30),
      showKeys(deps, user, undefined),
    ])
    const frame = { ...(await frameOf(c)), done: DONE[c.req.query('done') ?? ''] }
    const today = deps.now().getTime()
    return sendPage(c, <CreditsPage {...frame} credits={left} usage={days} today={today} hasKey={keys.length > 0} />)
  })
  .get('/ledger', async (c) => {
    const { account: user, deps } = c.var
    const list = `page ledger ${user.userId}`
    const before = await readCursor<number>(deps, list, c.req.query('cursor') || undefined)
    const { entries, next } = await credits.showLedger(deps, user.userId, before, LEDGER_ENTRIES)
    const nextCursor = next === undefined ? undefined : await signCursor(deps, list, next)
    const page = { entries, nextCursor, isFirst: before === undefined }
    return sendPage(c, <LedgerPage {...(await frameOf(c))} {...page} />)
  })
  .get('/keys', async (c) => {
    const keys = await showKeys(c.var.deps, c.var.account, undefined)
    return sendPage(c, <KeysPage {...(await frameOf(c))} keys={keys} done={DONE[c.req.query('done') ?? '']} />)
  })
  .post('/keys', async (c) => {
    const { deps, account: user } = c.var
    const { name = '', scopes = '' } = await readForm(c, user.sessionId)
    let secret = ''
    const fault = await faultOf(async () => {
      const wanted = checked(NewKey, { name, scopes: scopes.split(' ').filter((scope) => scope !== '') })
      secret = (await createKey(deps, user, wanted, noRecord)).key
    })
    const frame = { ...(await frameOf(c)), fault }
    if (fault) return sendFault(c, fault, <KeysPage {...frame} keys={await showKeys(deps, user, undefined)} />)
    return sendPage(c, <NewKeyPage {...frame} secret={secret} command={await firstCall(c, secret)} />)
  })
  .post('/keys/revoke', async (c) => {
    const { id = '' } = await readForm(c, c.var.account.sessionId)
    await revokeKey(c.var.deps, c.var.account, id)
    return c.redirect('/account/keys?done=revoked', 303)
  })
  .get('/settings', async (c) =>
    sendPage(c, <SettingsPage {...(await frameOf(c))} done={DONE[c.req.query('done') ?? '']} />),
  )
  .post('/settings', async (c) => {
    const { deps, account: user } = c.var
    const { email = '', newPassword = '', currentPassword = '', revokeKeys } = await readForm(c, user.sessionId)
    const fault = await faultOf(async () => {
      const change = checked(ProfileChange, { email, newPassword, currentPassword, revokeKeys: revokeKeys === 'yes' })
      const credentials = { username: user.username, password: currentPassword }
      const { user: verified } = await verifyCredentials(deps, credentials, clientAddress(c))
      await users.changeOwnAccount(deps, verified, change, noRecord)
      if (newPassword !== '') await logIn(c, user.username, newPassword)
    })
    if (!fault) return c.redirect('/account/settings?done=saved', 303)
    return sendFault(c, fault, <SettingsPage {...(await frameOf(c))} values={{ email }} fault={fault} />)
  })
  .post('/sessions/end', async (c) => {
    const { deps, account: user } = c.var
    const { id = '' } = await readForm(c, user.sessionId)
    await endSession(deps, user.userId, id)
    return c.redirect('/account/settings?done=ended', 303)
  })
  .get('/export', async (c) => {
    const { deps, account: user } = c.var
    return c.body(await exportUser(deps, user.userId), 200, {
      'Content-Type': 'application/json',
      'Content-Disposition': `attachment; filename="${user.username}.json"`,
    })
  })
  .post('/delete', async (c) => {
    const { deps, account: user } = c.var
    const { confirm = '', password = '' } = await readForm(c, user.sessionId)
    const fault = await faultOf(async () => {
      if (confirm.toLowerCase() !== user.username.toLowerCase())
        throw invalidField('confirm', 'has to be your user name')
      await users.deleteOwnAccount(deps, { username: user.username, password }, clientAddress(c))
    })
    if (fault) return sendFault(c, fault, <SettingsPage {...(await frameOf(c))} fault={fault} />)
    dropCookie(c, 'account')
    return sendPage(c, <GoodbyePage site={siteFor(c)} />)
  })
  .post('/logout', async (c) => {
    const { deps, account: user } = c.var
    await readForm(c, user.sessionId)
    await endSession(deps, user.userId, user.sessionId)
    dropCookie(c, 'account')
    return c.redirect('/account/login', 303)
  })

export const accountPages = new Hono<AppEnv>()
  .use('/account/*', pagePolicy, personal, sameOrigin, formsUpTo(), clearsCacheOnWrite)
  .route('/account', doors)
  .route('/account', own)

async function logIn(c: Ctx, username: string, password: string): Promise<void> {
  const { user } = await verifyCredentials(c.var.deps, { username, password }, clientAddress(c))
  await signIn(c, { userId: user.id, version: user.version })
}

async function frameOf(c: Ctx) {
  const { account: user } = c.var
  return { site: siteFor(c), user, token: await newFormToken(c, user.sessionId) }
}

type FaultStatus = 400 | 401 | 403 | 404 | 409 | 422 | 429

/** The page of a form again, with what was wrong. */
function sendFault(c: Ctx, fault: AppError, page: Parameters<typeof sendPage>[1]) {
  const retry = fault.details.headers?.['Retry-After']
  if (retry) c.header('Retry-After', retry)
  return sendPage(c, page, PROBLEMS[fault.code].status as FaultStatus)
}

/** A command that spends one credit: on an entry that can be bought, or on nothing where there is none. */
async function firstCall(c: Ctx, secret: string): Promise<string> {
  const { origin } = siteFor(c)
  const entry = await findAnyEntry(c.var.deps.db)
  if (entry) {
    return `curl -H 'Authorization: Bearer ${secret}' '${origin}/api/v1.0/${entry.dataset}/${encodeURIComponent(entry.key).replaceAll("'", '%27')}'`
  }
  return `curl -X POST -H 'Authorization: Bearer ${secret}' -H 'Content-Type: application/json' -d '{"amount": 1, "reason": "my first call"}' ${origin}/api/credits/spend`
}
