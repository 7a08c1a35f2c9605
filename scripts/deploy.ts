/**
 * `npm run deploy`: from a checkout to a running service on Cloudflare, the first time and each later one.
 * The order is what makes it safe: the bundle is built before anything is touched; the database is brought up to date
 * before the code that needs it runs, which is why migrations only ever add; and the secret arrives with the very
 * upload, because the Worker refuses to run without it and wrangler refuses to deploy without it.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MINUTE, SECOND } from '../src/lib/time.ts'
import { readOptions, run, tell, Unmet } from './terminal.ts'
import { applyMigrations, tryWrangler, wrangler } from './wrangler.ts'

const USAGE = `npm run deploy [-- --dry-run]

  --dry-run   builds and measures what would be deployed; needs no account, and nothing leaves this machine`

const DATABASE = 'statkeep'
const SECRET = 'TOKEN_SECRET'
const BUILD = ['deploy', '--minify', '--upload-source-maps']

await run(async () => {
  const { 'dry-run': dry } = readOptions({ 'dry-run': { type: 'boolean', default: false } }, USAGE)
  if (dry) return rehearse()

  console.log('Deploys Statkeep to Cloudflare.\n')
  tell('bundle', await build())
  tell('account', await requireLogin())
  tell('database', await ensureDatabase())
  const applied = await applyMigrations('--remote')
  tell('migrations', applied ? `${applied} applied` : 'up to date')
  const secrets = await missingSecrets()
  tell('secret', secrets ? `${SECRET} made at random; it goes with the upload and is kept nowhere else` : 'set already')
  console.log()
  const url = await upload(secrets)
  await untilHealthy(url)
  console.log(`\nStatkeep is at ${url}\n`)
  tell('look', `curl ${url}/health`)
  tell('a key', 'npm run key -- --name operator --scopes admin --remote')
  tell('more', 'docs/operations.md: limits, what it costs, how to roll back')
})

async function rehearse(): Promise<void> {
  console.log('A rehearsal: nothing leaves this machine.\n')
  tell('bundle', await build())
  console.log(`
Without --dry-run this would, in this order:
  1. ask wrangler which account you are logged in to, and stop if there is none (npx wrangler login)
  2. make the D1 database "${DATABASE}" if there is none
  3. apply the migrations that it lacks
  4. make a random ${SECRET} if the Worker has none
  5. upload the Worker, with the KV namespace made at the first time
  6. wait until its /health says ok`)
}

/** Builds the Worker into dist/. @returns its size. */
async function build(): Promise<string> {
  const printed = await wrangler([...BUILD, '--dry-run', '--outdir', 'dist'])
  const [, size, compressed] = /Total Upload: (.+?) \/ gzip: (.+)/.exec(printed) ?? []
  return `${size}, ${compressed} compressed (Workers Free allows 3 MiB compressed, Paid 10 MiB)`
}

/** @returns the account's name. @throws Unmet where nobody is logged in. */
async function requireLogin(): Promise<string> {
  const { ok, stdout } = await tryWrangler(['whoami', '--json'])
  if (!ok) {
    throw new Unmet(
      'You are not logged in to Cloudflare. Run: npx wrangler login\n(or set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID)',
    )
  }
  const { accounts = [] } = JSON.parse(stdout) as { accounts?: { id: string; name: string }[] }
  const chosen = process.env.CLOUDFLARE_ACCOUNT_ID
  if (accounts.length > 1 && !chosen) {
    const list = accounts.map(({ id, name }) => `  ${id}  ${name}`).join('\n')
    throw new Unmet(`You have several accounts. Set CLOUDFLARE_ACCOUNT_ID to one of:\n${list}`)
  }
  return accounts.find(({ id }) => !chosen || id === chosen)?.name ?? chosen ?? 'logged in'
}

async function ensureDatabase(): Promise<string> {
  const { ok, stdout, stderr } = await tryWrangler(['d1', 'info', DATABASE, '--json'])
  if (ok) return `"${DATABASE}" is there`
  // Anything but "there is none" must not end in a second, empty database.
  if (!/couldn't find|not find|7404/i.test(stdout + stderr)) throw new Unmet(stdout + stderr)
  await wrangler(['d1', 'create', DATABASE])
  return `"${DATABASE}" made`
}

/** What the Worker needs and does not have yet. */
async function missingSecrets(): Promise<Record<string, string> | undefined> {
  const { ok, stdout, stderr } = await tryWrangler(['secret', 'list', '--format', 'json'])
  // 10007: there is no Worker yet.
  if (!ok && !/10007|not found/i.test(stdout + stderr)) throw new Unmet(stdout + stderr)
  const names = ok ? (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name) : []
  return names.includes(SECRET) ? undefined : { [SECRET]: randomBytes(32).toString('base64url') }
}

/** @returns where the Worker is. */
async function upload(secrets: Record<string, string> | undefined): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'statkeep-'))
  try {
    const file = join(folder, 'secrets.json')
    if (secrets) writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
    const printed = await wrangler([...BUILD, ...(secrets ? ['--secrets-file', file] : [])], { show: true })
    return /https:\/\/\S+\.workers\.dev/.exec(printed)?.[0] ?? 'the address of your route'
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A new address takes a moment to be known everywhere. */
async function untilHealthy(url: string): Promise<void> {
  if (!url.startsWith('https://')) return
  for (const end = Date.now() + MINUTE; Date.now() < end; await sleep(2 * SECOND)) {
    const health = await fetch(`${url}/health`).catch(() => undefined)
    if (health?.ok) return
  }
  throw new Unmet(`It was deployed, but ${url}/health does not say ok. See: npx wrangler tail`)
}
