/** The first Flask app's users: what each row becomes here. */
import { ruleOf, STAT_NAMES, type StatName } from '../../src/stats/catalog.ts'
import { foldEmail } from '../../src/users/fold-email.ts'
import { importedHash } from '../../src/users/imported-hash.ts'
import { NewUser } from '../../src/users/users.schema.ts'
import { BadFile } from './bad-file.ts'
import type { ColumnNames } from './command.ts'
import { isUsername, Names, whyRenamed } from './names.ts'
import { wholeNumber } from './numbers.ts'
import { type ExistingUser, type Finding, foldCase, type ImportedUser, type Plan, shown } from './plan.ts'
import { findSource, markOf } from './source-name.ts'

/** What --columns can name. Only the username has to be there. */
export const USER_COLUMNS = ['id', 'username', 'email', 'password', 'twitch'] as const
export type UserColumn = (typeof USER_COLUMNS)[number]

/** What other apps call them, the likeliest first. */
const USUAL_NAMES: Record<UserColumn, string[]> = {
  id: ['id', 'user_id', 'uuid'],
  username: ['username'],
  email: ['email'],
  password: ['password_hash', 'hashed_password', 'pw_hash', 'passwordhash', 'password'],
  twitch: ['twitchuserid'],
}

/** Columns that say whether a user may log in, and what they say in those who may not. */
const DISABLED = /^(is_?)?(banned|disabled|blocked|suspended)$|^(banned|disabled|blocked|suspended|deleted)_(at|on)$/
const ENABLED = /^(is_?)?(active|enabled)$/

/** What node:sqlite gives, with integers as bigint. */
export type OldValue = null | bigint | number | string | Uint8Array
export type OldRow = Record<string, OldValue>

/** Which column of the old table is which, and those that nobody knows. */
export type OldColumns = {
  /** What the file calls them. */
  named: Partial<Record<UserColumn, string>>
  stats: [column: string, stat: StatName][]
  /** Columns that say whether a user is disabled. */
  states: string[]
  unknown: string[]
}

/** The wire's old name for a stat; columns otherwise differ from ours in their case at most. */
const OLD_NAMES: Record<string, StatName> = { mageatkxp: 'magicAtkXp' }
const STATS = new Map([...Object.entries(OLD_NAMES), ...STAT_NAMES.map((stat) => [foldCase(stat), stat] as const)])

export function recogniseColumns(columns: string[], names: ColumnNames = {}): OldColumns {
  const find = (wanted: string) => columns.find((column) => foldCase(column) === foldCase(wanted))
  const named: OldColumns['named'] = {}
  for (const ours of USER_COLUMNS) {
    const asked = names[ours]
    const column = (asked === undefined ? USUAL_NAMES[ours] : [asked]).map(find).find((name) => name !== undefined)
    if (column === undefined && asked !== undefined)
      throw new BadFile(`it has no column ${asked}; it has ${columns.join(', ')}`)
    if (column !== undefined) named[ours] = column
  }
  const taken = new Set(Object.values(named))
  const others = columns.filter((column) => !taken.has(column))
  const stats = others.flatMap((column): [string, StatName][] => {
    const stat = STATS.get(foldCase(column))
    return stat ? [[column, stat]] : []
  })
  const states = others.filter((column) => DISABLED.test(foldCase(column)) || ENABLED.test(foldCase(column)))
  const known = new Set([...stats.map(([column]) => column), ...states])
  return { named, stats, states, unknown: others.filter((column) => !known.has(column)) }
}

