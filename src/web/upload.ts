/** A file of entries for a dataset: JSON, or CSV with a line of names at its top (RFC 4180). */
import { invalidField } from '../errors.ts'

export type Upload = { key: string; data: unknown }

/**
 * A JSON object has an entry a member; a JSON list or a CSV file has an entry a row, whose key stands in `keyColumn`,
 * or in the first column.
 * @throws AppError invalid_request, saying where the file is wrong.
 */
export function readUpload(text: string, keyColumn: string): Upload[] {
  const trimmed = text.replace(/^\u{feff}/u, '').trim()
  if (trimmed === '') throw invalidField('file', 'is empty')
  if (trimmed.startsWith('{')) return Object.entries(parseJson(trimmed)).map(([key, data]) => ({ key, data }))
  const rows = trimmed.startsWith('[') ? (parseJson(trimmed) as unknown as unknown[]) : csvRows(trimmed)
  return rows.map((row, index) => entryOf(row, keyColumn, index + 1))
}

function parseJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidField('file', 'begins like JSON and is none')
  }
}

function entryOf(row: unknown, keyColumn: string, number: number): Upload {
  const data = row as Record<string, unknown>
  const key = typeof row === 'object' && row !== null ? data[keyColumn || (Object.keys(data)[0] ?? '')] : undefined
  if (typeof key !== 'string' && typeof key !== 'number')
    throw invalidField('file', `has no key in ${keyColumn || 'the first column'} of row ${number}`)
  return { key: String(key), data }
}

function csvRows(text: string): Record<string, string>[] {
  const [names = [], ...rows] = csvCells(text)
  return rows.map((cells, i) => {
    if (cells.length !== names.length)
      throw invalidField('file', `has ${cells.length} cells in row ${i + 1}, not ${names.length}`)
    return Object.fromEntries(names.map((name, column) => [name, cells[column] as string]))
  })
}

function csvCells(text: string): string[][] {
  const rows: string[][] = [[]]
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/gy
  while (cell.lastIndex < text.length || rows.at(-1)?.length === 0) {
    const found = cell.exec(text)
    if (!found) throw invalidField('file', `has a wrong quote in row ${rows.length - 1}`)
    const [, content = '', end] = found
    rows.at(-1)?.push(content.startsWith('"') ? content.slice(1, -1).replaceAll('""', '"') : content)
    if (end === '') break
    if (end !== ',') rows.push([])
  }
  return rows
}
