/**
 * `npm run smoke`: what a newcomer does, in a copy of this checkout without any state: start, log in, make a key and use
 * it, stop, start again.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MINUTE, SECOND } from '../src/lib/time.ts'
import { freePort } from './local.ts'

const home = mkdtempSync(join(tmpdir(), 'statkeep-smoke-'))
const port = await freePort()
const url = `http://localhost:${port}`

try {
  copyCheckout()

  const before = await whileServed(async (printed) => {
    assert.match(printed, /kicksent \/ python/)
    assert.deepEqual(await get('/health'), { status: 'ok', service: 'running' })
    const { token, duration } = await get('/api/token/', `Basic ${btoa('kicksent:python')}`)
    assert.equal(duration, 600)
    const { username, stats } = await get('/api/resource/', `Basic ${btoa(`${token}:unused`)}`)
    assert.equal(username, 'kicksent')
    assert.ok(stats.meleeAtkXp > 0)

    const key = ['run', 'key', '--', '--name', 'smoke', '--scopes', 'admin']
    const made = npm(...key)
    const [, secret] = /KEY=(sk_\S+)/.exec(made) ?? []
    assert.equal((await get('/api/service', `Bearer ${secret}`)).state, 'running')
    assert.throws(() => npm(...key, '--user', 'nobody-of-that-name'), /There is no user "nobody-of-that-name"/)
    return population()
  })
  assert.equal(await whileServed(population), before)
  console.log(`Started twice with ${before} users, logged in, made a key and used it.`)
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
}

/** The files that a clone would have, and uncommitted ones. */
function copyCheckout(): void {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  })
  for (const file of listed.split('\0').filter(Boolean)) cpSync(file, join(home, file), { force: true })
  symlinkSync(resolve('node_modules'), join(home, 'node_modules'), 'junction')
}

async function population(): Promise<number> {
  return (await get('/api/users')).users.length
}

/** Does something while `npm run dev` runs. */
async function whileServed<T>(work: (printed: string) => Promise<T>): Promise<T> {
  const dev = spawn('npm', ['run', 'dev', '--', '--port', String(port)], {
    cwd: home,
    shell: process.platform === 'win32',
  })
  let printed = ''
  for (const stream of [dev.stdout, dev.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
  try {
    for (const end = Date.now() + 2 * MINUTE; !printed.includes(`Statkeep is at ${url}`); await sleep(SECOND / 5)) {
      assert.ok(dev.exitCode === null && Date.now() < end, `npm run dev did not start:\n${printed}`)
    }
    return await work(printed)
  } catch (error) {
    console.error(printed)
    throw error
  } finally {
    await stop(dev)
  }
}

/** Stops it as a terminal would, and checks that nothing still listens. */
async function stop(dev: ChildProcess): Promise<void> {
  dev.kill('SIGTERM')
  for (const end = Date.now() + 15 * SECOND; await answers(); await sleep(SECOND / 5)) {
    assert.ok(Date.now() < end, 'the Worker outlived npm run dev')
  }
}

async function answers(): Promise<boolean> {
  return fetch(`${url}/health`).then(
    () => true,
    () => false,
  )
}

async function get(path: string, authorization = '') {
  const response = await fetch(url + path, { headers: authorization ? { Authorization: authorization } : {} })
  const text = await response.text()
  assert.equal(response.status, 200, `GET ${path} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}

function npm(...args: string[]): string {
  return execFileSync('npm', args, { cwd: home, encoding: 'utf8', stdio: 'pipe', shell: process.platform === 'win32' })
}
