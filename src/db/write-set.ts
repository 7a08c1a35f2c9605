/**
 * Writes of one kind, one or many at once: each statement of a set is compiled once and takes all items as one JSON text.
 * Writes of several callers can so be committed together, see `db/group-commit.ts`.
 */
import { type SQL, sql } from 'drizzle-orm'
import { type Compiled, compile } from './client.ts'
import type { RecordItem } from './idempotency-record.ts'

/** The items as a JSON list: the only parameter of every statement of a set. */
export const ITEMS: SQL = sql.raw('?1')

/** What each item has. */
export type WriteItem = {
  /** When the call was made; milliseconds. All items of a batch are written at the latest of their times. */
  now: number
  record?: RecordItem | undefined
}

/** In SQL, the place of the item that has this `writeId`: `commit` makes it of the id of this try, a colon and the place. */
export const placeOf = (writeId: SQL): SQL => sql`CAST(substr(${writeId}, instr(${writeId}, ':') + 1) AS INTEGER)`

/** The condition that a `writeId` is of this very try. */
export const isOfThisTry = (writeId: SQL): SQL =>
  sql`${writeId} = substr(${ITEMS} ->> '$[0].writeId', 1, instr(${ITEMS} ->> '$[0].writeId', ':')) || ${placeOf(writeId)}`

export type Row = Record<string, unknown>

export type WriteSet<Item extends WriteItem, Outcome> = {
  name: string
  /** Two items that share one of these are not written in one batch. */
  keys: (item: Item) => string[]
  /** In order; those with `where` only run if it is true of an item. */
  statements: { [name: string]: { statement: SQL; where?: (item: Item) => boolean } }
  /** The outcome of each item, in order, from the rows of each statement that ran. */
  outcomes: (rows: { [name: string]: Row[] }, count: number) => Outcome[]
  /** True of the outcome of an item that could not be in this batch and has to come with a later one. */
  isLate?: (outcome: Outcome) => boolean
}

/** A set whose statements are compiled. */
export type CompiledSet = {
  /** The set's name and a digest of its SQL: while a new version is being deployed, isolates of two versions run at once. */
  id: string
  keys: (item: WriteItem) => string[]
  statementsFor: (items: WriteItem[]) => { names: string[]; compiled: Compiled[] }
  outcomes: (rows: { [name: string]: Row[] }, count: number) => unknown[]
  isLate: (outcome: unknown) => boolean
}

const compiledSets = new Map<string, CompiledSet>()

/** Building SQL costs more CPU than anything else in a write, so each set is compiled once an isolate. */
export function compiledSet<Item extends WriteItem, Outcome>(set: WriteSet<Item, Outcome>): CompiledSet {
  const known = compiledSets.get(set.name)
  if (known) return known
  const names = Object.keys(set.statements)
  const conditions = Object.values(set.statements).map(({ where }) => where)
  // What is bound in them is constant, so it is written into their text.
  const compiled = compile(Object.values(set.statements).map(({ statement }) => statement.inlineParams()))
  const made: CompiledSet = {
    id: `${set.name}-${digest(compiled.map(({ sql }) => sql).join('\n'))}`,
    keys: (item) => set.keys(item as Item),
    statementsFor: (items) => {
      const runs = names.map(
        (_, i) => conditions[i] === undefined || items.some((item) => conditions[i]?.(item as Item)),
      )
      return { names: names.filter((_, i) => runs[i]), compiled: compiled.filter((_, i) => runs[i]) }
    },
    outcomes: set.outcomes,
    isLate: (outcome) => set.isLate?.(outcome as Outcome) ?? false,
  }
  compiledSets.set(set.name, made)
  return made
}

/** 32 bits are enough to tell two versions of one set apart. FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
function digest(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16)
}

/** Rows that have the `place` of their item, in the order of the items. */
export function byPlace<T extends Row>(rows: Row[] | undefined, count: number): (T | undefined)[] {
  const ordered: (T | undefined)[] = new Array(count).fill(undefined)
  for (const row of rows ?? []) ordered[row.place as number] = row as T
  return ordered
}
