/** Follows docs/website.md in a copy of this checkout: each command, each file, and what a browser then shows. */
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { freePort } from '../../../scripts/local.ts'
import { launch } from './support/runtimes.ts'
import { ROOT } from './support/service.ts'

const START_MS = 60_000
const text = (page: Page, selector: string, pattern: RegExp) =>
  page.waitForFunction(
    ([selector, source]) => new RegExp(source).test(document.querySelector(selector)?.textContent ?? ''),
    [selector, pattern.source] as const,
    { timeout: 15_000 },
  )

/** What a reader sees after a file is in its place. */
const shown: Record<string, (page: Page) => Promise<unknown>> = {
  'page/index.html': (page) => text(page, '#levels', /meleeAtkXp: level \d+/),
  'page/board.html': (page) => text(page, '#board', /: \d+/),
  'page/login.html': async (page) => {
    await page.fill('[name=username]', 'kicksent')
    await page.fill('[name=password]', 'wrong-password')
    await page.click('form button')
    await text(page, '#me', /^Wrong name or password/)
    await page.fill('[name=password]', 'python')
    await page.click('form button')
    await text(page, '#me', /^kicksent has \d+ credits/)
    await page.reload()
    await text(page, '#me', /^kicksent has \d+ credits/)
    await page.click('#out')
    await page.waitForSelector('form:not([hidden])')
  },
  'page/live.html': (page) => text(page, '#xp', /^\d+ XP of speed/),
}

it('goes from nothing to a live page', { timeout: 110_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), 'statkeep-website-'))
  const [service, site] = [await freePort(), await freePort()]
  const started: ChildProcess[] = []
  const browser = await launch()
  const page = await browser.newPage()
  try {
    copyCheckout(home)
    const steps = readSteps(
      readFileSync(join(ROOT, 'docs/website.md'), 'utf8')
        .replaceAll('8787', `${service}`)
        .replaceAll('8000', `${site}`),
    )
    const waiting: string[] = []
    for (const { language, file, code } of steps) {
      if (language === 'sh' && /^(npm run dev|python3 -m http.server)/.test(code)) {
        const command = code.trim().replace('npm run dev', `npm run dev -- --port ${service}`)
        started.push(spawn('sh', ['-c', command], { cwd: home, detached: true, stdio: 'ignore' }))
        await reached(command.startsWith('npm') ? `http://localhost:${service}/health` : `http://localhost:${site}/`)
      } else if (language === 'sh') {
        const printed = execFileSync('sh', ['-ec', code], { cwd: home, encoding: 'utf8', stdio: 'pipe' })
        if (code.includes('give.mjs')) {
          const value = /speedXp is now (\d+)/.exec(printed)?.[1]
          await text(page, '#xp', new RegExp(`^${value} XP`))
        }
      } else {
        assert.ok(file, `a file name before:\n${code}`)
        writeFileSync(join(home, file), code)
        if (language === 'html') waiting.push(file)
      }
      if (started.length < 2) continue
      for (const name of waiting.splice(0)) {
        await page.goto(`http://localhost:${site}/${name.replace('page/', '')}`)
        await (shown[name] ?? assert.fail(`nothing is expected of ${name}`))(page)
      }
    }
    assert.deepEqual(
      steps.filter(({ language }) => language === 'html').map(({ file }) => file),
      Object.keys(shown),
    )
  } finally {
    await browser.close()
    for (const { pid } of started) if (pid) process.kill(-pid, 'SIGTERM')
    await Promise.all(
      started.map((child) => child.exitCode === null && new Promise((resolve) => child.once('exit', resolve))),
    )
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 })
  }
})

/** The fenced blocks, and the file that the sentence before one names. */
function readSteps(markdown: string) {
  return [...markdown.matchAll(/([^\n]*(?:\n[^\n`]+)?)\n\n?```(\w+)\n([\s\S]*?)```/g)].map(
    ([whole, , language, code = '']) => ({
      language,
      code,
      file: /`([\w./]+\.\w+)`:\n\n```/.exec(whole)?.[1],
    }),
  )
}

function copyCheckout(home: string): void {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  for (const file of listed.split('\0').filter((name) => name && existsSync(join(ROOT, name))))
    cpSync(join(ROOT, file), join(home, file))
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'))
}

async function reached(url: string): Promise<void> {
  for (
    const end = Date.now() + START_MS;
    !(await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ));
    await sleep(200)
  ) {
    assert.ok(Date.now() < end, `${url} does not answer`)
  }
}
