/** The second Flask app's accounts: what each row becomes here. */
import { MAX_CREDITS } from '../../src/env.ts'
import { isUsername, Names, whyRenamed } from './names.ts'
import { wholeNumber } from './numbers.ts'
import { type ExistingUser, type Finding, foldCase, type ImportedAccount, type Plan, shown } from './plan.ts'
import { findSource, markOf } from './source-name.ts'

export const ACCOUNT_COLUMNS = ['username', 'token', 'credit'] as const

/** Tokens below this can be guessed. */
export const MIN_TOKEN = 16

/** The bytes of the file, one character each, so that a token stays what it is whatever its encoding. */
export type OldAccount = { username: string | null; token: string | null; credit: string | null }

/** What an old name may have at most: an origin has to fit into a statement. */
const MAX_NAME = 1000

export type AccountTerms = { merge: boolean; weakTokens: boolean; named: string | undefined; table: string }

export function planAccounts(
  rows: OldAccount[],
  existing: ExistingUser[],
  { merge, weakTokens, named, table }: AccountTerms,
): Plan<ImportedAccount> {
  const findings: Finding[] = []
  const markedRow = ({ username, token }: OldAccount) => {
    const key = decodeName(username ?? '')
    return { key, mark: markOf(`${key}\0${token ?? ''}`) }
  }
  const source = findSource('flask-credits', rows.map(markedRow), existing, { named, table })
  const weakness = weaknessOf(rows)
  const merged = new Set(existing.filter(({ toppedUpFrom }) => toppedUpFrom !== null).map(({ id }) => id))
  const present = new Map(existing.map((user) => [foldCase(user.username), user]))
  const names = new Names()
  for (const { username } of existing) names.take(username, 'a user who is here already')

  const seen = new Set<string>()
  let known = 0
  const fresh = rows.flatMap((row, index) => {
    const label = `row ${index + 1}`
    const name = decodeName(row.username ?? '')
    const origin = source.originOf(markedRow(row))
    const skip = (what: string) => findings.push({ kind: 'skipped', row: label, what })
    if (name.trim() === '') skip('it has no USERNAME')
    else if (name.length > MAX_NAME || name.includes('\0')) skip(`${shown(name)} is no USERNAME`)
    else if (seen.has(name)) skip(`${shown(name)} was in a row before it`)
    else {
      seen.add(name)
      if (source.knownAs(name) === undefined) return [{ row, number: index + 1, label, name, origin }]
      known++
    }
    return []
  })

  /** Who has the name here, but for those whom this import made: they are another row's. */
  const holderOf = (name: string) => {
    const user = isUsername(name) ? present.get(foldCase(name)) : undefined
    // Another source's accounts are other people.
    return source.made(user?.origin) ? undefined : user
  }
  const kept = new Map<string, string>()
  for (const { origin, label, name } of fresh) {
    if (!isUsername(name) || names.holder(name)) continue
    names.take(name, label)
    kept.set(origin, name)
  }

  const entries = fresh.flatMap(({ row, number, label, name, origin }): ImportedAccount[] => {
    const found = (kind: Finding['kind'], what: string, who?: string) =>
      findings.push({ kind, row: label, ...(who && { who }), what })
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
    if (fault) found('number', `CREDIT ${shown(row.credit)} ${fault} and becomes ${credits}`, shown(name))
    const token = keptToken(row, (kind, what) => found(kind, what, shown(name)))
    return [{ origin, userId: holder?.id, username, token, credits }]
  })

  function keptToken({ token: raw }: OldAccount, found: (kind: Finding['kind'], what: string) => void): string {
    const token = decode(raw ?? '')
    if (token === undefined) found('key', 'the TOKEN is not valid UTF-8')
    if (token === undefined || token === '') return ''
    const weak = weakness(raw as string, token)
    if (weak === undefined) return token
    found(
      weakTokens ? 'weak' : 'key',
      `the TOKEN ${weak}${weakTokens ? '' : ': make a new key, or import with --weak-tokens'}`,
    )
    return weakTokens ? token : ''
  }
  return { entries, findings, known, source: source.told }
}

/** Why others could guess a token, or have it. */
function weaknessOf(rows: OldAccount[]) {
  const holders = new Map<string, string | null>()
  const shared = new Set<string>()
  for (const { username, token } of rows) {
    if (!token) continue
    const holder = holders.get(token)
    if (holder === undefined) holders.set(token, username)
    else if (holder !== username) shared.add(token)
  }
  return (raw: string, token: string): string | undefined => {
    if (shared.has(raw)) return 'is that of another row too'
    return [...token].length < MIN_TOKEN ? `has under ${MIN_TOKEN} characters, and can be guessed` : undefined
  }
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
