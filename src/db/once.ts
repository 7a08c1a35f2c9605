/** What makes a write repeatable: one more statement of its batch, handed to the verb by `http/idempotent.ts`. */
import type { SQL, SQLWrapper } from 'drizzle-orm'

export type KeepOptions = {
  /** What the answer shows this once; kept only under a key derived from the caller's Idempotency-Key. */
  secret?: Record<string, unknown>
  /** The one user whom the answer is about, where that is not the caller; 0 where there are several. */
  about?: number | SQL
}

export type Once = {
  /**
   * The statements that keep a write's outcome. `outcome` is a `SELECT` of one column named `outcome`, JSON text;
   * where it gives no row, nothing is kept. They go into the batch that does the work, so that a crash leaves both or neither.
   */
  keep: (outcome: SQL, options?: KeepOptions) => Promise<SQLWrapper[]>
  /** The statements that free the key again, for work that is undone. */
  forget: () => SQLWrapper[]
}

/** For a call without an Idempotency-Key. */
export const notKept: Once = { keep: async () => [], forget: () => [] }
