/** `npm run import` as a person runs it: the real script on files and local databases of its own. Run by `npm run test:scripts`. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { startCloudflare } from './node/cloudflare.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const USERS = join(ROOT, 'examples/flask-users.sqlite')
const DUMP = join(ROOT, 'examples/flask-credits.sql')
const CSV = join(ROOT, 'examples/flask-credits.csv')

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A checkout without a database: the script finds its state where it is started. */
function newCheckout() {
  const folder = mkdtempSync(join(tmpdir(), 'statkeep-import-'))
  folders.push(folder)
  copyFileSync(join(ROOT, 'wrangler.toml'), join(folder, 'wrangler.toml'))
  for (const name of ['migrations', 'src', 'public', '.env']) symlinkSync(join(ROOT, name), join(folder, name))

  const start = (args: string[], env: Record<string, string> = {}) =>
    spawn(process.execPath, [join(ROOT, 'scripts/import.ts'), ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
    })

  return {
    folder,
    start,
    async run(args: string[], env?: Record<string, string>) {
      const child = start(args, env)
      const said = { code: null as number | null, out: '', err: '' }
      child.stdout.on('data', (text) => (said.out += text))
      child.stderr.on('data', (text) => (said.err += text))
      said.code = await new Promise((resolve) => child.on('close', resolve))
      return said
    },
    /** A file in the checkout. */
    file(name: string, content: string | Uint8Array): string {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    },
    /** An SQLite file in the checkout, made by this SQL. */
    sqlite(name: string, sql: string, ...rows: SQLInputValue[][]): string {
      const database = new DatabaseSync(join(folder, name))
      database.exec(`${sql}; BEGIN`)
      const [first] = rows
      const insert = first && database.prepare(`INSERT INTO users VALUES (${first.map(() => '?').join(', ')})`)
      for (const row of rows) insert?.run(...row)
      database.exec('COMMIT')
      database.close()
      return join(folder, name)
    },
    hasDatabase: () => existsSync(join(folder, '.wrangler')),
    reports: () => readdirSync(folder).filter((name) => name.startsWith('import-report-')),
    rows(sql: string): Record<string, unknown>[] {
      const state = join(folder, '.wrangler/state/v3/d1/miniflare-D1DatabaseObject')
      const [name] = readdirSync(state).filter((file) => /^[0-9a-f]{64}\.sqlite$/.test(file))
      const database = new DatabaseSync(join(state, name as string), { readOnly: true })
      try {
        return database
          .prepare(sql)
          .all()
          .map((row) => ({ ...row }))
      } finally {
        database.close()
      }
    },
  }
}

const HEAD = 'CREATE TABLE users (id INTEGER PRIMARY KEY, username, email, password_hash, meleeAtkXp)'

