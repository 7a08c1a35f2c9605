/** How stores reach D1: Drizzle for what to say, one batch for what belongs together. */
import { fillPlaceholders, type Placeholder, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'

export const openDatabase = (d1: D1Database) => drizzle(d1)

export type Db = ReturnType<typeof openDatabase>

/** A value, or its place in a statement that is compiled once. */
export type Bound = number | string | null | Placeholder

/** D1 binds every JavaScript number as REAL, so an integer needs a cast. */
export const integer = (value: Bound): SQL => sql`CAST(${value} AS INTEGER)`

const dialect = new SQLiteAsyncDialect()

/**
 * Runs statements as one transaction in one round trip and gives each one's rows, by column name.
 * Not `db.batch`: Drizzle's loses the parameters of raw SQL, and maps its rows to arrays.
 */
export async function batchRows(db: Db, statements: SQLWrapper[]): Promise<Record<string, unknown>[][]> {
  return runCompiled(db, compile(statements))
}

/** A statement as text; `sql.placeholder`s in it are filled in for each run. */
export type Compiled = { sql: string; params: unknown[] }

export const compile = (statements: SQLWrapper[]): Compiled[] =>
  statements.map((statement) => dialect.sqlToQuery(statement.getSQL()))

/** `batchRows` of what was compiled before, with the values of its placeholders. */
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

/**
 * A first statement of a batch that breaks the whole of it off unless `condition` holds: D1 has no interactive
 * transactions, and what follows may then be written as if it held. SQLite raises an error for text that is no JSON.
 */
export const refuseUnless = (condition: SQL): SQL => sql`SELECT CASE WHEN ${condition} THEN 1 ELSE json('refused') END`

/** undefined where the batch was broken off by `refuseUnless`. */
export async function unlessRefused<T>(batch: Promise<T>): Promise<T | undefined> {
  try {
    return await batch
  } catch (error) {
    if (causes(error).some(({ message }) => message.includes('malformed JSON'))) return undefined
    throw error
  }
}

/** True for D1's error of a broken constraint that names `what`, such as `users.email`. */
export function isConstraintError(error: unknown, what: string): boolean {
  return causes(error).some(({ message }) => /constraint failed/i.test(message) && message.includes(what))
}

/** True when D1 itself failed, rather than refused: the statement may or may not have been carried out. */
export function isDatabaseFailure(error: unknown): boolean {
  const ours = /constraint failed|syntax error|no such (table|column)|malformed JSON|D1_(TYPE_ERROR|COLUMN_NOTFOUND)/i
  return causes(error).some(({ message }) => message.startsWith('D1_') && !ours.test(message))
}

/** Drizzle wraps D1's error in its own. */
function causes(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : []
}
