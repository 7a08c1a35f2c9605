/** Reads a table out of a CSV file. Bytes in and out, one character each (latin1). */
import { CsvError, parse } from 'csv-parse/sync'
import { BadFile } from './bad-file.ts'
import type { DumpTable } from './mysqldump.ts'

/** @throws BadFile where a wanted column is missing, or a line has more or fewer fields than the first. */
export function readCsv(text: string, wanted: string[]): DumpTable {
  const [header, ...records] = parseRecords(text.replace(/^\xef\xbb\xbf/, ''), delimiterOf(text))
  const columns = (header ?? []).map((column) => (column ?? '').trim())
  const folded = columns.map((column) => column.toUpperCase())
  const missing = wanted.filter((column) => !folded.includes(column))
  if (missing.length > 0) throw new BadFile(`the first line has no column ${missing.join(', ')}`)
  const at = wanted.map((column) => folded.indexOf(column))
  const rows = records.map((record) =>
    Object.fromEntries(wanted.map((column, i) => [column, record[at[i] as number] ?? null])),
  )
  return { name: '', columns, rows }
}

/** Spreadsheets write semicolons where the comma is in numbers. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split('\n', 1)
  return [',', ';', '\t'].reduce((best, sign) => (first.split(sign).length > first.split(best).length ? sign : best))
}

function parseRecords(text: string, delimiter: string): (string | null)[][] {
  try {
    return parse(text, {
      delimiter,
      skip_empty_lines: true,
      // Unquoted, these are how MySQL's tools write NULL: a token of NULL is none, and no key that anyone could guess.
      cast: (value, { quoting }) => (!quoting && (value === '\\N' || value === 'NULL') ? null : value),
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new BadFile(`it is cut off or no CSV: ${error.message}`)
  }
}
