/** /console: what an operator does for the service. `console-users.routes.tsx` has what is done for one user. */
import { Hono } from 'hono'
import { NewWebhook } from '../alerts/alerts.schema.ts'
import { deliverDue } from '../alerts/deliver.ts'
import { asDelivery, listDeliveries, replayDelivery } from '../alerts/deliveries.ts'
import { addWebhook, listWebhooks, removeWebhook, testWebhook } from '../alerts/webhooks.ts'
import { EntryPath } from '../datasets/datasets.schema.ts'
import { showDatasets, writeEntries, writeEntry } from '../datasets/datasets.ts'
import { noRecord } from '../db/idempotency-record.ts'
import { NEWEST_MIGRATION } from '../db/schema.ts'
import { invalidField, PROBLEMS } from '../errors.ts'
import { clearsCacheOnWrite } from '../http/cached.ts'
import { type AppEnv, type Ctx, clientAddress } from '../http/context.ts'
import { JobSettings } from '../jobs/jobs.schema.ts'
import { listJobs, putJob, removeJob } from '../jobs/jobs.ts'
import { runNow } from '../jobs/runner.ts'
import { networkOf } from '../lib/network.ts'
import { findService, setService, showState } from '../service/service.ts'
import { checked } from './checked.ts'
import { consoleUserPages } from './console-users.routes.tsx'
import { dropCookie } from './cookies.ts'
import { ANYONE, type Fields, faultOf, formsUpTo, MAX_FILE_KIB, newFormToken, readForm, sameOrigin } from './forms.ts'
import { openConsole, operating } from './operator.ts'
import { AlertsPage } from './pages/console/alerts.tsx'
import { DatasetsPage } from './pages/console/datasets.tsx'
import { ConsoleLoginPage, type ConsoleProps } from './pages/console/frame.tsx'
import { JobsPage } from './pages/console/jobs.tsx'
import { ServicePage } from './pages/console/service.tsx'
import { pagePolicy, personal } from './policy.ts'
import { sendPage, siteFor } from './public.routes.tsx'
import { readUpload } from './upload.ts'

const DELIVERIES = 50

const UPLOAD = '/console/datasets/upload'
const formsBody = formsUpTo()
const filesBody = formsUpTo(MAX_FILE_KIB)

/** Characters of JSON that one statement takes: D1 allows a value two megabytes. */
const UPLOAD_SLICE = 400_000

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
  .post('/stop', (c) => doing(c, servicePage, () => setService(c.var.deps, 'stopped', noRecord)))
  .post('/start', (c) => doing(c, servicePage, () => setService(c.var.deps, 'running', noRecord)))
  .post('/logout', async (c) => {
    await readForm(c, c.var.operator)
    dropCookie(c, 'console')
    return c.redirect('/console/login', 303)
  })

const alerts = new Hono<AppEnv>()
  .get('/', (c) => alertsPage(c))
  .post('/', (c) =>
    doing(c, alertsPage, async ({ url = '', events = '' }) => {
      const wanted = checked(NewWebhook, { url, events: events.split(' ').filter((event) => event !== '') })
      return { secret: (await addWebhook(c.var.deps, wanted, noRecord)).secret }
    }),
  )
  .post('/test', (c) =>
    doing(c, alertsPage, async ({ id = '' }) => {
      const { status, lastError } = await testWebhook(c.var.deps, id, noRecord)
      return { done: status === 'delivered' ? 'The test has arrived.' : `The test did not arrive: ${lastError}` }
    }),
  )
  .post('/remove', (c) => doing(c, alertsPage, ({ id = '' }) => removeWebhook(c.var.deps, id)))
  .post('/replay', (c) =>
    doing(c, alertsPage, async ({ id = '' }) => {
      await replayDelivery(c.var.deps, Number(id.replace('dlv_', '')), noRecord)
      c.var.deps.defer(deliverDue(c.var.deps))
      return { done: 'It is being sent again.' }
    }),
  )

const jobs = new Hono<AppEnv>()
  .get('/', (c) => jobsPage(c))
  .post('/', (c) =>
    doing(c, jobsPage, async ({ id = '', action, schedule, payload = '{}', enabled = 'yes' }) => {
      if (!/^[A-Za-z0-9_.-]{1,64}$/.test(id)) throw invalidField('id', 'has to be 1 to 64 letters, digits, _ . or -')
      const settings = { action, schedule, payload: parsed('payload', payload), enabled: enabled === 'yes' }
      await putJob(c.var.deps, id, checked(JobSettings, settings))
    }),
  )
  .post('/run', (c) =>
    doing(c, jobsPage, async ({ id = '' }) => {
      const { state, outcome, error } = await runNow(c.var.deps, id, noRecord)
      return { done: `${id}: ${state}. ${outcome} ${error}` }
    }),
  )
  .post('/remove', (c) => doing(c, jobsPage, ({ id = '' }) => removeJob(c.var.deps, id)))