describe('an import into a fresh checkout', () => {
  it('is rehearsed without making a database or a report', async () => {
    const { run, hasDatabase, reports } = newCheckout()
    const { code, out, err } = await run(['flask-users', USERS, '--dry-run'])
    assert.equal(code, 0, err)
    assert.match(out, /10 {2}new users/)
    assert.match(out, /id 5: "José Núñez" becomes "Jose_Nunez"/)
    assert.match(out, /id 6: "MARLOWFINCH" becomes "MARLOWFINCH_6": id 1 has that name, whatever its case/)
    assert.match(out, /id 8 "12345": "MARLOW@example.com" is the email of another user/)
    assert.match(out, /id 9 "Overflow": the hash has 1000000000 rounds/)
    assert.match(out, /inventorysize \(filled in 9 rows\)/)
    assert.equal(hasDatabase(), false)
    assert.deepEqual(reports(), [])
  })

  it('makes and migrates the database, writes a report, and does nothing the second time', async () => {
    const { folder, run, rows, reports } = newCheckout()
    const first = await run(['flask-users', USERS])
    assert.equal(first.code, 0, first.err)
    const users = rows('SELECT id, username, email, password_hash, twitch_id, origin FROM users ORDER BY id')
    assert.equal(users.length, 10)
    assert.match(users[0]?.password_hash as string, /^\$6\$rounds=656000\$/)
    assert.deepEqual(rows('SELECT COUNT(*) AS stats FROM stats'), [{ stats: 21 }])
    const [report] = reports()
    assert.match(readFileSync(join(folder, report as string), 'utf8'), /Users without their old password: 2/)

    const rehearsed = await run(['flask-users', USERS, '--dry-run'])
    assert.match(rehearsed.out, /10 {2}brought over before\n +0 {2}new users/)
    const second = await run(['flask-users', USERS])
    assert.equal(second.code, 0, second.err)
    assert.match(second.out, /10 {2}brought over before\n +0 {2}new users/)
    assert.deepEqual(rows('SELECT id, username, email, password_hash, twitch_id, origin FROM users ORDER BY id'), users)
  })

  it('takes accounts from a dump, then from a CSV file those who were left, with --merge', async () => {
    const { run, rows } = newCheckout()
    assert.equal((await run(['flask-users', USERS])).code, 0)
    const dump = await run(['flask-credits', DUMP, '--allowance', '250'])
    assert.equal(dump.code, 0, dump.err)
    assert.match(dump.out, /row 8: "MarlowFinch" is left alone/)
    const csv = await run(['flask-credits', CSV, '--merge'])
    assert.match(csv.out, /7 {2}brought over before\n +0 {2}new users\n +1 {2}users merged/)
    const top =
      "SELECT username, remaining FROM grants JOIN users u ON u.id = user_id WHERE source = 'topup' ORDER BY remaining"
    const before = rows(top)
    assert.equal(before.length, 8)
    assert.deepEqual(before.at(-2), { username: 'MarlowFinch', remaining: 55 })
    assert.match((await run(['flask-credits', DUMP, '--merge'])).out, /8 {2}brought over before/)
    assert.deepEqual(rows(top), before)
  })

  it('mends or skips what is wrong in a row, and ends well', async () => {
    const { run, rows, sqlite } = newCheckout()
    const file = sqlite(
      'odd.sqlite',
      `CREATE TABLE users (id, username, email, password_hash, meleeAtkXp);
       INSERT INTO users VALUES (4, CAST(x'4dff6c6c6572' AS TEXT), NULL, NULL, 9223372036854775807)`,
      [1, 'x'.repeat(200), new Uint8Array([1, 2]), 5, -1],
      [null, 'nobody', null, null, null],
      [2, null, 'a@b', null, 'text'],
      [3, 7, null, null, 1.5],
    )
    const { code, out, err } = await run(['flask-users', file])
    assert.equal(code, 0, err)
    assert.match(out, /"nobody" has no id/)
    assert.deepEqual(
      rows('SELECT username, value FROM users LEFT JOIN stats ON user_id = id ORDER BY username COLLATE BINARY'),
      [
        { username: 'M_ller', value: Number.MAX_SAFE_INTEGER },
        { username: 'user_2', value: null },
        { username: 'user_7', value: 1 },
        { username: 'x'.repeat(32), value: null },
      ],
    )
    const origins = rows('SELECT origin FROM users ORDER BY origin').map(({ origin }) => String(origin))
    assert.deepEqual(origins.map((origin) => origin.replace(/@.*\//, '@source/')).sort(), [
      'flask-users@source/1',
      'flask-users@source/2',
      'flask-users@source/3',
      'flask-users@source/4',
    ])
  })
})

describe('an SQLite file in WAL mode', () => {
  /** The app is still running: its newest row is in the -wal file only. */
  function copiesOfLiveFile() {
    const checkout = newCheckout()
    const live = join(checkout.folder, 'live.sqlite')
    const app = new DatabaseSync(live)
    app.exec(`PRAGMA journal_mode = WAL; ${HEAD}; INSERT INTO users VALUES (1, 'older', NULL, NULL, 1)`)
    app.exec("PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO users VALUES (2, 'newest', NULL, NULL, 2)")
    const folder = join(checkout.folder, 'copy')
    mkdirSync(folder)
    const file = join(folder, 'live.sqlite')
    copyFileSync(live, file)
    const copyWal = () => copyFileSync(`${live}-wal`, `${file}-wal`)
    const bytes = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')])
    return { ...checkout, app, file, copyWal, bytes }
  }

  it('is refused without its -wal file, and taken as it is with --without-wal', async () => {
    const { app, file, run, rows, hasDatabase } = copiesOfLiveFile()
    const { code, err } = await run(['flask-users', file])
    assert.equal(code, 1)
    assert.match(err, /its -wal file is not beside it/)
    assert.equal(hasDatabase(), false)
    const taken = await run(['flask-users', file, '--without-wal'])
    assert.equal(taken.code, 0, taken.err)
    assert.deepEqual(rows('SELECT username FROM users'), [{ username: 'older' }])
    app.close()
  })

  it('brings its newest rows with its -wal file, and neither is changed or joined by another file', async () => {
    const { app, file, copyWal, bytes, run, rows } = copiesOfLiveFile()
    copyWal()
    const before = bytes()
    const { code, err } = await run(['flask-users', file])
    assert.equal(code, 0, err)
    assert.deepEqual(rows('SELECT username FROM users ORDER BY id'), [{ username: 'older' }, { username: 'newest' }])
    assert.deepEqual(bytes(), before)
    app.close()
  })
})

describe('an import that is stopped', () => {
  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    it(`by ${signal} leaves whole batches, and goes on where it stopped`, async () => {
      const { start, run, rows, sqlite, reports } = newCheckout()
      const many = Array.from({ length: 30_000 }, (_, i) => [i + 1, `player${i}`, null, null, i + 1])
      const file = sqlite('many.sqlite', HEAD, ...many)

      const child = start(['flask-users', file])
      child.stderr.once('data', () => child.kill(signal))
      const code = await new Promise((resolve) => child.on('close', resolve))
      assert.equal(code, signal === 'SIGINT' ? 130 : null)
      assert.equal(reports().length, signal === 'SIGINT' ? 1 : 0)
      const counts = 'SELECT COUNT(*) AS users, (SELECT COUNT(*) FROM stats) AS stats FROM users'
      const [stopped] = rows(counts) as [{ users: number; stats: number }]
      assert.ok(stopped.users > 0 && stopped.users < 30_000, String(stopped.users))
      assert.equal(stopped.stats, stopped.users)

      const { code: ended, out, err } = await run(['flask-users', file])
      assert.equal(ended, 0, err)
      assert.match(out, new RegExp(`${stopped.users.toLocaleString('en')} {2}brought over before`))
      assert.deepEqual(rows(counts), [{ users: 30_000, stats: 30_000 }])
    })
  }
})

