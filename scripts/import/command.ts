/** What the person asked for at the command line. */
import { parseArgs } from 'node:util'
import { Unmet } from '../terminal.ts'

const USAGE = `npm run import -- flask-users db.sqlite [--table NAME] [--dry-run] [--remote]
npm run import -- flask-credits dump.sql|file.csv [--table NAME] [--allowance N] [--merge] [--dry-run] [--remote]

  --table NAME    where the file has several tables that could be meant
  --allowance N   credits a month of the new users, from the next period on; MONTHLY_CREDITS otherwise
  --merge         gives a user who is here already the old token and what was left of the credits
  --dry-run       shows what would happen, and writes nothing
  --remote        into the deployed database, not into the one on this machine`

const OPTIONS = {
  table: { type: 'string' },
  allowance: { type: 'string' },
  merge: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  remote: { type: 'boolean', default: false },
} as const

export type Command = {
  kind: 'flask-users' | 'flask-credits'
  path: string
  dry: boolean
  remote: boolean
  table: string | undefined
  merge: boolean
  allowance: number | undefined
}

/** @throws Unmet with the fault and the usage. */
export function readCommand(): Command {
  const { values, positionals } = parseCommandLine()
  const [kind, path, ...more] = positionals
  if (kind !== 'flask-users' && kind !== 'flask-credits')
    throw misused(kind ? `There is no import of "${kind}".` : 'Import what?')
  if (path === undefined || more.length > 0) throw misused('Name one file.')
  const { 'dry-run': dry, remote, table, merge, allowance } = values
  if (kind === 'flask-users' && (merge || allowance !== undefined))
    throw misused('--merge and --allowance are for flask-credits.')
  if (allowance !== undefined && !/^\d{1,12}$/.test(allowance))
    throw misused('--allowance has to be a whole number from 0.')
  return { kind, path, dry, remote, table, merge, allowance: allowance === undefined ? undefined : Number(allowance) }
}

function parseCommandLine() {
  // Without the two dashes before them, npm keeps options to itself: a rehearsal would become the real thing.
  const kept = Object.keys(OPTIONS).filter(
    (name) => process.env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined,
  )
  if (kept.length > 0)
    throw misused(`npm kept --${kept.join(' and --')} to itself: write two dashes after "import", as below.`)
  try {
    return parseArgs({ options: OPTIONS, strict: true, allowPositionals: true })
  } catch (error) {
    throw misused(`${error instanceof Error ? error.message.split('. ')[0] : error}.`)
  }
}

function misused(fault: string): Unmet {
  return new Unmet(`${fault}\n\n${USAGE}`)
}
