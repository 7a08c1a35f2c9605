/** `npm run test:web`: the website in a real browser, against the real service. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { cpuMilliseconds } from '../../../scripts/processes.ts'
import { logIn, openConsole, openPage, openWorld, SCREENSHOTS, type World } from './world.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Budgets, in bytes where nothing else is said. */
const HTML_BYTES = 30 * 1024
const SCRIPT_GZIPPED = 10 * 1024
const STYLE_GZIPPED = 6 * 1024
const CARD_CPU_MILLISECONDS = 10
/** 158.5 KiB before the website, and 60 for it. */
const WORKER_GZIPPED_KIB = 218.5

const PUBLIC = {
  home: '/',
  player: '/players/kicksent',
  'player-wide': `/players/${'W'.repeat(32)}`,
  board: '/leaderboards/melee',
  'board-around': '/leaderboards/melee?around=kicksent',
  missing: '/players/nobody',
  'overlay-builder': '/overlay?player=kicksent',
  'overlay-player': '/overlay/player/kicksent',
  'overlay-board': '/overlay/leaderboard/speed?limit=5&theme=light',
  login: '/account/login',
  signup: '/account/signup',
  forgotten: '/account/forgotten',
  'console-login': '/console/login',
}
const ACCOUNT = { account: '/account', ledger: '/account/ledger', keys: '/account/keys', settings: '/account/settings' }
const CONSOLE = {
  console: '/console',
  'console-users': '/console/users?q=player',
  'console-user': '/console/users/kicksent',
  'console-alerts': '/console/alerts',
  'console-jobs': '/console/jobs',
  'console-datasets': '/console/datasets',
}

let world: World
before(async () => {
  world = await openWorld()
})
after(() => world?.close())

for (const colorScheme of ['dark', 'light'] as const) {
  for (const width of [360, 768, 1440]) {
    test(`every page at ${width} px, ${colorScheme}: no error, no other host, no sideways scroll, nothing that axe minds`, async () => {
      const { page, faults } = await openPage(world, { colorScheme, viewport: { width, height: 900 } })
      const look = async (pages: Record<string, string>) => {
        for (const [name, path] of Object.entries(pages)) {
          await page.goto(path)
          await page.screenshot({ path: `${SCREENSHOTS}/${name}-${width}-${colorScheme}.png`, fullPage: true })
          const beyond = await widthBeyond(page)
          if (beyond > 0) faults.push(`${name} scrolls sideways by ${beyond} px`)
          for (const fault of await axeFaults(page)) faults.push(`${name}: ${fault}`)
        }
      }
      await look(PUBLIC)
      await logIn(page)
      await look(ACCOUNT)
      await openConsole(page, world.adminKey)
      await look(CONSOLE)
      assert.deepEqual(faults, [])
      await page.context().close()
    })
  }
}

const widthBeyond = (page: Page): Promise<number> =>
  page.evaluate('Math.max(0, document.documentElement.scrollWidth - innerWidth)')

async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(
    "axe.run({ iframes: false }).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')))",
  )
}

