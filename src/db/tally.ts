/** Counts what a request costs in D1 and KV, for budgets and `Server-Timing`. */

import type { WriteCost } from './group-commit.ts'
import { type Around, type Queryable, wrappedDatabase } from './wrapped.ts'

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

/** Does a call to D1, and may repeat it. */
export type Attempt = <T>(work: () => Promise<T>) => Promise<T>

/** A D1 that counts into `tally` what each call costs, by D1's own counters. `attempt` makes the calls. */
export function countedDatabase(d1: Queryable, tally: Tally, attempt: Attempt = (work) => work()): Queryable {
  const counting: Around = async (work) => {
    const result = await attempt(work)
    tally.roundTrips += 1
    for (const { meta } of [result].flat() as Partial<D1Result>[]) {
      tally.rowsRead += meta?.rows_read ?? 0
      tally.rowsWritten += meta?.rows_written ?? 0
    }
    return result
  }
  return wrappedDatabase(d1, counting)
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
