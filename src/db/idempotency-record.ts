/** The idempotency record of a write, as the statements that a verb adds to its own batch. Made in `idempotency/idempotent.ts`. */
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'

export type RecordOptions = {
  /** What the response shows only this once. Stored encrypted, under a key derived from the caller's Idempotency-Key. */
  secret?: Record<string, unknown>
  /** Id of the user whom the response is about, where that is not the caller; 0 for several users. */
  about?: number | SQL
}

export type IdempotencyRecord = {
  /**
   * The statements that store a write's outcome. `outcome` is a `SELECT` of one column named `outcome`, JSON text; if it
   * returns no row, nothing is stored. They run in the batch that does the work, so a crash leaves both or neither.
   */
  insert: (outcome: SQL, options?: RecordOptions) => Promise<SQLWrapper[]>
  /** The statements that remove the record again, for work that is undone. */
  delete: () => SQLWrapper[]
  /** A condition: no record is stored yet. For work that begins before its outcome is known. */
  isAbsent: SQL
}

/** For a call without an Idempotency-Key. */
export const noRecord: IdempotencyRecord = { insert: async () => [], delete: () => [], isAbsent: sql`1` }