const datasets = new Hono<AppEnv>()
  .get('/', (c) => datasetsPage(c))
  .post('/', (c) =>
    doing(c, datasetsPage, async ({ data = '', ...fields }) => {
      const { dataset, key } = checked(EntryPath, { dataset: fields.dataset, key: fields.key })
      const created = await writeEntry(c.var.deps, dataset, key, parsed('data', data))
      return { done: created ? `${key} is new in ${dataset}.` : `${key} is replaced in ${dataset}.`, values: {} }
    }),
  )
  .post('/upload', (c) =>
    doing(c, datasetsPage, async ({ dataset = '', file = '', keyColumn = '' }) => {
      const entries = readUpload(file, keyColumn)
      for (const { key } of entries) checked(EntryPath, { dataset, key })
      let slice: typeof entries = []
      for (const [i, entry] of entries.entries()) {
        slice.push(entry)
        const isFull = slice.length % 100 === 0 && JSON.stringify(slice).length > UPLOAD_SLICE
        if (!isFull && i < entries.length - 1) continue
        await writeEntries(c.var.deps, dataset, slice)
        slice = []
      }
      return { done: `${entries.length} entries are in ${dataset}.`, values: {} }
    }),
  )

export const consolePages = new Hono<AppEnv>()
  .use('/console/*', pagePolicy, personal, sameOrigin, clearsCacheOnWrite)
  .use('/console/*', (c, next) => (c.req.path === UPLOAD ? filesBody : formsBody)(c, next))
  .route('/console', doors)
  .use('/console/*', operating)
  .route('/console', service)
  .route('/console/users', consoleUserPages)
  .route('/console/alerts', alerts)
  .route('/console/jobs', jobs)
  .route('/console/datasets', datasets)

/** What a page shows beside its own. */
type Shown = Partial<Pick<ConsoleProps, 'fault' | 'done'>> & { values?: Fields; secret?: string }

type ShowPage = (c: Ctx, shown?: Shown) => Promise<Response>

/** Does what a form asks and shows its page again: with what was done, or with what was wrong and what was typed. */
async function doing(c: Ctx, show: ShowPage, work: (fields: Fields) => Promise<unknown>): Promise<Response> {
  const { file, ...values } = await readForm(c, c.var.operator)
  let outcome: unknown
  const fault = await faultOf(async () => {
    outcome = await work({ ...values, ...(file === undefined ? {} : { file }) })
  })
  if (fault) return show(c, { fault, values })
  const shown =
    typeof outcome === 'object' && outcome !== null && ('done' in outcome || 'secret' in outcome) ? outcome : {}
  return show(c, { done: 'Done.', ...shown })
}

function parsed(field: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidField(field, 'has to be JSON')
  }
}

async function frameOf(c: Ctx, shown: Shown) {
  return { site: siteFor(c), token: await newFormToken(c, c.var.operator), ...shown }
}

const statusOf = ({ fault }: Shown) => (fault ? (PROBLEMS[fault.code].status as 400) : 200)

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
  ]
  const state = showState(await findService(deps))
  const frame = await frameOf(c, shown)
  return sendPage(c, <ServicePage {...frame} {...state} migration={String(NEWEST_MIGRATION)} settings={settings} />)
}

async function alertsPage(c: Ctx, shown: Shown = {}) {
  const { deps } = c.var
  const webhooks = await listWebhooks(deps)
  const { deliveries } = await listDeliveries(deps, { status: undefined, before: undefined, limit: DELIVERIES })
  const page = { ...(await frameOf(c, shown)), webhooks, deliveries: deliveries.map(asDelivery) }
  return sendPage(c, <AlertsPage {...page} />, statusOf(shown))
}

async function jobsPage(c: Ctx, shown: Shown = {}) {
  const page = { ...(await frameOf(c, shown)), jobs: await listJobs(c.var.deps) }
  return sendPage(c, <JobsPage {...page} />, statusOf(shown))
}

async function datasetsPage(c: Ctx, shown: Shown = {}) {
  const page = { ...(await frameOf(c, shown)), datasets: await showDatasets(c.var.deps) }
  return sendPage(c, <DatasetsPage {...page} />, statusOf(shown))
}
