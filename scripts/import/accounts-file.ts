/** Reads the second app's accounts out of a dump of MySQL or a table in text, as a stream. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { BadFile } from './bad-file.ts'
import type { ColumnNames } from './command.ts'
import { readCsv } from './csv.ts'
import { nameOf } from './dump-tables.ts'
import { kindOf } from './file-kind.ts'
import { ACCOUNT_COLUMNS, type OldAccount } from './flask-credits.ts'
import { readDump } from './mysqldump.ts'

export type AccountsFile = {
  table: string
  rows: OldAccount[]
  /** Columns that nobody knows. */
  unknown: string[]
}

const CHUNK = 1 << 18

/** @throws BadFile in one line for whatever is no such file. */
export async function readAccountsFile(path: string, table?: string, names: ColumnNames = {}): Promise<AccountsFile> {
  if (!existsSync(path)) throw new BadFile('there is no such file')
  if (!statSync(path).isFile()) throw new BadFile('it is no file')
  const wanted = ACCOUNT_COLUMNS.map((column) => names[column] ?? column.toUpperCase())
  const file = openSync(path, 'r')
  try {
    const head = readChunk(file, 0)
    const kind = kindOf(head, path)
    const found =
      kind.kind === 'csv'
        ? { name: '', ...(await readCsv(chunksOf(file), wanted, kind)) }
        : readDump(chunksOf(file), { columns: wanted, numbers: wanted.slice(2), table })
    const folded = wanted.map((column) => column.toUpperCase())
    return {
      table: 'database' in found ? nameOf(found) : found.name,
      rows: found.rows.map(([username = null, token = null, credit = null]) => ({ username, token, credit })),
      unknown: found.columns.filter((column) => !folded.includes(column.toUpperCase())),
    }
  } finally {
    closeSync(file)
  }
}

/** The bytes of the file, one character each. */
function* chunksOf(file: number): Generator<string> {
  for (let at = 0; ; at += CHUNK) {
    const chunk = readChunk(file, at)
    if (chunk === '') return
    yield chunk
  }
}

const buffer = Buffer.alloc(CHUNK)

function readChunk(file: number, at: number): string {
  let length = 0
  for (let read = -1; read !== 0 && length < CHUNK; length += read)
    read = readSync(file, buffer, length, CHUNK - length, at + length)
  return buffer.toString('latin1', 0, length)
}
