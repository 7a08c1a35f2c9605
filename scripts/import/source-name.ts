/**
 * Which old app a file comes from. Ids and names say nothing by themselves: two apps both have an id 1. So each imported user's
 * origin names the source, and has a mark of the row, by which a newer file of the same app is recognised.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import type { ExistingUser } from './plan.ts'

export type SourceKind = 'flask-users' | 'flask-credits'

/** `key` is what recognises a row within its app, `mark` a few digits of a digest over what seldom changes in it. */
export type Row = { key: string; mark: string }

export type KnownSource = {
  name: string /** Origins by the row's key. */
  origins: Map<string, { origin: string; mark: string }>
}

export type FoundSource = {
  name: string
  /** A sentence for the report. */
  told: string
  originOf: (row: Row) => string
  /** The origin under which the row came before. */
  knownAs: (key: string) => string | undefined
  /** Whether this origin is of a row of this source. */
  made: (origin: string | null | undefined) => boolean
}

/** An origin made before sources were told apart. */
const NAMELESS = ''

/** @param named what --source says @param table where the rows stood in the file */
export function findSource(
  kind: SourceKind,
  rows: Row[],
  existing: ExistingUser[],
  { named, table }: { named: string | undefined; table: string },
): FoundSource {
  const known = knownSources(kind, existing)
  if (named !== undefined) {
    const source = known.find(({ name }) => name === named)
    return found(kind, named, source, source ? 'which came before' : 'which is new')
  }
  const judged = known
    .map((source) => ({ source, ...compare(source, rows) }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.alike - a.alike)
  const [best] = judged
  if (best && best.alike * 2 > best.shared) {
    const { source } = best
    return found(
      kind,
      source.name,
      source,
      `which came before: ${best.alike} of ${best.shared} rows with its ids are the same`,
    )
  }
  const name = `${table.replace(/[^\w.-]+/g, '_').slice(0, 24) || 'file'}-${fingerprint(rows)}`
  const unlike = best
    ? `; it shares ${best.shared} ids with ${best.source.name || 'an older import'}, of which ${best.alike} are the same users`
    : ''
  return found(kind, name, undefined, `which is new${unlike}`)
}

function found(kind: SourceKind, name: string, source: KnownSource | undefined, told: string): FoundSource {
  const origins = new Set([...(source?.origins.values() ?? [])].map(({ origin }) => origin))
  return {
    name,
    told: `Source: ${name || 'the one imported first'}, ${told}`,
    originOf: ({ key, mark }) => (name === NAMELESS ? `${kind}:${key}` : `${kind}@${name}/${mark}/${key}`),
    made: (origin) => typeof origin === 'string' && origins.has(origin),
    knownAs: (key) => source?.origins.get(key)?.origin,
  }
}

function knownSources(kind: SourceKind, existing: ExistingUser[]): KnownSource[] {
  const sources = new Map<string, KnownSource>()
  for (const user of existing) {
    for (const origin of new Set([user.origin, user.toppedUpFrom])) {
      const parts = origin === null ? undefined : parse(kind, origin)
      if (!parts || origin === null) continue
      const source = sources.get(parts.name) ?? { name: parts.name, origins: new Map() }
      // Without a mark, the name that the user has now has to do.
      source.origins.set(parts.key, { origin, mark: parts.mark ?? markOf(user.username) })
      sources.set(parts.name, source)
    }
  }
  return [...sources.values()]
}

function parse(kind: SourceKind, origin: string): { name: string; key: string; mark?: string } | undefined {
  if (origin.startsWith(`${kind}:`)) return { name: NAMELESS, key: origin.slice(kind.length + 1) }
  const [, name, mark, key] = /^@([^/]+)\/([^/]*)\/(.*)$/s.exec(origin.slice(kind.length)) ?? []
  return origin.startsWith(`${kind}@`) && name && mark !== undefined && key !== undefined
    ? { name, mark, key }
    : undefined
}

function compare({ name, origins }: KnownSource, rows: Row[]): { shared: number; alike: number } {
  let [shared, alike] = [0, 0]
  for (const { key, mark } of rows) {
    const other = origins.get(key)
    if (!other) continue
    shared++
    // Nameless accounts were known by their names alone.
    if (other.mark === mark || (name === NAMELESS && other.origin.startsWith('flask-credits:'))) alike++
  }
  return { shared, alike }
}

/** Sixteen bits: enough to tell apps apart by most of their rows, too few to find out what was digested. */
export function markOf(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text.toLowerCase())) hash = Math.imul(hash ^ byte, 0x01000193)
  return ((hash >>> 16) ^ (hash & 0xffff)).toString(16).padStart(4, '0')
}

function fingerprint(rows: Row[]): string {
  const text = rows
    .slice(0, 10_000)
    .map(({ key, mark }) => `${key}\0${mark}\n`)
    .join('')
  return Array.from(sha256(new TextEncoder().encode(text)).slice(0, 4), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