/** @param rows with the columns as the file names them, in the order of their ids */
export function planUsers(
  rows: OldRow[],
  columns: OldColumns,
  existing: ExistingUser[],
  { named, table }: { named?: string | undefined; table: string } = { table: 'users' },
): Plan<ImportedUser> {
  const findings: Finding[] = []
  const emails = new Set(existing.flatMap(({ email }) => (email === null ? [] : [foldEmail(email)])))
  const twitchIds = new Set(existing.map(({ twitchId }) => twitchId))
  const names = new Names()
  for (const { username } of existing) names.take(username, 'a user who is here already')
  const at = (row: OldRow, column: UserColumn) => row[columns.named[column] ?? '']

  const read = rows.map((row, index) => {
    const name = nameOf(at(row, 'username'))
    const password = at(row, 'password')
    // Without ids, users are known by their names: their other columns then tell apps apart.
    const byName = columns.named.id === undefined
    const key = byName ? name : idOf(at(row, 'id'))
    const mark = markOf(byName ? [name, at(row, 'email'), textOf(password) ?? ''].join('\0') : name)
    const isNumber = key !== undefined && /^-?\d+$/.test(key)
    const number: bigint | number = isNumber ? BigInt(key) : index + 1
    return { row, name, key, mark, number, label: byName ? `row ${index + 1}` : `id ${key}`, place: `row ${index + 1}` }
  })
  const identified = read.flatMap(({ key, mark }) => (key ? [{ key, mark }] : []))
  const source = findSource('flask-users', identified, existing, { named, table })

  const seen = new Set<string>()
  let known = 0
  const fresh = read.flatMap((one) => {
    const { row, key, place } = one
    const skip = (what: string) => findings.push({ kind: 'skipped', row: place, what })
    const who = shown(at(row, 'username'))
    if (key === undefined) skip(`${who} has no id by which it could be recognised`)
    else if (key === '') skip('it has no username')
    else if (seen.has(key)) skip(`${who} has the id ${shown(key)}, as a row before it`)
    else {
      seen.add(key)
      if (source.knownAs(key) === undefined) return [{ ...one, id: key }]
      known++
    }
    return []
  })

  // A name that can stay goes before any that has to change.
  const kept = new Map<string, string>()
  for (const { id, label, name } of fresh) {
    if (!isUsername(name) || names.holder(name)) continue
    names.take(name, label)
    kept.set(id, name)
  }

  const entries = fresh.map(({ id, label, row, name, mark, number }): ImportedUser => {
    const who = shown(name)
    const found = (kind: Finding['kind'], what: string) => findings.push({ kind, row: label, who, what })
    let username = kept.get(id)
    if (username === undefined) {
      const why = whyRenamed(name, names)
      username = names.takeNearest(name || `user_${number}`, number, label)
      findings.push({
        kind: 'renamed',
        row: label,
        what: `${shown(at(row, 'username'))} becomes "${username}": ${why}`,
      })
    }
    return {
      origin: source.originOf({ key: id, mark }),
      username,
      email: emailOf(at(row, 'email'), emails, (what) => found('email', what)),
      passwordHash: passwordOf(at(row, 'password'), (what) => found('password', what)),
      twitchId: twitchOf(at(row, 'twitch'), twitchIds, (what) => found('twitch', what)),
      disabled: isDisabled(row, columns.states, (what) => found('disabled', what)),
      stats: columns.stats.flatMap(([column, stat]): [StatName, number][] => {
        const { min, max, default: initial } = ruleOf(stat)
        const { value, fault } = wholeNumber(row[column], min, max)
        if (fault) found('number', `${column} ${shown(row[column])} ${fault} and becomes ${value}`)
        return value === initial ? [] : [[stat, value]]
      }),
    }
  })
  return { entries, findings, known, source: source.told }
}

/** SQLite keeps what it is given: a whole number may stand there as a text, or as 1.0, a UUID as a text or as 16 bytes. */
function idOf(raw: OldValue | undefined): string | undefined {
  if (raw instanceof Uint8Array) return raw.length === 16 ? hexOf(raw) : undefined
  const text = String(raw)
  if (raw === null || raw === undefined) return undefined
  if (/^-?\d{1,19}$/.test(text)) return String(BigInt(text))
  return typeof raw === 'string' && /^[\w.:{}-]{1,64}$/.test(raw) ? raw : undefined
}

const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Some columns keep text as bytes. */
const textOf = (raw: OldValue | undefined): string | undefined =>
  raw instanceof Uint8Array ? String.fromCharCode(...raw.slice(0, 1000)) : typeof raw === 'string' ? raw : undefined

const nameOf = (raw: OldValue | undefined): string =>
  raw === null || raw === undefined || raw instanceof Uint8Array ? '' : String(raw)

function emailOf(raw: OldValue | undefined, taken: Set<string>, found: (what: string) => void): string | null {
  if (raw === null || raw === undefined || raw === '') return null
  if (typeof raw !== 'string' || raw.includes('\u{fffd}') || !NewUser.shape.email.safeParse(raw).success) {
    found(`${shown(raw)} is no email address`)
    return null
  }
  const folded = foldEmail(raw)
  if (taken.has(folded)) {
    found(`${shown(raw)} is the email of another user, whatever its case`)
    return null
  }
  taken.add(folded)
  return raw
}

/** A value that says neither yes nor no disables: nobody is let in by a misunderstanding. NULL and an empty text say nothing. */
function isDisabled(row: OldRow, states: string[], found: (what: string) => void): boolean {
  const reason = states.find((column) => {
    const raw = row[column]
    if (raw === null || raw === undefined || raw === '') return false
    const text = String(raw).trim().toLowerCase()
    const [yes, no] = [/^(1|1\.0|true|t|yes|y|on)$/.test(text), /^(0|0\.0|false|f|no|n|off)$/.test(text)]
    return ENABLED.test(foldCase(column)) ? !yes : !no
  })
  if (reason !== undefined) found(`${reason} is ${shown(row[reason])}`)
  return reason !== undefined
}

/** Passwords nobody had are no finding: they are counted. */
function passwordOf(raw: OldValue | undefined, found: (what: string) => void): string | null {
  if (raw === null || raw === undefined || raw === '') return null
  const { hash, fault } = importedHash(textOf(raw) ?? '')
  if (fault) found(`${fault}: send them a token for a new password`)
  return hash ?? null
}

function twitchOf(raw: OldValue | undefined, taken: Set<string | null>, found: (what: string) => void): string | null {
  if (raw === null || raw === undefined || raw === '' || raw === 0n) return null
  const id = String(raw)
  if (raw instanceof Uint8Array || !/^\w{1,64}$/.test(id)) found(`${shown(raw)} is no Twitch id`)
  else if (taken.has(id)) found(`${shown(id)} is the Twitch id of another user`)
  else {
    taken.add(id)
    return id
  }
  return null
}
