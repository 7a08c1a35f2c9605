/** Reads the table of users out of the first app's SQLite file, which stays as it is. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { BadFile } from './bad-file.ts'
import { type OldColumns, type OldRow, REQUIRED_COLUMNS, recogniseColumns } from './flask-users.ts'

export type UsersFile = {
  table: string
  columns: OldColumns
  rows: OldRow[]
  /** Columns that nobody knows, and how many rows have something in them. */
  unknown: { column: string; rows: number }[]
}

const MAGIC = 'SQLite format 3\0'

/** @throws BadFile in one line for whatever is no such file. */
export function readUsersFile(path: string, table?: string): UsersFile {
  requireSqlite(path)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true })
    return readUsers(database, table)
  } catch (error) {
    if (error instanceof Error && 'errcode' in error) throw new BadFile(`it cannot be read: ${error.message}`)
    throw error
  } finally {
    database?.close()
  }
}

/** SQLite itself would take an empty file for an empty database. */
function requireSqlite(path: string): void {
  if (!existsSync(path)) throw new BadFile('there is no such file')
  if (!statSync(path).isFile()) throw new BadFile('it is no file')
  if (statSync(path).size === 0) throw new BadFile('it is empty')
  const head = Buffer.alloc(MAGIC.length)
  const file = openSync(path, 'r')
  readSync(file, head)
  closeSync(file)
  if (head.toString('latin1') !== MAGIC) throw new BadFile('it is no SQLite database, or it is encrypted')
}

function readUsers(database: DatabaseSync, wanted: string | undefined): UsersFile {
  const texts = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map(({ name }) => String(name))
  const tables = texts(
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  )
  const named = (name: string) => tables.filter((table) => table.toLowerCase() === name.toLowerCase())
  const candidates = wanted === undefined ? [...named('users'), ...named('user')] : named(wanted)
  const [table] = candidates
  if (table === undefined)
    throw new BadFile(`it has no table ${wanted ?? 'users or user'}; it has ${tables.join(', ') || 'none'}`)
  if (candidates.length > 1)
    throw new BadFile(`it has the tables ${candidates.join(' and ')}: say which one with --table`)

  const columns = texts(`PRAGMA table_info(${quoted(table)})`)
  const missing = REQUIRED_COLUMNS.filter((name) => !columns.some((column) => column.toLowerCase() === name))
  if (missing.length > 0)
    throw new BadFile(`its table ${table} has no column ${missing.join(', ')}; it has ${columns.join(', ')}`)

  const recognised = recogniseColumns(columns)
  const selected = [
    ...REQUIRED_COLUMNS.map((name) => `${quoted(name)} AS ${name}`),
    ...[...recognised.stats.map(([column]) => column), ...(recognised.twitch ? [recognised.twitch] : [])].map(quoted),
  ]
  const all = database.prepare(`SELECT ${selected.join(', ')} FROM ${quoted(table)} ORDER BY id`)
  all.setReadBigInts(true)
  const unknown = recognised.unknown.map((column) => {
    const counted = database.prepare(`SELECT COUNT(${quoted(column)}) AS rows FROM ${quoted(table)}`).get()
    return { column, rows: Number(counted?.rows) }
  })
  return { table, columns: recognised, rows: all.all() as OldRow[], unknown }
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
