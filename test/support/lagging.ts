/** A D1 with a read replica that has only what it is told to copy, or what a bookmark makes it wait for. */
import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'

type Statement = D1PreparedStatement & { query: string; values: unknown[] }

const statement = (query: string, values: unknown[], run: (query: string, values: unknown[]) => Promise<D1Result>) =>
  ({
    query,
    values,
    bind: (...bound: unknown[]) => statement(query, bound, run),
    all: () => run(query, values),
    run: () => run(query, values),
  }) as unknown as Statement

const asBookmark = (state: number) => `${String(state).padStart(8, '0')}-lagging`

export async function laggingDatabase() {
  await applyD1Migrations(env.REPLICA, env.TEST_MIGRATIONS)
  /** What the primary has written, in order. */
  const written: [query: string, values: unknown[]][][] = []
  let copied = 0
  const reads = { primary: [] as string[], replica: [] as string[] }

  const execute = (d1: D1Database, statements: [string, unknown[]][]) =>
    d1.batch(statements.map(([query, values]) => d1.prepare(query).bind(...values)))

  async function copyUpTo(state: number) {
    for (; copied < state; copied++) await execute(env.REPLICA, written[copied] as [string, unknown[]][])
  }

  function session(start: string) {
    let bookmark: string | null = null
    let onPrimary = start === 'first-primary'
    const batch = async (statements: [string, unknown[]][]) => {
      const writes = statements.some(([query]) => /\b(INSERT|UPDATE|DELETE|REPLACE)\b/.test(query))
      if (writes || onPrimary) {
        const results = await execute(env.DB, statements)
        if (writes) written.push(statements)
        else reads.primary.push(...statements.map(([query]) => query))
        bookmark = asBookmark(written.length)
        onPrimary = false
        return results
      }
      const least = [bookmark, /^\d/.test(start) ? start : null].filter((one) => one !== null)
      await copyUpTo(Math.max(...least.map((one) => Number(one.slice(0, 8))), 0))
      reads.replica.push(...statements.map(([query]) => query))
      bookmark = asBookmark(copied)
      return execute(env.REPLICA, statements)
    }
    return {
      prepare: (query: string) => statement(query, [], async (...one) => (await batch([one]))[0] as D1Result),
      batch: (statements: Statement[]) => batch(statements.map(({ query, values }) => [query, values])),
      getBookmark: () => bookmark,
    }
  }

  return {
    DB: { withSession: session } as unknown as D1Database,
    reads,
    /** How many writes the replica does not have yet. */
    behind: () => written.length - copied,
    catchUp: () => copyUpTo(written.length),
    /** Copies rows that a test has put into the primary past the service: its writes check them. */
    async copyRows(table: string) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all()
      for (const row of results) {
        const columns = Object.keys(row)
        const insert = `INSERT INTO ${table} (${columns}) VALUES (${columns.map(() => '?')})`
        await execute(env.REPLICA, [[insert, Object.values(row)]])
      }
    },
  }
}
