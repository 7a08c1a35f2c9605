/** Counts what a request costs in D1 and KV, for budgets and `Server-Timing`. */

import type { WriteCost } from './group-commit.ts'

/** D1 round trips and the rows that it bills, KV operations. */
export type Tally = {
  roundTrips: number
  rowsRead: number
  rowsWritten: number
  kvReads: number
  kvWrites: number
  /** The batch that the last write was in, if the committer wrote it. */
  commit?: { items: number; ms: number }
}

export const newTally = (): Tally => ({ roundTrips: 0, rowsRead: 0, rowsWritten: 0, kvReads: 0, kvWrites: 0 })

const INNER = Symbol('the statement behind a counted one')

/** Does a call to D1, and may repeat it. */
export type Attempt = <T>(work: () => Promise<T>) => Promise<T>

/** A D1 that counts into `tally` what each call costs, by D1's own counters. `attempt` makes the calls. */
export function countedDatabase(d1: D1Database, tally: Tally, attempt: Attempt = (work) => work()): D1Database {
  const count = (results: { meta?: { rows_read?: number; rows_written?: number } }[]) => {
    tally.roundTrips += 1
    for (const { meta } of results) {
      tally.rowsRead += meta?.rows_read ?? 0
      tally.rowsWritten += meta?.rows_written ?? 0
    }
  }
  const counted = (statement: D1PreparedStatement): D1PreparedStatement =>
    ({
      [INNER]: statement,
      bind: (...values: unknown[]) => counted(statement.bind(...values)),
      run: async () => {
        const result = await attempt(() => statement.run())
        count([result])
        return result
      },
      all: async () => {
        const result = await attempt(() => statement.all())
        count([result])
        return result
      },
      // D1 reports no cost for `raw` and `first`, so both run as `all`.
      raw: async () => {
        const result = await attempt(() => statement.all<Record<string, unknown>>())
        count([result])
        return result.results.map((row) => Object.values(row))
      },
      first: async (column?: string) => {
        const result = await attempt(() => statement.all<Record<string, unknown>>())
        count([result])
        const row = result.results[0] ?? null
        return column && row ? row[column] : row
      },
    }) as unknown as D1PreparedStatement
  return {
    prepare: (query: string) => counted(d1.prepare(query)),
    batch: async (statements: D1PreparedStatement[]) => {
      const inner = statements.map((s) => (s as unknown as { [INNER]: D1PreparedStatement })[INNER])
      const results = await attempt(() => d1.batch(inner))
      count(results)
      return results
    },
    exec: (query: string) => d1.exec(query),
    dump: () => d1.dump(),
    withSession: (bookmark?: string) => d1.withSession(bookmark),
  } as D1Database
}

/** Counts a write that the committer made. */
export function countWrite(tally: Tally, { rowsRead, rowsWritten, batchItems, commitMs }: WriteCost): void {
  tally.roundTrips += 1
  tally.rowsRead += rowsRead
  tally.rowsWritten += rowsWritten
  tally.commit = { items: batchItems, ms: commitMs }
}

/** A KV namespace that counts its operations into `tally`. */
export function countedCache(kv: KVNamespace, tally: Tally): KVNamespace {
  return new Proxy(kv, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        if (name === 'get' || name === 'list' || name === 'getWithMetadata') tally.kvReads += 1
        else tally.kvWrites += 1
        return member.apply(target, args)
      }
    },
  })
}
