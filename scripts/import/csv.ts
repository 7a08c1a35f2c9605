/** Reads a table out of a CSV file, or out of what `mysql --batch` prints, as a stream. Bytes in and out, one character each (latin1). */
import { CsvError, parse } from 'csv-parse'
import { BadFile } from './bad-file.ts'
import type { FileKind } from './file-kind.ts'

export type CsvTable = {
  columns: string[]
  /** The wanted columns only, in their order. */
  rows: (string | null)[][]
}

/** @throws BadFile where a wanted column is missing, or a line has more or fewer fields than the first. */
export async function readCsv(
  chunks: Iterable<string>,
  wanted: string[],
  { delimiter, before, quotes }: Omit<Extract<FileKind, { kind: 'csv' }>, 'kind'>,
): Promise<CsvTable> {
  let columns: string[] | undefined
  let at: number[] = []
  const rows: (string | null)[][] = []
  const parser = parse({
    delimiter,
    encoding: 'latin1',
    from_line: before + 1,
    skip_empty_lines: true,
    quote: quotes ? '"' : null,
    // Unquoted, these are how MySQL's tools write NULL: a token of NULL is none, and no key that anyone could guess.
    cast: (value, { quoting }) =>
      !quoting && (value === '\\N' || value === 'NULL') ? null : quotes ? value : unescaped(value),
  })
  const feeding = feed(parser, chunks)
  try {
    for await (const record of parser as AsyncIterable<(string | null)[]>) {
      if (columns) rows.push(at.map((i) => record[i] ?? null))
      else {
        columns = record.map((column) => (column ?? '').replace(/^\xef\xbb\xbf/, '').trim())
        at = positions(columns, wanted)
      }
    }
    await feeding
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new BadFile(`it is cut off or no CSV: ${error.message}`)
  }
  return { columns: columns ?? [], rows }
}

async function feed(parser: ReturnType<typeof parse>, chunks: Iterable<string>): Promise<void> {
  for (const chunk of chunks) {
    if (parser.destroyed) return
    if (!parser.write(Buffer.from(chunk, 'latin1')))
      await new Promise<void>((resolve) => parser.once('drain', resolve).once('close', resolve))
  }
  parser.end()
}

function positions(columns: string[], wanted: string[]): number[] {
  const folded = columns.map((column) => column.toUpperCase())
  const missing = wanted.filter((column) => !folded.includes(column.toUpperCase()))
  if (missing.length > 0)
    throw new BadFile(
      `the first line has no column ${missing.join(', ')}; it has ${columns.slice(0, 20).join(', ').slice(0, 300)}: --columns says which is which`,
    )
  return wanted.map((column) => folded.indexOf(column.toUpperCase()))
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', '0': '\0', '\\': '\\', r: '\r' }

const unescaped = (value: string) => value.replace(/\\(.)/gs, (whole, sign: string) => ESCAPES[sign] ?? whole)
