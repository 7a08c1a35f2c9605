/** Databases that fail, wholly or at some statements. */
import type { Queryable } from '../../src/db/wrapped.ts'

/** An error of a statement, with its text and parameters. */
type Failure = (query: string, values: unknown[]) => Error

/** Every statement whose text has `words` fails with `error`; a batch fails at it in earnest, inside its transaction. */
export const failing =
  (error: Failure, words = '') =>
  (d1: Queryable): Queryable =>
    ({
      prepare: (query: string) => (query.includes(words) ? broken(error, query) : d1.prepare(query)),
      batch: async (statements: D1PreparedStatement[]): Promise<unknown> => {
        const first = statements.find((statement) => BROKEN in statement)
        if (!first) return d1.batch(statements)
        const nonsense = d1.prepare('SELECT * FROM no_such_table_at_all')
        await d1.batch(statements.map((statement) => (BROKEN in statement ? nonsense : statement))).catch(() => {})
        return first.all()
      },
    }) as unknown as Queryable

/** D1's own words for a database that is not there. */
export const connectionLost = () => new Error('D1_ERROR: Network connection lost.')

const BROKEN = Symbol('broken')

function broken(error: Failure, query: string, values: unknown[] = []): D1PreparedStatement {
  const fail = async () => {
    throw error(query, values)
  }
  const bind = (...bound: unknown[]) => broken(error, query, bound)
  return { [BROKEN]: true, bind, all: fail, run: fail, first: fail, raw: fail } as unknown as D1PreparedStatement
}

/** Does one call to D1, or fails instead; `query` is its SQL, a batch's statements joined by `;`. */
type Around = <T>(work: () => Promise<T>, query: string) => Promise<T>

/** A database whose every call, a statement's or a batch's, goes through `around`. */
export const callsThrough =
  (around: Around) =>
  (d1: Queryable): Queryable =>
    ({
      prepare: (query: string) => passing(around, query, d1.prepare(query)),
      batch: (statements: Passing[]) =>
        around(() => d1.batch(statements.map(({ inner }) => inner)), statements.map(({ query }) => query).join(';')),
    }) as unknown as Queryable

type Passing = D1PreparedStatement & { inner: D1PreparedStatement; query: string }

const passing = (around: Around, query: string, inner: D1PreparedStatement): Passing =>
  ({
    inner,
    query,
    bind: (...values: unknown[]) => passing(around, query, inner.bind(...values)),
    all: () => around(() => inner.all(), query),
    run: () => around(() => inner.run(), query),
  }) as unknown as Passing
