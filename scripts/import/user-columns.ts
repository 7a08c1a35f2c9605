/** Which column of the first app's table is which. */
import { STAT_NAMES, type StatName } from '../../src/stats/catalog.ts'
import { BadFile } from './bad-file.ts'
import type { ColumnNames } from './command.ts'
import { foldCase } from './plan.ts'

/** The columns that --columns can name. Only the username is required. */
export const USER_COLUMNS = ['id', 'username', 'email', 'password', 'twitch'] as const
export type UserColumn = (typeof USER_COLUMNS)[number]

/** The names that such columns often have, the likeliest first. */
const USUAL_NAMES: Record<UserColumn, string[]> = {
  id: ['id', 'user_id', 'uuid'],
  username: ['username'],
  email: ['email'],
  password: ['password_hash', 'hashed_password', 'pw_hash', 'passwordhash', 'password'],
  twitch: ['twitchuserid'],
}

const DISABLED = /^(is_?)?(banned|disabled|blocked|suspended)$|^(banned|disabled|blocked|suspended|deleted)_(at|on)$/
const ENABLED = /^(is_?)?(active|enabled)$/

/** A column that says whether the user may log in. */
export type StateColumn = {
  name: string
  /** Whether yes means that the user may log in, as in is_active. */
  yesEnables: boolean
}

export type OldColumns = {
  /** The file's names for them. */
  named: Partial<Record<UserColumn, string>>
  stats: [column: string, stat: StatName][]
  states: StateColumn[]
  /** Columns that are not imported. */
  unknown: string[]
}

/** Stats that had another name in the old app. All others differ from ours in case only. */
const OLD_STAT_NAMES: Record<string, StatName> = { mageatkxp: 'magicAtkXp' }
const STATS = new Map([...Object.entries(OLD_STAT_NAMES), ...STAT_NAMES.map((stat) => [foldCase(stat), stat] as const)])

/** @throws BadFile if a column that --columns names is missing. */
export function recogniseColumns(columns: string[], names: ColumnNames = {}): OldColumns {
  const find = (wanted: string) => columns.find((column) => foldCase(column) === foldCase(wanted))
  const named: OldColumns['named'] = {}
  for (const ours of USER_COLUMNS) {
    const theirs = names[ours]
    const column = (theirs === undefined ? USUAL_NAMES[ours] : [theirs]).map(find).find((name) => name !== undefined)
    if (column === undefined && theirs !== undefined)
      throw new BadFile(`it has no column ${theirs}; it has ${columns.join(', ')}`)
    if (column !== undefined) named[ours] = column
  }
  const recognised: OldColumns = { named, stats: [], states: [], unknown: [] }
  const taken = new Set(Object.values(named))
  for (const column of columns.filter((name) => !taken.has(name))) {
    const folded = foldCase(column)
    const stat = STATS.get(folded)
    if (stat) recognised.stats.push([column, stat])
    else if (DISABLED.test(folded)) recognised.states.push({ name: column, yesEnables: false })
    else if (ENABLED.test(folded)) recognised.states.push({ name: column, yesEnables: true })
    else recognised.unknown.push(column)
  }
  return recognised
}
