/** Reads the table of users out of the first app's SQLite file, which stays as it is, with nothing written beside it. */
import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { BadFile } from './bad-file.ts'
import type { ColumnNames } from './command.ts'
import { type OldColumns, type OldRow, recogniseColumns } from './flask-users.ts'

export type UsersFile = {
  table: string
  columns: OldColumns
  rows: OldRow[]
  /** Columns that nobody knows, and how many rows have something in them. */
  unknown: { column: string; rows: number }[]
}

export type UsersFileTerms = { table?: string | undefined; names?: ColumnNames; withoutWal?: boolean }

const MAGIC = 'SQLite format 3\0'

/** Bytes 18 and 19 of the header are 2 where changes wait in a `-wal` file. https://www.sqlite.org/fileformat.html */
const WAL_AT = 18

/** @throws BadFile in one line for whatever is no such file. */
export function readUsersFile(path: string, terms: UsersFileTerms = {}): UsersFile {
  const { usesWal } = readHeader(path)
  const beside = ['-wal', '-journal'].filter((end) => existsSync(path + end) && statSync(path + end).size > 0)
  if (usesWal && !existsSync(`${path}-wal`) && !terms.withoutWal)
    throw new BadFile(
      'it is in WAL mode and its -wal file is not beside it, so its newest rows may be missing: copy both, or say --without-wal if the app was closed properly',
    )
  const copy = beside.length > 0 ? copyOf(path, beside) : undefined
  let database: DatabaseSync | undefined
  try {
    database = copy ? new DatabaseSync(join(copy, 'copy')) : new DatabaseSync(immutable(path), { readOnly: true })
    return readUsers(database, terms)
  } catch (error) {
    if (error instanceof Error && 'errcode' in error) throw new BadFile(`it cannot be read: ${error.message}`)
    throw error
  } finally {
    database?.close()
    if (copy) rmSync(copy, { recursive: true })
  }
}

/** SQLite then writes nothing beside the file, and needs no right to. */
function immutable(path: string): string {
  return `${pathToFileURL(resolve(path))}?immutable=1`
}

/** With its log, which SQLite works into the file that it opens. */
function copyOf(path: string, beside: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'statkeep-import-'))
  for (const end of ['', ...beside]) copyFileSync(path + end, join(folder, `copy${end}`))
  return folder
}

/** SQLite itself would take an empty file for an empty database. */
function readHeader(path: string): { usesWal: boolean } {
  if (!existsSync(path)) throw new BadFile('there is no such file')
  if (!statSync(path).isFile()) throw new BadFile('it is no file')
  if (statSync(path).size === 0) throw new BadFile('it is empty')
  const head = Buffer.alloc(100)
  const file = openSync(path, 'r')
  readSync(file, head)
  closeSync(file)
  if (head.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw new BadFile('it is no SQLite database, or it is encrypted')
  return { usesWal: head[WAL_AT] === 2 || head[WAL_AT + 1] === 2 }
}

function readUsers(database: DatabaseSync, { table: wanted, names = {} }: UsersFileTerms): UsersFile {
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
    throw new BadFile(
      `it has no table ${wanted ?? 'users or user'}; it has ${tables.join(', ') || 'none'}: --table says which`,
    )
  if (candidates.length > 1)
    throw new BadFile(`it has the tables ${candidates.join(' and ')}: say which one with --table`)

  const columns = texts(`PRAGMA table_info(${quoted(table)})`)
  const recognised = recogniseColumns(columns, names)
  const { id, username } = recognised.named
  if (username === undefined)
    throw new BadFile(
      `its table ${table} has no column username; it has ${columns.join(', ')}: --columns username=… says which`,
    )

  const selected = columns.filter((column) => !recognised.unknown.includes(column)).map(quoted)
  const all = database.prepare(`SELECT ${selected.join(', ')} FROM ${quoted(table)} ORDER BY ${quoted(id ?? username)}`)
  all.setReadBigInts(true)
  const unknown = recognised.unknown.map((column) => {
    const counted = database.prepare(`SELECT COUNT(${quoted(column)}) AS rows FROM ${quoted(table)}`).get()
    return { column, rows: Number(counted?.rows) }
  })
  return { table, columns: recognised, rows: all.all() as OldRow[], unknown }
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
