/// <reference types="vite/client" />
/** What docs/architecture.md promises about the code, where Biome cannot say it. biome.json has the other import rules. */
import { env } from 'cloudflare:workers'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, test } from 'vitest'
import * as schema from '../src/db/schema.ts'
import wranglerToml from '../wrangler.toml?raw'
import { startService } from './support/service.ts'
import { WEBSITE } from './support/website.ts'

const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')

const files = import.meta.glob<string>('../src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })

/** Every source file: its path within src/ -> its text, without comments. */
const sources = new Map(
  Object.entries(files).map(([path, text]) => [path.replace('../src/', ''), withoutComments(text)]),
)

/** Those of the files for which `isBroken` holds; named in the failure. */
const filesWhere = (isBroken: (file: string, text: string) => boolean) =>
  [...sources].filter(([file, text]) => isBroken(file, text)).map(([file]) => file)

const roomOf = (file: string) => (file.includes('/') ? (file.split('/')[0] as string) : '')

/** How any request is treated: who calls, who pays, what is repeated. `docs/` and `web/` are about HTTP too: documents and pages. */
const HTTP_ROOMS = ['http', 'access', 'metering', 'idempotency', 'docs', 'web']

/** How far a file stands from the outside; see the floor plan in docs/architecture.md. */
function floorOf(file: string): number {
  if (['index.ts', 'app.ts', 'schedule.ts', 'committer.ts'].includes(file)) return 5
  if (/\.routes\.tsx?$/.test(file)) return 4
  if (file.endsWith('.store.ts')) return 1
  if (HTTP_ROOMS.includes(roomOf(file)) || file.endsWith('.schema.ts')) return 3
  if (['db', 'lib', ''].includes(roomOf(file))) return 0
  return isRule(file) || GIVES_STATEMENTS.includes(file) ? 1 : 2
}

/** A front door for other rooms' stores: it gives them statements for their own batch. */
const GIVES_STATEMENTS = ['alerts/outbox.ts', 'authority/authority.ts', 'keys/active-key.ts', 'tokens/valid-access.ts']

/** True for a rule on plain values, which reaches no store: a store may use it. */
function isRule(file: string, seen = new Set<string>()): boolean {
  if (file.endsWith('.store.ts') || HTTP_ROOMS.includes(roomOf(file))) return false
  if (seen.has(file)) return true
  seen.add(file)
  return importsOf(file).every(({ imported, typeOnly }) => typeOnly || isRule(imported, seen))
}

/** What a file imports from within src/; `import type` leaves nothing behind in the code. */
function importsOf(file: string): { imported: string; typeOnly: boolean }[] {
  const statements = (sources.get(file) ?? '').matchAll(/(?:import|export)( type)?\b[^'"`;]*?\bfrom '(\.[^']+\.tsx?)'/g)
  return [...statements].map(([, type, path]) => ({
    imported: new URL(path as string, new URL(file, 'file:///')).pathname.slice(1),
    typeOnly: type !== undefined,
  }))
}

const imports = [...sources.keys()].flatMap((file) => importsOf(file).map((found) => ({ file, ...found })))
const named = ({ file, imported }: { file: string; imported: string }) => `${file} imports ${imported}`

describe('the floors', () => {
  test('every import names a file that exists, with its ending', () => {
    expect(imports.length).toBeGreaterThan(50)
    expect(imports.filter(({ imported }) => !sources.has(imported)).map(named)).toEqual([])
    expect(filesWhere((_, text) => /(?:from|import) ?\(?'\.[^']*(?<!\.tsx?|\.json)'/.test(text))).toEqual([])
  })

  test('imports go down or stay level', () => {
    const upward = imports.filter(({ file, imported, typeOnly }) => !typeOnly && floorOf(imported) > floorOf(file))
    expect(upward.map(named)).toEqual([])
  })

  test('only stores and db/ speak SQL', () => {
    const speaksSql = /\bsql`|import (?!type\b)[^'"`;]*from 'drizzle-orm|\.prepare\(/
    expect(filesWhere((file, text) => !/\.store\.ts$|^db\//.test(file) && speaksSql.test(text))).toEqual([])
  })

  test('the product knows no HTTP and no clock', () => {
    // hono/jwt signs and verifies text; it has never seen a request.
    const knowsWeb = /from 'hono(?!\/jwt')|\bnew Date\(\)|Date\.now\(\)|Math\.random\(\)/
    expect(filesWhere((file, text) => floorOf(file) <= 2 && file !== 'deps.ts' && knowsWeb.test(text))).toEqual([])
  })
})

describe('the words', () => {
  test('nothing is exported by default but the Worker', () => {
    expect(filesWhere((_, text) => /^export default/m.test(text))).toEqual(['index.ts'])
  })

  test('no file or folder has a name that says nothing', () => {
    expect(filesWhere((file) => /\b(utils?|helpers?|common|managers?|controllers?|misc)\b/i.test(file))).toEqual([])
  })
})

/** Who may call these without credentials, or brings the proof in the body. */
const PUBLIC = [
  'GET /health',
  'GET /_ah/warmup',
  'GET /openapi.json',
  'GET /docs',
  'GET /docs/*',
  'GET /problems/:code',
  'POST /api/users',
  'GET /api/users',
  'POST /api/users/lookup',
  'POST /api/users/update',
  'GET /api/users/:user',
  'GET /api/users/:user/stats',
  'POST /api/password-reset',
  'POST /api/token/refresh',
  'GET /api/stats',
  'GET /api/leaderboards/:stat',
  'GET /api/leaderboards/:stat/around/:user',
]

/** Something that fits each parameter of a path, whatever its room expects there. */
const SAMPLES = ['kicksent', 'meleeAtkXp', 'dlv_1', ...['key_', 'ses_', 'whk_'].map((prefix) => prefix.padEnd(24, 'x'))]

describe('the doors', () => {
  const { app, call } = startService()
  const routes = [...new Set(app.routes.filter(({ method }) => method !== 'ALL').map((r) => `${r.method} ${r.path}`))]
  // A cookie opens /account and /console, which test/web holds; everybody sees the website's other pages.
  const guarded = routes.filter((route) => !PUBLIC.includes(route) && !WEBSITE.test(route))

  test('the public routes are those of the list, and all of it exists', () => {
    expect(PUBLIC.filter((route) => !routes.includes(route))).toEqual([])
    expect(guarded.length).toBeGreaterThan(10)
  })

  test.each(guarded)('%s answers 401 without credentials', async (route) => {
    const [method, path] = route.split(' ') as [string, string]
    const statuses = new Set<number>()
    for (const sample of SAMPLES) {
      const { status } = await call(path.replaceAll(/:\w+(\{[^}]*\})?/g, sample), { method })
      statuses.add(status)
    }
    // 404 for the samples that can name nothing there.
    statuses.delete(404)
    expect([...statuses]).toEqual([401])
  })
})

describe('what is written twice', () => {
  test('db/schema.ts has the tables and columns of the migrations', async () => {
    const tables = Object.values(schema).filter((value) => value instanceof SQLiteTable)
    const written = tables.map((table) => {
      const { name, columns } = getTableConfig(table)
      return { name, columns: columns.map((c) => `${c.name} ${c.getSQLType().split(' ')[0]}`).sort() }
    })
    const { results } = await env.DB.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name <> 'd1_migrations' ORDER BY name",
    ).all<{ name: string }>()
    const real = await Promise.all(
      results.map(async ({ name }) => {
        const columns = await env.DB.prepare(`PRAGMA table_info(${name})`).all<{ name: string; type: string }>()
        return { name, columns: columns.results.map((c) => `${c.name} ${c.type.toLowerCase()}`).sort() }
      }),
    )
    expect(written.sort((a, b) => a.name.localeCompare(b.name))).toEqual(
      real.sort((a, b) => a.name.localeCompare(b.name)),
    )
  })

  test('wrangler.toml gives what src/env.ts describes, and nothing else', () => {
    const [, type = ''] = /export type Env = \{([\s\S]*?)\n\}/.exec(sources.get('env.ts') ?? '') ?? []
    const described = [...type.matchAll(/^ {2}(\w+)(\??):/gm)]
    const names = described.map(([, name]) => name)
    const vars = /\[vars\]\n([\s\S]*?)\n\n/.exec(wranglerToml)?.[1] ?? ''
    const given = [
      ...[...vars.matchAll(/^(\w+) =/gm)].map(([, name]) => name),
      ...[...wranglerToml.matchAll(/^(?:binding|name) = "([A-Z_]+)"/gm)].map(([, name]) => name),
      ...[...(/required = \[(.*)\]/.exec(wranglerToml)?.[1] ?? '').matchAll(/"(\w+)"/g)].map(([, name]) => name),
    ]
    expect(given.filter((name) => !names.includes(name))).toEqual([])
    // Secrets that may be missing.
    const elsewhere = ['TOKEN_SECRET_PREVIOUS', 'ALERT_URL']
    expect(names.filter((name) => !given.includes(name)).sort()).toEqual(elsewhere.sort())
  })
})
