/** /console: what an operator does. Logging in and the service itself are here; each tab has a file of its own. */
import { Hono } from 'hono'
import { noRecord } from '../db/idempotency-record.ts'
import { NEWEST_MIGRATION } from '../db/schema.ts'
import { PROBLEMS } from '../errors.ts'
import { clearsCacheOnWrite } from '../http/cached.ts'
import { type AppEnv, type Ctx, clientAddress } from '../http/context.ts'
import { networkOf } from '../lib/network.ts'
import { findService, setService, showState } from '../service/service.ts'
import { consoleAlerts } from './console-alerts.routes.tsx'
import { consoleDatasets, UPLOAD_PATH } from './console-datasets.routes.tsx'
import { consoleFrame, doing, type Shown } from './console-forms.ts'
import { consoleJobs } from './console-jobs.routes.tsx'
import { consoleUsers } from './console-users.routes.tsx'
import { dropCookie } from './cookies.ts'
import { ANYONE, faultOf, formsUpTo, MAX_FILE_KIB, newFormToken, readForm, sameOrigin } from './forms.ts'
import { openConsole, operating } from './operator.ts'
import { ConsoleLoginPage } from './pages/console/frame.tsx'
import { ServicePage } from './pages/console/service.tsx'
import { pagePolicy, personal } from './policy.ts'
import { sendPage, siteFor } from './public.routes.tsx'

const formsBody = formsUpTo()
const filesBody = formsUpTo(MAX_FILE_KIB)

const doors = new Hono<AppEnv>()
  .get('/login', async (c) => sendPage(c, <ConsoleLoginPage site={siteFor(c)} token={await newFormToken(c, ANYONE)} />))
  .post('/login', async (c) => {
    const { key = '' } = await readForm(c, ANYONE)
    const fault = await faultOf(() => openConsole(c, key.trim(), networkOf(clientAddress(c))))
    if (!fault) return c.redirect('/console', 303)
    const page = <ConsoleLoginPage site={siteFor(c)} token={await newFormToken(c, ANYONE)} fault={fault} />
    return sendPage(c, page, PROBLEMS[fault.code].status as 401)
  })

const service = new Hono<AppEnv>()
  .get('/', (c) => servicePage(c))
  .post('/stop', (c) => doing(c, servicePage, () => setState(c, 'stopped')))
  .post('/start', (c) => doing(c, servicePage, () => setState(c, 'running')))
  .post('/logout', async (c) => {
    await readForm(c, c.var.operator.keyId)
    dropCookie(c, 'console')
    return c.redirect('/console/login', 303)
  })

export const consolePages = new Hono<AppEnv>()
  .use('/console/*', pagePolicy, personal, sameOrigin, clearsCacheOnWrite)
  .use('/console/*', (c, next) => (c.req.path === UPLOAD_PATH ? filesBody : formsBody)(c, next))
  .route('/console', doors)
  .use('/console/*', operating)
  .route('/console', service)
  .route('/console/users', consoleUsers)
  .route('/console/alerts', consoleAlerts)
  .route('/console/jobs', consoleJobs)
  .route('/console/datasets', consoleDatasets)

async function setState(c: Ctx, state: 'running' | 'stopped'): Promise<Shown> {
  await setService(c.var.deps, state, noRecord)
  return { done: state === 'running' ? 'The service runs again.' : 'The service is stopped.' }
}

async function servicePage(c: Ctx, shown: Shown = {}) {
  const { deps } = c.var
  const { config } = deps
  const settings = [
    { name: 'SIGNUP', value: config.signup },
    { name: 'MONTHLY_CREDITS', value: String(config.monthlyCredits) },
    { name: 'PASSWORD_MIN_LENGTH', value: String(config.passwordMinLength) },
    { name: 'PLAYERS_WRITE_STATS', value: String(config.playersWriteStats) },
    { name: 'LEDGER_MONTHS', value: String(config.ledgerMonths) },
    { name: 'ALERT_URL', value: config.alertUrl ? 'set' : 'not set' },
    { name: 'SITE_NAME', value: config.siteName || 'not set' },
    { name: 'SITE_STATS', value: config.siteStats || 'all' },
  ]
  const state = showState(await findService(deps))
  const frame = await consoleFrame(c, shown)
  return sendPage(c, <ServicePage {...frame} {...state} migration={String(NEWEST_MIGRATION)} settings={settings} />)
}
