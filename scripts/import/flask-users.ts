/** Plans the import of the first Flask app's users: one entry for each row that becomes a new user. */
import { ruleOf, type StatName } from '../../src/stats/catalog.ts'
import { foldEmail } from '../../src/users/fold-email.ts'
import { isUsername, Names, whyRenamed } from './names.ts'
import { wholeNumber } from './numbers.ts'
import { type ExistingUser, type Finding, type ImportedUser, type Plan, shown } from './plan.ts'
import { findSource, markOf } from './source-name.ts'
import type { OldColumns, UserColumn } from './user-columns.ts'
import { emailOf, idOf, isDisabled, nameOf, type OldRow, passwordOf, textOf, twitchIdOf } from './user-values.ts'

/** A row, and what identifies it. */
type ReadRow = {
  row: OldRow
  /** '' for none. */
  name: string
  /** The id, or the name in a table without ids. */
  key: string | undefined
  mark: string
  /** The number that makes a name unique. */
  number: bigint | number
  /** How the report names the row. */
  label: string
  place: string
}

/** @param rows with the file's names for the columns, in the order of their ids */
export function planUsers(
  rows: OldRow[],
  columns: OldColumns,
  existing: ExistingUser[],
  { named, table }: { named?: string | undefined; table: string },
): Plan<ImportedUser> {
  const findings: Finding[] = []
  const valueIn = (row: OldRow, column: UserColumn) => row[columns.named[column] ?? '']
  const hasIds = columns.named.id !== undefined

  const read = rows.map((row, index): ReadRow => {
    const name = nameOf(valueIn(row, 'username'))
    const key = hasIds ? idOf(valueIn(row, 'id')) : name
    // If the name is the key, the other columns have to tell two apps apart.
    const marked = hasIds ? name : [name, valueIn(row, 'email'), textOf(valueIn(row, 'password')) ?? ''].join('\0')
    const isNumber = key !== undefined && /^-?\d+$/.test(key)
    return {
      row,
      name,
      key,
      mark: markOf(marked),
      number: isNumber ? BigInt(key) : index + 1,
      label: hasIds ? `id ${key}` : `row ${index + 1}`,
      place: `row ${index + 1}`,
    }
  })
  const identified = read.flatMap(({ key, mark }) => (key ? [{ key, mark }] : []))
  const source = findSource('flask-users', identified, existing, { named, table })

  const seen = new Set<string>()
  let known = 0
  const fresh = read.flatMap((one) => {
    const { row, key, place } = one
    const skip = (what: string) => findings.push({ kind: 'skipped', row: place, what })
    const who = shown(valueIn(row, 'username'))
    if (key === undefined) skip(`${who} has no id by which it could be recognised`)
    else if (key === '') skip('it has no username')
    else if (seen.has(key)) skip(`${who} has the id ${shown(key)}, as a row before it`)
    else {
      seen.add(key)
      if (source.importedAs(key) === undefined) return [{ ...one, key }]
      known++
    }
    return []
  })

  const names = new Names()
  for (const { username } of existing) names.take(username, 'a user who is here already')
  // First the names that can stay: a changed name must not take one of them.
  const unchangedNames = new Map<string, string>()
  for (const { key, label, name } of fresh) {
    if (!isUsername(name) || names.holder(name)) continue
    names.take(name, label)
    unchangedNames.set(key, name)
  }

  const emails = new Set(existing.flatMap(({ email }) => (email === null ? [] : [foldEmail(email)])))
  const twitchIds = new Set(existing.map(({ twitchId }) => twitchId))
  const entries = fresh.map(({ key, label, row, name, mark, number }): ImportedUser => {
    const found = (kind: Finding['kind'], what: string) => findings.push({ kind, row: label, who: shown(name), what })
    let username = unchangedNames.get(key)
    if (username === undefined) {
      const why = whyRenamed(name, names)
      username = names.takeNearest(name || `user_${number}`, number, label)
      const what = `${shown(valueIn(row, 'username'))} becomes "${username}": ${why}`
      findings.push({ kind: 'renamed', row: label, what })
    }
    return {
      origin: source.originOf({ key, mark }),
      username,
      email: emailOf(valueIn(row, 'email'), emails, (what) => found('email', what)),
      passwordHash: passwordOf(valueIn(row, 'password'), (what) => found('password', what)),
      twitchId: twitchIdOf(valueIn(row, 'twitch'), twitchIds, (what) => found('twitch', what)),
      disabled: isDisabled(row, columns.states, (what) => found('disabled', what)),
      stats: columns.stats.flatMap(([column, stat]): [StatName, number][] => {
        const { min, max, default: initial } = ruleOf(stat)
        const { value, fault } = wholeNumber(row[column], min, max)
        if (fault) found('number', `${column} ${shown(row[column])} ${fault} and becomes ${value}`)
        return value === initial ? [] : [[stat, value]]
      }),
    }
  })
  return { entries, findings, known, source: source.description }
}
