/** The real service on this machine with a world in it that looks alive, and a browser to look at it. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { buildWorker, migrate, type RunningWorker, startWorker } from '../../../scripts/worker.ts'
import { BY_SERVICE } from '../../../src/authority/authority.ts'
import { noRecord } from '../../../src/db/idempotency-record.ts'
import { makeDeps, newIsolateCache } from '../../../src/deps.ts'
import { makeKey } from '../../../src/keys/keys.ts'
import { changeManyStats } from '../../../src/stats/batch.ts'
import { STAT_NAMES } from '../../../src/stats/catalog.ts'
import { createUser } from '../../../src/users/users.ts'

export const SCREENSHOTS = 'dist/screenshots'
export const PASSWORD = 'python'

/** Debian's place, and where others put it. */
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export type World = {
  worker: RunningWorker
  browser: Browser
  adminKey: string
  gzipped: number
  close: () => Promise<void>
}

export async function openWorld(): Promise<World> {
  const executablePath = process.env.CHROMIUM ?? CHROMIUM.find(existsSync)
  if (!executablePath) throw new Error('There is no chromium. On Debian: apt-get install chromium')
  mkdirSync(SCREENSHOTS, { recursive: true })
  const state = mkdtempSync(join(tmpdir(), 'statkeep-web-'))
  const { gzipped } = await buildWorker()
  const worker = await startWorker(state, { SCRYPT_LN: '4', SCRYPT_P: '1' }, { quiet: true, assets: true })
  await migrate(worker.env.DB)
  const adminKey = await fill(worker)
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const close = async () => {
    await browser.close()
    await worker.stop()
    rmSync(state, { recursive: true, force: true })
  }
  return { worker, browser, adminKey, gzipped, close }
}

/** Forty players, a dataset, and thirty days of calls of one of them. @returns an `admin` key. */
async function fill({ env, url }: RunningWorker): Promise<string> {
  const deps = makeDeps(
    { ...env, TOKEN_SECRET: 'a-secret-for-measuring-only-0123456789', SCRYPT_LN: '4', SCRYPT_P: '1' },
    newIsolateCache(),
  )
  const { id } = await createUser(
    deps,
    { username: 'kicksent', password: PASSWORD, email: 'kicksent@example.com' },
    noRecord,
  )
  const names = ['kicksent', 'BraveOtter', 'W'.repeat(32), ...Array.from({ length: 37 }, (_, i) => `player-${i}`)]
  const changes = names.flatMap((username, n) =>
    STAT_NAMES.map((stat, i) => ({ username, stat, change: ((n * 7919 + i * 104_729) % 97) ** 2 * 50 + 100 })),
  )
  await changeManyStats(deps, changes, { createMissing: true, authority: BY_SERVICE }, noRecord)
  const { secret, row } = await makeKey(deps, { name: 'tests', scopes: ['admin'], userId: null, now: Date.now() })
  await env.DB.prepare(
    'INSERT INTO api_keys (id, user_id, name, secret_hash, prefix, last_four, scopes, created_at) VALUES (?, NULL, ?, ?, ?, ?, ?, ?)',
  )
    .bind(row.id, row.name, row.secretHash, row.prefix, row.lastFour, row.scopes, row.createdAt)
    .run()
  const headers = { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' }
  await fetch(`${url}/api/datasets/banks_data/EBILAEAD`, { method: 'PUT', headers, body: '{"data":{"bank":"EBIL"}}' })
  const reason = '"><script>alert(1)</script> שלום'
  for (const amount of [3, 1, 2]) {
    const body = JSON.stringify({ username: 'kicksent', amount, reason })
    await fetch(`${url}/api/credits/spend`, { method: 'POST', headers, body })
  }
  const days = Array.from({ length: 30 }, (_, day) =>
    ['banks_data.read', 'spend'].map((operation, o) =>
      env.DB.prepare(
        "INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, operation, reason) VALUES (?, ?, ?, ?, 'spend', ?, 50, ?, '')",
      ).bind(
        id,
        (Date.now() - (day + 1) * 86_400_000) * 1000 + o,
        `t${day}${o}`,
        `w${day}${o}`,
        -(1 + ((day * 7 + o * 3) % 9)),
        operation,
      ),
    ),
  )
  await env.DB.batch(days.flat())
  return secret
}

/** A page that collects whatever it should not have: errors of the console and requests to other hosts. */
export async function openPage(
  { browser, worker }: World,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ baseURL: worker.url, ...options })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (404|400|401|403|409|429|503)/.test(message.text()))
      faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== worker.url && protocol !== 'data:' && protocol !== 'about:') faults.push(`asks ${origin}`)
  })
  return { page, faults }
}

export async function logIn(page: Page): Promise<void> {
  await page.goto('/account/login')
  await page.fill('#username', 'kicksent')
  await page.fill('#password', PASSWORD)
  await page.click('form[action="/account/login"] button')
  await page.waitForURL('**/account')
}

export async function openConsole(page: Page, key: string): Promise<void> {
  await page.goto('/console/login')
  await page.fill('#key', key)
  await page.click('form[action="/console/login"] button')
  await page.waitForURL('**/console')
}
