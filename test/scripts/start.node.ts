/** What a newcomer sees who starts a script before its time. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const run = (cwd: string, ...args: string[]) =>
  spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 20_000 })

test('before npm ci, npm run dev says in one line what to do', () => {
  const clone = mkdtempSync(join(tmpdir(), 'statkeep-clone-'))
  try {
    cpSync('scripts', join(clone, 'scripts'), { recursive: true })
    cpSync('package.json', join(clone, 'package.json'))
    const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'dev'], {
      cwd: clone,
      encoding: 'utf8',
      shell: true,
      timeout: 20_000,
    })
    assert.equal(status, 1)
    assert.equal(stdout, '')
    assert.equal(stderr, 'The packages are not installed yet. Run: npm ci && npm run dev\n')
  } finally {
    rmSync(clone, { recursive: true, force: true })
  }
})

test('on a Node without TypeScript it is one line, too', () => {
  const { status, stdout, stderr } = run('.', '--no-experimental-strip-types', 'scripts/run.mjs', 'dev')
  assert.equal(status, 1)
  assert.equal(stdout, '')
  assert.match(stderr, /^Node [\d.]+ is too old for this\. Use npm run dev after npm ci, which brings Node 24\.\n$/)
})

test('a script gets the options that follow its name', () => {
  const { status, stderr } = run('.', 'scripts/run.mjs', 'dev', '--port', '0')
  assert.equal(status, 1)
  assert.match(stderr, /1 to 65535/)
})

test('after a pull that brought a new dependency, it is one line as well', () => {
  const clone = mkdtempSync(join(tmpdir(), 'statkeep-clone-'))
  try {
    cpSync('scripts/run.mjs', join(clone, 'scripts/run.mjs'))
    cpSync('node_modules/wrangler/package.json', join(clone, 'node_modules/wrangler/package.json'))
    writeFileSync(join(clone, 'scripts/dev.ts'), "import 'a-new-dependency'")
    const { status, stderr } = run(clone, 'scripts/run.mjs', 'dev')
    assert.equal(status, 1)
    assert.equal(stderr, "Cannot find package 'a-new-dependency': the packages are out of date. Run: npm ci\n")
  } finally {
    rmSync(clone, { recursive: true, force: true })
  }
})
