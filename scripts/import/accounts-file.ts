/** Reads the second app's accounts out of a mysqldump or a CSV file. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { BadFile } from './bad-file.ts'
import { readCsv } from './csv.ts'
import { type OldAccount, REQUIRED_COLUMNS } from './flask-credits.ts'
import { type DumpTable, readDump } from './mysqldump.ts'

export type AccountsFile = {
  table: string
  rows: OldAccount[]
  /** Columns that nobody knows. */
  unknown: string[]
}

/** @throws BadFile in one line for whatever is no such file. */
export function readAccountsFile(path: string, table?: string): AccountsFile {
  const text = readBytes(path)
  const { name, columns, rows } = /\.csv$/i.test(path)
    ? readCsv(text, REQUIRED_COLUMNS)
    : choose(readDump(text, REQUIRED_COLUMNS), table)
  return {
    table: name,
    rows: rows.map(({ USERNAME, TOKEN, CREDIT }) => ({
      username: USERNAME ?? null,
      token: TOKEN ?? null,
      credit: CREDIT ?? null,
    })),
    unknown: columns.filter((column) => !REQUIRED_COLUMNS.includes(column.toUpperCase())),
  }
}

function choose(tables: DumpTable[], wanted: string | undefined): DumpTable {
  const candidates =
    wanted === undefined ? tables : tables.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  const [table] = candidates
  if (!table)
    throw new BadFile(`it has no table ${wanted ? `${wanted} ` : ''}with the columns ${REQUIRED_COLUMNS.join(', ')}`)
  if (candidates.length > 1) {
    const names = candidates.map(({ name }) => name)
    throw new BadFile(`it has several tables with these columns, ${names.join(' and ')}: say which one with --table`)
  }
  return table
}

/** One character a byte. */
function readBytes(path: string): string {
  if (!existsSync(path)) throw new BadFile('there is no such file')
  if (!statSync(path).isFile()) throw new BadFile('it is no file')
  const text = readFileSync(path, 'latin1')
  if (text.trim() === '') throw new BadFile('it is empty')
  if (/^(\xff\xfe|\xfe\xff)/.test(text))
    throw new BadFile('it is UTF-16, as PowerShell writes with ">": make it with mysqldump --result-file=FILE')
  if (text.slice(0, 1000).includes('\0')) throw new BadFile('it is no text: is it compressed or encrypted?')
  return text
}
