/** Rows made up for whatever tables there are, so that a table added later is in the tests that walk them all. */
import { env } from 'cloudflare:workers'

type Column = { name: string; type: string; pk: number }
type Reference = { table: string; from: string; to: string | null }
export type Table = { name: string; sql: string; columns: Column[]; references: Reference[] }

/** Every table of the product. */
export async function allTables(): Promise<Table[]> {
  const one = async ({ name, sql }: { name: string; sql: string }) => ({
    name,
    sql,
    columns: (await env.DB.prepare(`PRAGMA table_info(${name})`).all<Column>()).results,
    references: (await env.DB.prepare(`PRAGMA foreign_key_list(${name})`).all<Reference>()).results,
  })
  return Promise.all((await createStatements()).map(one))
}

async function createStatements() {
  const { results } = await env.DB.prepare(
    `SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
     AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' AND name <> 'd1_migrations'`,
  ).all<{ name: string; sql: string }>()
  return results
}

/** True for a table whose rows belong to a user, by a foreign key or by the name of a column. */
export const isOfUsers = ({ columns, references }: Table) =>
  columns.some(({ name }) => name === 'user_id') || references.some(({ table }) => table === 'users')

/**
 * One row of that user in each table that refers to users, and in what refers to those. Each text is JSON and says
 * where it stands and whose it is: `"grants.write_id of A"`. @returns the names of the tables.
 */
export async function insertRowsOf(userId: number, whose: string): Promise<string[]> {
  const tables = await allTables()
  const made = new Map<string, Record<string, unknown>>()

  const insert = async (table: Table): Promise<Record<string, unknown>> => {
    const before = made.get(table.name)
    if (before) return before
    const row: Record<string, unknown> = {}
    for (const { name, type, pk } of table.columns) {
      const reference = table.references.find(({ from }) => from === name)
      if (name === 'user_id' || reference?.table === 'users') row[name] = userId
      else if (reference) {
        const parent = await insert(tables.find((t) => t.name === reference.table) as Table)
        row[name] = parent[reference.to ?? 'id']
      } else if (type === 'TEXT')
        row[name] = allowed(table, name) ?? JSON.stringify(`${table.name}.${name} of ${whose}`)
      else row[name] = pk ? userId : 1
    }
    const names = Object.keys(row)
    await env.DB.prepare(`INSERT INTO ${table.name} (${names}) VALUES (${names.map(() => '?')})`)
      .bind(...Object.values(row))
      .run()
    made.set(table.name, row)
    return row
  }

  const refersTo = (table: Table): boolean =>
    isOfUsers(table) ||
    table.references.some(({ table: name }) => refersTo(tables.find((t) => t.name === name) as Table))
  for (const table of tables) if (table.name !== 'users' && refersTo(table)) await insert(table)
  return [...made.keys()]
}

/** The first value that a CHECK leaves to a column. */
const allowed = (table: Table, column: string): string | undefined =>
  new RegExp(`CHECK \\(${column} IN \\('([^']*)'`).exec(table.sql)?.[1]

/** Every row of every table, as text. */
export async function wholeDatabase(): Promise<Record<string, string[]>> {
  const tables = await createStatements()
  const rows = await env.DB.batch(tables.map(({ name }) => env.DB.prepare(`SELECT * FROM ${name}`)))
  return Object.fromEntries(
    tables.map(({ name }, i) => [name, rows[i]?.results.map((row) => JSON.stringify(row)) ?? []]),
  )
}