/** Tab until what has the focus reads so; a person who has only a keyboard does the same. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)})`)) return
  }
  assert.fail(`The keyboard does not reach ${selector}`)
}

test('by keyboard alone: find a player, sign up, make a key, spend, see it in the chart, log out', async () => {
  const { page, faults } = await openPage(world)
  await page.goto('/')
  await tabTo(page, '#find-player')
  await page.keyboard.type('kICk')
  await page.waitForSelector('.hero .found a')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/players/kicksent')

  await page.goto('/account/signup')
  await tabTo(page, '#username')
  await page.keyboard.type('keys-only')
  await page.keyboard.press('Tab')
  await page.keyboard.type('python-2027')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/account?done=welcome')
  await tabTo(page, 'form[action="/account/keys"] button')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#command')
  await spendBy((await page.textContent('#command')) ?? '')
  await tabTo(page, 'main a[href="/account"]')
  await page.keyboard.press('Enter')
  await page.waitForSelector('text=1 credits in the last 30 days')
  assert.equal(await page.locator('.chart rect.tone-0').count(), 2)
  await tabTo(page, 'form[action="/account/logout"] button')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/account/login')
  assert.deepEqual(faults, [])
})

/** Does what the pasted command does. */
async function spendBy(command: string): Promise<void> {
  const [, header = '', url = ''] = /-H 'Authorization: ([^']+)' '([^']+)'/.exec(command) ?? []
  const response = await fetch(url, { headers: { Authorization: header } })
  assert.equal(response.status, 200, command)
}

test('without JavaScript: the same, and the console gives a call back', async () => {
  const { page, faults } = await openPage(world, { javaScriptEnabled: false })
  await page.goto('/')
  await page.fill('#find-player', 'KICKSENT')
  await page.click('.hero button')
  await page.waitForSelector('h1:text("kicksent")')
  await page.goto('/account/signup')
  await page.fill('#username', 'no-script')
  await page.fill('#password', 'python-2027')
  await page.click('form[action="/account/signup"] button')
  await page.click('form[action="/account/keys"] button')
  await spendBy((await page.textContent('#command')) ?? '')
  await page.click('main a[href="/account"]')
  await page.waitForSelector('text=1 credits in the last 30 days')

  await openConsole(page, world.adminKey)
  await page.goto('/console/users?q=no-s')
  await page.click('a:text("no-script")')
  await page.click('button:has-text("Give back")')
  await page.waitForSelector('text=1 credits are given back')
  await page.goto('/overlay')
  await page.fill('#player', 'kicksent')
  await page.click('button:text("Show it")')
  assert.match((await page.inputValue('#overlay-url')) ?? '', /\/overlay\/player\/kicksent$/)
  assert.deepEqual(faults, [])
})

test('a file fills a dataset on the console, and what is wrong with one is said', async () => {
  const { page, faults } = await openPage(world)
  await openConsole(page, world.adminKey)
  await page.goto('/console/datasets')
  const upload = async (text: string) => {
    await page.fill('#upload-dataset', 'cities')
    await page.setInputFiles('#file', { name: 'cities.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await page.click('button:text("Upload")')
  }
  await upload('code,name\nBER,Berlin\nROM,"Rome, the city"\n')
  await page.waitForSelector('text=2 entries are in cities.')
  await page.goto('/console/datasets')
  await upload('code,name\nBER')
  await page.waitForSelector('.note.fault')
  assert.deepEqual(faults, [])
})

test('what people write is shown as text, in the ledger and on the console', async () => {
  const { page } = await openPage(world)
  let alerts = 0
  page.on('dialog', (dialog) => {
    alerts += 1
    void dialog.dismiss()
  })
  await logIn(page)
  await page.goto('/account/ledger')
  assert.ok((await page.textContent('table'))?.includes('"><script>alert(1)</script> שלום'))
  await openConsole(page, world.adminKey)
  await page.goto('/console/users/kicksent')
  assert.equal(alerts, 0)
})

test('another origin cannot send a form', async () => {
  const response = await fetch(`${world.worker.url}/account/login`, {
    method: 'POST',
    headers: { Origin: 'https://evil.example', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'username=kicksent&password=python',
  })
  assert.equal(response.status, 403)
})

test('no script can read the cookie, and it goes to /account alone', async () => {
  const { page } = await openPage(world)
  await logIn(page)
  const [cookie] = await page.context().cookies(`${world.worker.url}/account`)
  const { name, httpOnly, secure, sameSite, path } = cookie ?? {}
  assert.deepEqual(
    { name, httpOnly, secure, sameSite, path },
    { name: 'account', httpOnly: true, secure: true, sameSite: 'Strict', path: '/account' },
  )
  assert.equal(await page.evaluate('document.cookie'), '')
  assert.deepEqual(await page.context().cookies(`${world.worker.url}/api/users/me`), [])
})

test('an overlay of ten minutes, the network gone for two of them: right at the end, and no larger', async () => {
  const { page } = await openPage(world)
  await page.clock.install()
  await page.goto('/overlay/player/kicksent?stats=speed')
  const inspector = await page.context().newCDPSession(page)
  const heap = async () => {
    await inspector.send('HeapProfiler.collectGarbage')
    return (await inspector.send('Runtime.getHeapUsage')).usedSize
  }
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds / 5; i++) {
      await page.clock.runFor(5000)
      await page.waitForTimeout(20)
    }
  }
  await pass(60)
  // What Playwright itself puts into a page to look for things is no part of the overlay.
  await page.textContent('.name')
  await page.route('**/no-such-path', (route) => route.abort())
  const start = await heap()
  await pass(200)
  await page.route('**/overlay/**', (route) => route.abort())
  await pass(120)
  assert.match((await page.textContent('.name')) ?? '', /kicksent/)
  await page.unroute('**/overlay/**')
  const response = await fetch(`${world.worker.url}/api/users/kicksent/stats`, {
    method: 'PATCH',
    headers: { Authorization: `Bearer ${world.adminKey}`, 'Content-Type': 'application/json' },
    body: '{"changes":{"speedXp":1000000}}',
  })
  assert.equal(response.status, 200)
  await pass(220)
  assert.equal(await page.getAttribute('[data-stat="Speed"]', 'data-level'), '100')
  assert.match((await page.textContent('[data-news]')) ?? '', /kicksent reached level 100 in Speed/)
  const growth = (await heap()) / start
  assert.ok(growth < 1.1, `the heap is ${growth.toFixed(2)} times as large`)
})

describe('budgets', () => {
  test('scripts and style', () => {
    const gzipped = (file: string) => gzipSync(readFileSync(`public/assets/${file}`)).length
    assert.ok(gzipped('site.js') + gzipped('builder.js') <= SCRIPT_GZIPPED)
    assert.ok(gzipped('site.css') <= STYLE_GZIPPED)
  })

  test('the Worker', () => assert.ok(world.gzipped <= WORKER_GZIPPED_KIB, `${world.gzipped} KiB`))

  test('the HTML of a public page', async () => {
    for (const path of Object.values(PUBLIC)) {
      const html = await (await fetch(world.worker.url + path)).text()
      assert.ok(html.length <= HTML_BYTES, `${path}: ${html.length}`)
    }
  })

  test('a public page: one round trip to D1, and none when the isolate knows it', async () => {
    const trips = async (path: string) => {
      const response = await fetch(world.worker.url + path)
      const [, count] = /roundTrips;desc="(\d+)"/.exec(response.headers.get('Server-Timing') ?? '') ?? []
      return Number(count)
    }
    await trips('/players/BraveOtter')
    for (const path of ['/?fresh', '/players/kicksent?fresh', '/leaderboards/block?fresh']) {
      const [first, second] = [await trips(path), await trips(path)]
      assert.ok(first <= 1, `${path}: ${first}`)
      assert.equal(second, 0, path)
    }
  })

  test('the preview image, in CPU of the Worker', async () => {
    const url = `${world.worker.url}/players/kicksent/card.png`
    const paint = async (times: number) => {
      for (let i = 0; i < times; i++) await (await fetch(url)).arrayBuffer()
    }
    await paint(20)
    const from = cpuMilliseconds(world.worker.pid)
    await paint(50)
    const each = (cpuMilliseconds(world.worker.pid) - from) / 50
    console.log(`the preview image takes ${each.toFixed(1)} ms of CPU, its request included`)
    assert.ok(each < CARD_CPU_MILLISECONDS, `${each} ms`)
  })
})
