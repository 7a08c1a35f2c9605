/**
 * `npm run deploy`: puts this checkout on Cloudflare, the first time and each later time. The order makes it safe: the
 * bundle is built first; the database is migrated before the code that needs it runs, so migrations only add; and the
 * secret comes with the upload, because neither the Worker nor wrangler works without it.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { MINUTE } from '../src/lib/time.ts'
import { untilHealthy } from './local.ts'
import { readOptions, run, tell, Unmet } from './terminal.ts'
import { applyMigrations, tryWrangler, wrangler } from './wrangler.ts'

const USAGE = `npm run deploy [-- --dry-run]

  --dry-run   builds and measures what would be deployed; needs no account, and nothing leaves this machine`

const DATABASE = 'statkeep'
const SECRET = 'TOKEN_SECRET'
const BUILD = ['deploy', '--minify', '--upload-source-maps']

/** The only readable copy of the deployed secret. Cloudflare shows it to nobody, and rotating it needs it. */
const SECRETS_FILE = '.deployed.vars'

await run(async () => {
  const { 'dry-run': dry } = readOptions({ 'dry-run': { type: 'boolean', default: false } }, USAGE)
  if (dry) return rehearse()

  console.log('Deploys Statkeep to Cloudflare.\n')
  tell('bundle', await build())
  tell('account', await requireLogin())
  tell('database', await ensureDatabase())
  const applied = await applyMigrations('--remote')
  tell('migrations', applied ? `${applied} applied` : 'up to date')
  const lacksSecret = !(await hasSecret())
  tell('secret', lacksSecret ? ensureSecretsFile() : 'set already')
  console.log()
  const url = await upload(lacksSecret)
  // A new address takes a moment to be known everywhere.
  if (url.startsWith('https://') && !(await untilHealthy(url, MINUTE)))
    throw new Unmet(`It was deployed, but ${url}/health does not say ok. See: npx wrangler tail`)
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
  4. make a random ${SECRET} if the Worker has none, and keep a copy in ${SECRETS_FILE}
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
  // Any other error must not lead to a second, empty database.
  if (!/couldn't find|not find|7404/i.test(stdout + stderr)) throw new Unmet(stdout + stderr)
  await wrangler(['d1', 'create', DATABASE])
  return `"${DATABASE}" made`
}

async function hasSecret(): Promise<boolean> {
  const { ok, stdout, stderr } = await tryWrangler(['secret', 'list', '--format', 'json'])
  // 10007: there is no Worker yet.
  if (!ok && !/10007|not found/i.test(stdout + stderr)) throw new Unmet(stdout + stderr)
  return ok && (JSON.parse(stdout) as { name: string }[]).some(({ name }) => name === SECRET)
}

/** Uses a secret that is there already, from an upload that failed or because somebody chose it. @returns what it did. */
function ensureSecretsFile(): string {
  if (existsSync(SECRETS_FILE)) return `the one in ${SECRETS_FILE}`
  const secret = process.env[SECRET] ?? randomBytes(32).toString('base64url')
  writeFileSync(SECRETS_FILE, `${SECRET}=${secret}\n`, { mode: 0o600 })
  return `made; its only copy is in ${SECRETS_FILE}: move it to your password manager, rotating it needs it`
}

/** @returns where the Worker is. */
async function upload(withSecret: boolean): Promise<string> {
  const printed = await wrangler([...BUILD, ...(withSecret ? ['--secrets-file', SECRETS_FILE] : [])], { show: true })
  return /https:\/\/\S+\.workers\.dev/.exec(printed)?.[0] ?? 'the address of your route'
}
