/** The second Flask app's accounts: what each row becomes here. */
import { isUsername, Names, whyRenamed } from './names.ts'
import { wholeNumber } from './numbers.ts'
import { type ExistingUser, type Finding, foldCase, type ImportedAccount, type Plan, shown } from './plan.ts'

export const REQUIRED_COLUMNS = ['USERNAME', 'TOKEN', 'CREDIT']

/** The bytes of the file, one character each, so that a token stays what it is whatever its encoding. */
export type OldAccount = { username: string | null; token: string | null; credit: string | null }

const MAX_CREDITS = 1e12

/** What an old name may have at most: an origin has to fit into a statement. */
const MAX_NAME = 1000

export function planAccounts(rows: OldAccount[], existing: ExistingUser[], merge: boolean): Plan<ImportedAccount> {
  const findings: Finding[] = []
  const merged = new Set(existing.filter(({ toppedUpFrom }) => toppedUpFrom !== null).map(({ id }) => id))
  const origins = new Set(existing.flatMap(({ origin, toppedUpFrom }) => [origin, toppedUpFrom]))
  const present = new Map(existing.map((user) => [foldCase(user.username), user]))
  const names = new Names()
  for (const { username } of existing) names.take(username, 'a user who is here already')

  const seen = new Set<string>()
  let known = 0
  const fresh = rows.flatMap((row, index) => {
    const label = `row ${index + 1}`
    const name = decodeName(row.username ?? '')
    const origin = `flask-credits:${name}`
    const skip = (what: string) => findings.push({ kind: 'skipped', row: label, what })
    if (name.trim() === '') skip('it has no USERNAME')
    else if (name.length > MAX_NAME || name.includes('\0')) skip(`${shown(name)} is no USERNAME`)
    else if (seen.has(name)) skip(`${shown(name)} was in a row before it`)
    else {
      seen.add(name)
      if (!origins.has(origin)) return [{ row, number: index + 1, label, name, origin }]
      known++
    }
    return []
  })

  /** Who has the name here, but for those whom this import made: they are another row's. */
  const holderOf = (name: string) => {
    const user = isUsername(name) ? present.get(foldCase(name)) : undefined
    return user?.origin?.startsWith('flask-credits:') ? undefined : user
  }
  const kept = new Map<string, string>()
  for (const { origin, label, name } of fresh) {
    if (!isUsername(name) || names.holder(name)) continue
    names.take(name, label)
    kept.set(origin, name)
  }

  const entries = fresh.flatMap(({ row, number, label, name, origin }): ImportedAccount[] => {
    const found = (kind: Finding['kind'], what: string) => findings.push({ kind, row: label, what })
    const holder = holderOf(name)
    if (holder) {
      if (!merge) found('taken', `${shown(name)} is left alone; --merge gives that user the key and the top-up`)
      else if (merged.has(holder.id))
        found('taken', `${shown(name)} is left alone: the user got the key and the top-up of another row`)
      if (!merge || merged.has(holder.id)) return []
      merged.add(holder.id)
      found('taken', `${shown(name)} is merged: the user gets the key and the top-up`)
    }
    let username = holder?.username ?? kept.get(origin)
    if (username === undefined) {
      const why = whyRenamed(name, names)
      username = names.takeNearest(name, number, label)
      found('renamed', `${shown(name)} becomes "${username}": ${why}`)
    }
    const { value: credits, fault } = wholeNumber(row.credit, 0, MAX_CREDITS)
    if (fault) found('number', `CREDIT ${shown(row.credit)} ${fault} and becomes ${credits}`)
    const token = decode(row.token ?? '')
    if (token === undefined) found('key', 'the TOKEN is not valid UTF-8')
    return [{ origin, userId: holder?.id, username, token: token ?? '', credits }]
  })
  return { entries, findings, known }
}

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

/** @returns undefined for what is no UTF-8. */
function decode(bytes: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(bytes))
  } catch {
    return undefined
  }
}

/** What is no UTF-8 is most likely an old MySQL's latin1. */
const decodeName = (bytes: string) => decode(bytes) ?? new TextDecoder('windows-1252').decode(bytesOf(bytes))