describe('an import into a deployed database', () => {
  it('goes through wrangler, in whole files of statements below what D1 takes, and once', async () => {
    const { run, sqlite, hasDatabase } = newCheckout()
    const cloudflare = await startCloudflare(join(ROOT, 'migrations'))
    const count = () => ({ ...cloudflare.database.prepare('SELECT COUNT(*) AS users FROM users').get() })
    const many = Array.from({ length: 6000 }, (_, i) => [i + 1, `player${i}`, `ü'${i}@example.com`, null, i + 1])
    const file = sqlite('many.sqlite', HEAD, ...many)
    try {
      const rehearsed = await run(['flask-users', file, '--remote', '--dry-run'], cloudflare.env)
      assert.match(rehearsed.out, /6,000 {2}new users/)
      assert.deepEqual(count(), { users: 0 })

      const first = await run(['flask-users', file, '--remote'], cloudflare.env)
      assert.equal(first.code, 0, first.err)
      assert.deepEqual(count(), { users: 6000 })
      assert.equal(cloudflare.calls.filter((call) => call === 'POST import ingest').length, 3)
      const second = await run(['flask-users', file, '--remote'], cloudflare.env)
      assert.match(second.out, /6,000 {2}brought over before\n +0 {2}new users/)
      assert.equal(cloudflare.calls.filter((call) => call === 'POST import ingest').length, 3)
      assert.equal(hasDatabase(), false)
    } finally {
      await cloudflare.close()
    }
  })

  it('that refuses a batch leaves the batches before it, and says how to go on', async () => {
    const { run, sqlite } = newCheckout()
    const cloudflare = await startCloudflare(join(ROOT, 'migrations'))
    cloudflare.database.exec(`CREATE TRIGGER refuse BEFORE INSERT ON users WHEN NEW.username = 'player5500'
      BEGIN SELECT RAISE(ABORT, 'out of order'); END`)
    const many = Array.from({ length: 6000 }, (_, i) => [i + 1, `player${i}`, null, null, null])
    try {
      const { code, err } = await run(['flask-users', sqlite('many.sqlite', HEAD, ...many), '--remote'], cloudflare.env)
      assert.equal(code, 1)
      assert.match(err, /refused a batch, after 4,000 users that came/)
      assert.match(err, /out of order/)
      assert.match(err, /The same command goes on from there/)
      assert.equal(cloudflare.database.prepare('SELECT COUNT(*) AS users FROM users').get()?.users, 4000)
    } finally {
      await cloudflare.close()
    }
  })
})

