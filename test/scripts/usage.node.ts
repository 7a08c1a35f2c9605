/** What the scripts say to who calls them wrongly: one line that names the fault, the usage, and nothing done. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { quoted } from '../../scripts/sql.ts'

const cases: [script: string, args: string[], said: RegExp][] = [
  ['key', [], /--name is missing/],
  ['key', ['--name', 'n'], /--scopes is missing/],
  ['key', ['--name', 'n', '--scopes', 'admin,everything'], /no scope "everything"/],
  ['key', ['--name', '', '--scopes', 'admin'], /name/],
  ['key', ['--name', 'n'.repeat(101), '--scopes', 'admin'], /at most 100/],
  ['key', ['--name', 'n', '--scopes', 'admin', '--usr', 'u'], /--usr/],
  ['dev', ['--port', '0'], /1 to 65535/],
  ['dev', ['--port', 'x'], /1 to 65535/],
  ['dev', ['now'], /'now'/],
  ['deploy', ['--dryrun'], /--dryrun/],
]

describe('a command that makes no sense', () => {
  for (const [script, args, said] of cases) {
    test(`npm run ${script} -- ${args.join(' ').slice(0, 60)}`, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}.ts`, ...args], {
        encoding: 'utf8',
      })
      assert.equal(status, 1)
      assert.match(stderr, said)
      assert.match(stderr, new RegExp(`npm run ${script} `))
      assert.doesNotMatch(stderr, /\n +at /)
      assert.equal(stdout, '')
    })
  }

  // As npm leaves it where `--` was forgotten, or swallowed by PowerShell: `--no-demo` sets its own option `demo`.
  const swallowed: [script: string, variable: string, value: string, option: string][] = [
    ['deploy', 'npm_config_dry_run', 'true', '--dry-run'],
    ['dev', 'npm_config_demo', '', '--no-demo'],
    ['dev', 'npm_config_port', 'true', '--port'],
    ['bench', 'npm_config_quick', 'true', '--quick'],
    ['torture', 'npm_config_quick', 'true', '--quick'],
  ]
  for (const [script, variable, value, option] of swallowed) {
    test(`npm run ${script} ${option} does nothing, and says how to write it`, () => {
      const env = { ...process.env, [variable]: value }
      const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}.ts`], {
        encoding: 'utf8',
        env,
        timeout: 20_000,
      })
      assert.equal(status, 1)
      assert.equal(stdout, '')
      assert.match(stderr, new RegExp(`npm kept ${option} to itself`))
      assert.match(stderr, /write -- before it, and in PowerShell '--'/)
    })
  }
})

test('a text in SQL cannot end before its end', () => {
  assert.equal(quoted("it's; DROP TABLE users --"), "'it''s; DROP TABLE users --'")
  assert.equal(quoted(7), '7')
  assert.throws(() => quoted('a\0b'), /NUL/)
})
