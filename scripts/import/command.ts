/** What the person asked for at the command line. */
import { parseArgs } from 'node:util'
import { Unmet } from '../terminal.ts'
import { ACCOUNT_COLUMNS } from './flask-credits.ts'
import { USER_COLUMNS } from './flask-users.ts'

const USAGE = `npm run import -- flask-users db.sqlite [--table NAME] [--columns …] [--source NAME] [--without-wal] [--dry-run] [--remote]
npm run import -- flask-credits dump.sql|file.csv [--table NAME] [--columns …] [--source NAME] [--allowance N] [--merge]
                                [--weak-tokens] [--dry-run] [--remote]

  --table NAME    where the file has several tables that could be meant; in a dump also DATABASE.TABLE
  --columns …     what the columns are called: username=login,token=apikey,credit=balance (flask-credits),
                  username=login,password=pw,email=mail,id=uid,twitch=channel (flask-users)
  --source NAME   which old app the file is from, where it is not recognised by its rows
  --without-wal   takes an SQLite file without the -wal file that belongs to it
  --allowance N   credits a month of the new users, from the next period on; MONTHLY_CREDITS otherwise
  --merge         gives a user who is here already the old token and what was left of the credits
  --weak-tokens   takes tokens that are under 16 characters, or that several rows share
  --dry-run       shows what would happen, and writes nothing
  --remote        into the deployed database, not into the one on this machine

In PowerShell put the two dashes into quotes: npm run import '--' flask-users db.sqlite --dry-run`

const OPTIONS = {
  table: { type: 'string' },
  columns: { type: 'string' },
  source: { type: 'string' },
  allowance: { type: 'string' },
  merge: { type: 'boolean', default: false },
  'weak-tokens': { type: 'boolean', default: false },
  'without-wal': { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  remote: { type: 'boolean', default: false },
} as const

/** What the file calls a column, by our word for it. */
export type ColumnNames = { readonly [ours: string]: string }

export type Command = {
  kind: 'flask-users' | 'flask-credits'
  path: string
  dry: boolean
  remote: boolean
  table: string | undefined
  columns: ColumnNames
  source: string | undefined
  merge: boolean
  weakTokens: boolean
  withoutWal: boolean
  allowance: number | undefined
}

/** @throws Unmet with the fault and the usage. */
export function readCommand(): Command {
  const { values, positionals } = parseCommandLine()
  const [kind, path, ...more] = positionals
  if (kind !== 'flask-users' && kind !== 'flask-credits')
    throw misused(kind ? `There is no import of "${kind}".` : 'Import what?')
  if (path === undefined || more.length > 0) throw misused('Name one file.')
  const { 'dry-run': dry, 'weak-tokens': weakTokens, 'without-wal': withoutWal, remote, table, merge, source } = values
  const { allowance } = values
  if (kind === 'flask-users' && (merge || weakTokens || allowance !== undefined))
    throw misused('--merge, --weak-tokens and --allowance are for flask-credits.')
  if (kind === 'flask-credits' && withoutWal) throw misused('--without-wal is for flask-users.')
  if (allowance !== undefined && !/^\d{1,12}$/.test(allowance))
    throw misused('--allowance has to be a whole number from 0.')
  if (source !== undefined && !/^[A-Za-z0-9_.-]{1,40}$/.test(source))
    throw misused('--source has to be 1 to 40 of A-Z a-z 0-9 _ . -')
  const columns = readColumns(values.columns, kind === 'flask-users' ? USER_COLUMNS : ACCOUNT_COLUMNS)
  const credits = allowance === undefined ? undefined : Number(allowance)
  return { kind, path, dry, remote, table, columns, source, merge, weakTokens, withoutWal, allowance: credits }
}

function readColumns(text: string | undefined, known: readonly string[]): ColumnNames {
  if (text === undefined) return {}
  const pairs = text.split(',').map((pair): [string, string] => {
    const [ours = '', theirs = ''] = pair.split(/=(.*)/s).map((word) => word.trim())
    if (!known.includes(ours.toLowerCase()) || theirs === '')
      throw misused(
        `--columns: ${JSON.stringify(pair)} is not one of ${known.map((column) => `${column}=NAME`).join(', ')}.`,
      )
    return [ours.toLowerCase(), theirs]
  })
  const twice = pairs.find(([ours, theirs], i) =>
    pairs.slice(0, i).some(([other, name]) => other === ours || name.toLowerCase() === theirs.toLowerCase()),
  )
  if (twice) throw misused(`--columns names ${twice[0]}=${twice[1]} twice.`)
  return Object.fromEntries(pairs)
}

function parseCommandLine() {
  // Without the two dashes before them, npm keeps options to itself: a rehearsal would become the real thing.
  const kept = Object.keys(OPTIONS).filter(
    (name) => process.env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined,
  )
  if (kept.length > 0)
    throw misused(
      `npm kept --${kept.join(' and --')} to itself: write two dashes after "import", as below. In PowerShell, which takes them away: '--'`,
    )
  try {
    return parseArgs({ options: OPTIONS, strict: true, allowPositionals: true })
  } catch (error) {
    throw misused(`${error instanceof Error ? error.message.split('. ')[0] : error}.`)
  }
}

function misused(fault: string): Unmet {
  return new Unmet(`${fault}\n\n${USAGE}`)
}
