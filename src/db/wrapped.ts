/** A D1 database with something around each call, such as a counter. */

/** What stores call of a D1 database. */
export type Queryable = Pick<D1Database, 'prepare' | 'batch'>

/** Does a call to D1, with something around it. */
export type Around = <R extends D1Result | D1Result[]>(work: () => Promise<R>) => Promise<R>

const INNER = Symbol('the statement that is wrapped')
type Wrapped = D1PreparedStatement & { [INNER]: D1PreparedStatement }

const wrapped = (inner: D1PreparedStatement, around: Around): D1PreparedStatement => {
  const all = <T>() => around(() => inner.all<T>())
  return {
    [INNER]: inner,
    bind: (...values: unknown[]) => wrapped(inner.bind(...values), around),
    run: () => around(() => inner.run()),
    all,
    // D1 reports neither cost nor bookmark for `raw` and `first`, so both run as `all`.
    raw: async () => (await all<Record<string, unknown>>()).results.map((row) => Object.values(row)),
    first: async (column?: string) => {
      const row = (await all<Record<string, unknown>>()).results[0] ?? null
      return column && row ? row[column] : row
    },
  } as unknown as D1PreparedStatement
}

/** The statement within a wrapped one, as `batch` needs it. */
const unwrapped = (statement: D1PreparedStatement): D1PreparedStatement => (statement as Wrapped)[INNER]

export const wrappedDatabase = (d1: Queryable, around: Around): Queryable => ({
  prepare: (query) => wrapped(d1.prepare(query), around),
  batch: (statements) => around(() => d1.batch(statements.map(unwrapped))),
})