describe('a file that cannot be imported', () => {
  const { file, sqlite, folder, run, hasDatabase } = newCheckout()
  const whole = readFileSync(USERS)
  const dump = readFileSync(DUMP, 'utf8')
  const cases: [what: string, args: () => Promise<string[]> | string[], message: RegExp][] = [
    ['is not there', () => ['flask-users', 'nothing.sqlite'], /there is no such file/],
    ['is a folder', () => ['flask-users', folder], /it is no file/],
    ['is empty', () => ['flask-users', file('empty.sqlite', '')], /it is empty/],
    ['is no SQLite', () => ['flask-users', DUMP], /it is no SQLite database, or it is encrypted/],
    [
      'is encrypted',
      () => ['flask-users', file('e.sqlite', crypto.getRandomValues(new Uint8Array(8192)))],
      /or it is encrypted/,
    ],
    [
      'is damaged',
      () => ['flask-users', file('d.sqlite', Buffer.concat([whole.subarray(0, 100), Buffer.alloc(8092, 7)]))],
      /cannot be read/,
    ],
    ['is cut off', () => ['flask-users', file('c.sqlite', whole.subarray(0, 4096))], /cannot be read/],
    [
      'has no such table',
      () => ['flask-users', sqlite('t.sqlite', 'CREATE TABLE people (id)')],
      /no table users or user; it has people/,
    ],
    [
      'has not the table that is named',
      () => ['flask-users', USERS, '--table', 'people'],
      /no table people; it has user/,
    ],
    [
      'has both tables',
      () => ['flask-users', sqlite('b.sqlite', `${HEAD}; CREATE TABLE user (id)`)],
      /say which one with --table/,
    ],
    [
      'has not the column',
      () => ['flask-users', sqlite('n.sqlite', 'CREATE TABLE user (id, login, email)')],
      /no column username; it has id, login, email/,
    ],
    ['is an empty dump', () => ['flask-credits', file('empty.sql', '\n')], /it is empty/],
    ['is a dump that is cut off', () => ['flask-credits', file('cut.sql', dump.slice(0, 1800))], /the dump is cut off/],
    [
      'is a dump of something else',
      () => ['flask-credits', file('else.sql', 'CREATE TABLE t (a int);')],
      /no table with the columns USERNAME, TOKEN, CREDIT/,
    ],
    [
      'is a compressed dump',
      async () => ['flask-credits', file('z.sql', await promisify(gzip)(dump))],
      /it is compressed with gzip/,
    ],
    [
      'is a dump in UTF-16',
      () => ['flask-credits', file('16.sql', Buffer.from(`\ufeff${dump}`, 'utf16le'))],
      /it is UTF-16/,
    ],
    [
      'is a CSV file without the column',
      () => ['flask-credits', file('n.csv', 'USERNAME,CREDIT\na,1\n')],
      /no column TOKEN/,
    ],
    [
      'is a CSV file that is cut off',
      () => ['flask-credits', file('c.csv', 'USERNAME,TOKEN,CREDIT\na,"t')],
      /it is cut off or no CSV/,
    ],
  ]
  for (const [what, args, message] of cases) {
    it(`because it ${what} is refused in one line, and nothing is written`, async () => {
      const { code, out, err } = await run(await args())
      assert.equal(code, 1, out)
      assert.match(err.trim(), message)
      assert.equal(err.trim().split('\n').length, 1, err)
      assert.equal(hasDatabase(), false)
    })
  }
})

describe('a command that makes no sense', () => {
  const { run, hasDatabase } = newCheckout()
  const cases: [args: string[], message: RegExp, env?: Record<string, string>][] = [
    [[], /Import what\?/],
    [['flask'], /no import of "flask"/],
    [['flask-users'], /Name one file/],
    [['flask-users', USERS, DUMP], /Name one file/],
    [['flask-users', USERS, '--merge'], /are for flask-credits/],
    [['flask-credits', DUMP, '--allowance', '-5'], /--allowance/],
    [['flask-credits', DUMP, '--allowance', '1.5'], /--allowance has to be a whole number/],
    [['flask-users', USERS, '--dry'], /Unknown option '--dry'/],
    // `npm run import flask-users FILE --dry-run`, without the two dashes.
    [['flask-users', USERS], /npm kept --dry-run to itself/, { npm_config_dry_run: 'true' }],
  ]
  for (const [args, message, env] of cases) {
    it(`is refused with the usage: ${[...args.map((arg) => arg.replace(ROOT, '')), ...Object.keys(env ?? {})].join(' ')}`, async () => {
      const { code, err } = await run(args, env)
      assert.equal(code, 1)
      assert.match(err, message)
      assert.match(err, /npm run import -- flask-users/)
      assert.equal(hasDatabase(), false)
    })
  }
})
