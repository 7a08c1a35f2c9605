/** The Worker as it is deployed, on miniflare's direct socket, for the benchmarks and the torture. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { readD1Migrations } from '@cloudflare/vitest-plugin'
import { convertV4MiniflareOptions, Miniflare, Response } from 'miniflare'
import { unstable_readConfig } from 'wrangler'
import type { Env } from '../src/env.ts'
import { requireProcessList, workerds } from './processes.ts'
import { wrangler } from './wrangler.ts'

const BUILT = 'dist/worker/index.js'

/** Builds it as `npm run deploy` does. @returns its size in KiB, minified, before and after compression. */
export async function buildWorker(
  entry = 'src/index.ts',
  built = BUILT,
  { minify = true }: { minify?: boolean } = {},
): Promise<{ kibibytes: number; gzipped: number }> {
  requireProcessList() // startWorker needs it: better to know before the build
  const printed = await wrangler([
    'deploy',
    entry,
    '--dry-run',
    ...(minify ? ['--minify'] : []),
    '--outdir',
    dirname(built),
  ])
  const [, size, gzip] = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/.exec(printed) ?? []
  return { kibibytes: Number(size), gzipped: Number(gzip) }
}

/** Milliseconds of CPU that the Worker takes to start on this machine. Cloudflare allows a second. */
export async function measureStartup(): Promise<number> {
  const file = `${dirname(BUILT)}/startup.cpuprofile`
  await wrangler(['check', 'startup', '--outfile', file])
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as StartupProfile
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id))
  return samples.reduce((sum, id, i) => sum + (idle.has(id) ? 0 : (timeDeltas[i] ?? 0)), 0) / 1000
}

type StartupProfile = {
  nodes: { id: number; callFrame: { functionName: string } }[]
  samples: number[]
  timeDeltas: number[]
}

export type RunningWorker = {
  url: string
  /** Of workerd, which runs the Worker and D1. */
  pid: number
  env: Env
  stop: () => Promise<void>
}

export type StartOptions = {
  /** Does not show what the Worker logs: one line for each request. */
  quiet?: boolean
  built?: string
  port?: number
  /** Serves the files of `public`, which the website and /docs load. */
  assets?: boolean
  /** Where V8's inspector listens. */
  inspectorPort?: number
  /** The Durable Objects: binding -> class. */
  objects?: Record<string, string>
}

/**
 * Starts what `buildWorker` built, on the files in `state`. Log-ins have no rate limit, so that they can be measured.
 * `vars` replace variables of wrangler.toml.
 */
export async function startWorker(
  state: string,
  vars: Record<string, string> = {},
  {
    quiet = false,
    built = BUILT,
    port = 0,
    assets = false,
    inspectorPort,
    objects = { COMMITTER: 'Committer' },
  }: StartOptions = {},
): Promise<RunningWorker> {
  mkdirSync(state, { recursive: true })
  const before = new Set(workerds())
  const {
    compatibility_date,
    compatibility_flags,
    vars: own,
    ratelimits,
  } = unstable_readConfig({ config: 'wrangler.toml' })
  const unlimited = (ratelimits as { name: string; namespace_id: string }[]).map(({ name, namespace_id }) => [
    name,
    { namespace_id, simple: { limit: 1e9, period: 60 as const } },
  ])
  const worker = new Miniflare(
    convertV4MiniflareOptions({
      name: 'statkeep',
      modules: [{ type: 'ESModule', path: basename(built), contents: readFileSync(built) }],
      modulesRoot: '.',
      compatibilityDate: compatibility_date,
      compatibilityFlags: compatibility_flags,
      durableObjects: Object.fromEntries(
        Object.entries(objects).map(([binding, className]) => [binding, { className, useSQLite: true }]),
      ),
      d1Databases: { DB: 'statkeep' },
      kvNamespaces: { CACHE: 'cache' },
      ratelimits: Object.fromEntries(unlimited),
      bindings: { ...own, TOKEN_SECRET: 'a-secret-for-measuring-only-0123456789', SERVER_TIMING: 'true', ...vars },
      resourcePersistencePath: resolve(state),
      ...(assets ? { serviceBindings: { ASSETS: sendFile } } : {}),
      ...(quiet ? { handleStructuredLogs: () => {} } : {}),
      ...(inspectorPort === undefined ? {} : { inspectorPort }),
      unsafeDirectSockets: [{ host: '127.0.0.1', port }],
    }),
  )
  await worker.ready
  const url = await worker.unsafeGetDirectURL('statkeep')
  const pid = workerds().find((id) => !before.has(id))
  if (pid === undefined) throw new Error('workerd did not start')
  return { url: url.origin, pid, env: await worker.getBindings<Env>(), stop: () => worker.dispose() }
}

const TYPES: Record<string, string> = {
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
  html: 'text/html',
}

async function sendFile(request: { url: string }) {
  const path = `public${new URL(request.url).pathname}`
  if (path.includes('..') || !existsSync(path)) return new Response(null, { status: 404 })
  const type = TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
  return new Response(readFileSync(path), { headers: { 'Content-Type': type } })
}

/** Applies the migrations to an empty database. @returns false if they were applied before. */
export async function migrate(db: D1Database): Promise<boolean> {
  const there = await db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'd1_migrations'").first()
  if (there) return false
  await db.exec(
    'CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
  )
  for (const { name, queries } of await readD1Migrations('migrations')) {
    for (const query of queries) await db.prepare(query).run()
    await db.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name).run()
  }
  return true
}
