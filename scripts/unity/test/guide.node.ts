/** Follows docs/unity.md in a copy of this checkout: each command, each file, and what is then on screen. */
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../local.ts'
import { OUT, PACKAGE, responseFile } from '../build.ts'
import { mono } from '../runtimes.ts'
import { toolchain } from '../toolchain.ts'
import { last, newFolder, probe, written } from './probe.ts'

const START_MS = 90_000
const text = readFileSync('docs/unity.md', 'utf8')
const steps = [...text.matchAll(/(?:`([\w.]+)`[^`]*)?```(\w+)\n(.*?)```/gs)].map(([, file, language, code = '']) => ({
  file,
  language,
  code,
}))

const home = mkdtempSync(join(tmpdir(), 'statkeep-guide-'))
const scripts = `${OUT}/guide`
const port = await freePort()
const url = `http://localhost:${port}`
let dev: ChildProcess | undefined
let key = ''

before(async () => {
  copyCheckout()
  rmSync(scripts, { recursive: true, force: true })
  mkdirSync(scripts, { recursive: true })
  for (const { file, language, code } of steps) {
    if (language === 'csharp') {
      assert.ok(file, `a file name before:\n${code}`)
      writeFileSync(`${scripts}/${file}`, code)
    } else if (language === 'sh') for (const line of code.trim().split('\n')) await run(line)
  }
})
after(() => {
  if (dev?.pid) process.kill(-dev.pid, 'SIGTERM')
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

test('every script compiles', () => {
  toolchain().compile([
    responseFile({
      out: `${OUT}/editor/Guide.dll`,
      sources: [`${scripts}/*.cs`],
      references: ['Statkeep.dll', 'Statkeep.Server.dll', 'UnityEngine.dll', 'editor/Statkeep.Unity.dll'].map(
        (name) => `${OUT}/${name}`,
      ),
      define: 'UNITY_EDITOR',
    }),
  ])
})

for (const [what, assembly, type] of [
  ["the guide's script", 'Guide', 'Player'],
  ["the package's sample", 'LevelUp', 'LevelUp'],
] as const)
  test(`${what} shows a level-up after four presses`, () => {
    const screen = play(`${assembly}.dll`, type, 'Train', 'evel 2!')
    assert.match(screen, /evel 2!/)
  })

test('without a service the sample goes on, and says that it is offline', () => {
  const [command = '', ...rest] = [...mono.start('Statkeep.Game.exe'), `${OUT}/editor/LevelUp.dll`, 'LevelUp']
  const screen = runGame(command, [...rest, 'http://localhost:1', 'Train', 'network'])
  assert.match(screen, /\(offline\)/)
})

test("a game server's key does what the guide says", async () => {
  const outcome = last(await probe(mono, { dir: newFolder(), url, env: { STATKEEP_KEY: key } }, ['server', 'kicksent']))
  assert.ok(outcome.ok, JSON.stringify(outcome))
  assert.deepEqual(outcome.results, ['ok', 'not_found'])
  assert.equal(outcome.restored, 20)
  assert.equal(outcome.largest, Number.MAX_SAFE_INTEGER)
  const file = join(newFolder(), 'key')
  writeFileSync(file, `${key}\n`)
  const fromFile = last(
    await probe(mono, { dir: newFolder(), url, env: { STATKEEP_KEY_FILE: file } }, ['server', 'kicksent']),
  )
  assert.ok(fromFile.ok, JSON.stringify(fromFile))
  const log = written.join('')
  assert.match(log, /PATCH \/api\/users\//)
  assert.ok(!log.includes(key), 'the key is in the log')
})

test('the git URL names the release of the package', () => {
  const { version } = JSON.parse(readFileSync(`${PACKAGE}/package.json`, 'utf8'))
  assert.ok(text.includes(`?path=/${PACKAGE}#v${version}\n`))
})

async function run(line: string): Promise<void> {
  // The copy shares this checkout's modules.
  if (line === 'npm ci') return assert.ok(existsSync(join(home, 'node_modules/wrangler')))
  if (line !== 'npm run dev') {
    const printed = execFileSync('sh', ['-ec', line], { cwd: home, encoding: 'utf8', stdio: 'pipe' })
    key = /KEY=(sk_\S+)/.exec(printed)?.[1] ?? key
    return
  }
  dev = spawn('npm', ['run', 'dev', '--', '--port', String(port)], { cwd: home, detached: true, stdio: 'ignore' })
  for (const end = Date.now() + START_MS; !(await isHealthy()); await sleep(200))
    assert.ok(Date.now() < end && dev.exitCode === null, 'npm run dev did not start')
}

const isHealthy = () =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  )

function play(assembly: string, type: string, button: string, wanted: string): string {
  const [command = '', ...rest] = mono.start('Statkeep.Game.exe')
  return runGame(command, [...rest, `${OUT}/editor/${assembly}`, type, url, button, wanted])
}

/** What was on screen. It ends itself by SIGKILL, so its exit says nothing. */
function runGame(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, MONO_PATH: `${OUT}/editor` },
    })
  } catch (error) {
    return String((error as { stdout?: string }).stdout)
  }
}

/** The files that a clone would have, and what is not committed yet. */
function copyCheckout(): void {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  })
  for (const file of listed.split('\0').filter((name) => name && existsSync(name)))
    cpSync(file, join(home, file), { force: true })
  symlinkSync(resolve('node_modules'), join(home, 'node_modules'))
}
