/** The first Flask app's users: what each row becomes here. */
import { ruleOf, STAT_NAMES, type StatName } from '../../src/stats/catalog.ts'
import { MAX_ROUNDS, parseCrypt } from '../../src/users/passlib.ts'
import { NewUser } from '../../src/users/users.schema.ts'
import { isUsername, Names, whyRenamed } from './names.ts'
import { wholeNumber } from './numbers.ts'
import { type ExistingUser, type Finding, foldCase, type ImportedUser, type Plan, shown } from './plan.ts'

export const REQUIRED_COLUMNS = ['id', 'username', 'email', 'password_hash']

/** What node:sqlite gives, with integers as bigint. */
export type OldValue = null | bigint | number | string | Uint8Array
export type OldRow = Record<string, OldValue>

/** Which column of the old table is which, and those that nobody knows. */
export type OldColumns = { stats: [column: string, stat: StatName][]; twitch: string | undefined; unknown: string[] }

/** The wire's old name for a stat; columns otherwise differ from ours in their case at most. */
const OLD_NAMES: Record<string, StatName> = { mageatkxp: 'magicAtkXp' }
const STATS = new Map([...Object.entries(OLD_NAMES), ...STAT_NAMES.map((stat) => [foldCase(stat), stat] as const)])

export function recogniseColumns(columns: string[]): OldColumns {
  const stats = columns.flatMap((column): [string, StatName][] => {
    const stat = STATS.get(foldCase(column))
    return stat ? [[column, stat]] : []
  })
  const twitch = columns.find((column) => foldCase(column) === 'twitchuserid')
  const known = new Set([...stats.map(([column]) => column), twitch])
  const unknown = columns.filter((column) => !known.has(column) && !REQUIRED_COLUMNS.includes(foldCase(column)))
  return { stats, twitch, unknown }
}

/** @param rows with the required columns in small letters, the others as they are named, in the order of their ids */
export function planUsers(rows: OldRow[], columns: OldColumns, existing: ExistingUser[]): Plan<ImportedUser> {
  const findings: Finding[] = []
  const origins = new Set(existing.map(({ origin }) => origin))
  const emails = new Set(existing.flatMap(({ email }) => (email === null ? [] : [foldCase(email)])))
  const twitchIds = new Set(existing.map(({ twitchId }) => twitchId))
  const names = new Names()
  for (const { username } of existing) names.take(username, 'a user who is here already')

  const seen = new Set<bigint>()
  let known = 0
  const fresh = rows.flatMap((row, index) => {
    const id = idOf(row.id)
    const skip = (what: string) => findings.push({ kind: 'skipped', row: `row ${index + 1}`, what })
    if (id === undefined)
      skip(`${shown(row.username)} has no id that is a whole number, by which it could be recognised`)
    else if (seen.has(id)) skip(`${shown(row.username)} has the id ${id}, as a row before it`)
    else {
      seen.add(id)
      if (!origins.has(`flask-users:${id}`)) return [{ id, label: `id ${id}`, row, name: nameOf(row.username) }]
      known++
    }
    return []
  })

  // A name that can stay goes before any that has to change.
  const kept = new Map<bigint, string>()
  for (const { id, label, name } of fresh) {
    if (!isUsername(name) || names.holder(name)) continue
    names.take(name, label)
    kept.set(id, name)
  }

  const entries = fresh.map(({ id, label, row, name }): ImportedUser => {
    const found = (kind: Finding['kind'], what: string) => findings.push({ kind, row: label, what })
    let username = kept.get(id)
    if (username === undefined) {
      const why = whyRenamed(name, names)
      username = names.takeNearest(name || `user_${id}`, id, label)
      found('renamed', `${shown(row.username)} becomes "${username}": ${why}`)
    }
    return {
      origin: `flask-users:${id}`,
      username,
      email: emailOf(row.email, emails, (what) => found('email', what)),
      passwordHash: passwordOf(row.password_hash, (what) => found('password', what)),
      twitchId: twitchOf(columns.twitch && row[columns.twitch], twitchIds, (what) => found('twitch', what)),
      stats: columns.stats.flatMap(([column, stat]): [StatName, number][] => {
        const { min, max, default: initial } = ruleOf(stat)
        const { value, fault } = wholeNumber(row[column], min, max)
        if (fault) found('number', `${column} ${shown(row[column])} ${fault} and becomes ${value}`)
        return value === initial ? [] : [[stat, value]]
      }),
    }
  })
  return { entries, findings, known }
}

/** SQLite keeps what it is given: a whole number may stand there as a text, or as 1.0. */
const idOf = (raw: OldValue | undefined): bigint | undefined =>
  /^-?\d{1,19}$/.test(String(raw)) ? BigInt(String(raw)) : undefined

const nameOf = (raw: OldValue | undefined): string =>
  raw === null || raw === undefined || raw instanceof Uint8Array ? '' : String(raw)

function emailOf(raw: OldValue | undefined, taken: Set<string>, found: (what: string) => void): string | null {
  if (raw === null || raw === undefined || raw === '') return null
  if (typeof raw !== 'string' || raw.includes('\u{fffd}') || !NewUser.shape.email.safeParse(raw).success) {
    found(`${shown(raw)} is no email address`)
    return null
  }
  if (taken.has(foldCase(raw))) {
    found(`${shown(raw)} is the email of another user`)
    return null
  }
  taken.add(foldCase(raw))
  return raw
}

/** Passwords nobody had are no finding: they are counted. */
function passwordOf(raw: OldValue | undefined, found: (what: string) => void): string | null {
  if (raw === null || raw === undefined || raw === '') return null
  const crypt = typeof raw === 'string' ? parseCrypt(raw) : undefined
  if (typeof raw !== 'string' || !crypt) found('the hash is neither sha512_crypt nor sha256_crypt')
  else if (crypt.rounds > MAX_ROUNDS) found(`the hash has ${crypt.rounds} rounds; ${MAX_ROUNDS} are the most`)
  else return raw
  return null
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
