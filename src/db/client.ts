/** How stores call D1. Statements that belong together run as one batch. */
import { fillPlaceholders, type Placeholder, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import { causes } from './causes.ts'
import type { Queryable } from './wrapped.ts'

/** Drizzle calls nothing else of a D1 database. */
export const openDatabase = (d1: Queryable) => drizzle(d1 as D1Database)

export type Db = ReturnType<typeof openDatabase>

/** A value, or its placeholder in a statement that is compiled once. */
export type Bound = number | string | null | Placeholder

/** D1 binds every JavaScript number as REAL, so an integer needs a cast. */
export const integer = (value: Bound | SQL): SQL => sql`CAST(${value} AS INTEGER)`

const dialect = new SQLiteAsyncDialect()

/**
 * Runs statements as one transaction in one round trip and gives each one's rows, by column name.
 * Not `db.batch`, which loses the parameters of raw SQL and maps its rows to arrays.
 */
export async function batchRows(db: Db, statements: SQLWrapper[]): Promise<Record<string, unknown>[][]> {
  return runCompiled(db, compile(statements))
}

/** A statement as text; `sql.placeholder`s in it are filled in for each run. */
export type Compiled = { sql: string; params: unknown[] }

export const compile = (statements: SQLWrapper[]): Compiled[] =>
  statements.map((statement) => dialect.sqlToQuery(statement.getSQL()))

/** Runs compiled statements like `batchRows`, with values for their placeholders. */
export async function runCompiled(
  db: Db,
  statements: Compiled[],
  values: Record<string, unknown> = {},
): Promise<Record<string, unknown>[][]> {
  const bound = statements.map(({ sql: text, params }) =>
    db.$client.prepare(text).bind(...fillPlaceholders(params, values)),
  )
  const results = await db.$client.batch<Record<string, unknown>>(bound)
  return results.map(({ results }) => results)
}

/** True for D1's error of a broken constraint that names `what`, such as `users.email`. */
export function isConstraintError(error: unknown, what: string): boolean {
  return causes(error).some(({ message }) => /constraint failed/i.test(message) && message.includes(what))
}
