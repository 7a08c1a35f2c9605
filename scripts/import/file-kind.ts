/** What a file is, told by how it begins: so that one that cannot be read is named for what it is. */
import { BadFile } from './bad-file.ts'

/** `headers` are the fields of the first line where it looks like a table in text. */
export type FileKind =
  | { kind: 'sql' }
  | {
      kind: 'csv'
      delimiter: string /** How many lines stand before the names of the columns. */
      before: number
      quotes: boolean
    }

/** Beginnings that are no text: what they are, and what to do. */
const BYTES: [begins: string, what: string][] = [
  ...['\xff\xfe', '\xfe\xff'].map((mark): [string, string] => [
    mark,
    'it is UTF-16, as PowerShell writes with ">": make it with mysqldump --result-file=FILE, or save it as UTF-8',
  ]),
  ['\x1f\x8b', 'it is compressed with gzip: unpack it first (gunzip)'],
  ['BZh', 'it is compressed with bzip2: unpack it first (bunzip2)'],
  ['\xfd7zXZ', 'it is compressed with xz: unpack it first (unxz)'],
  ['\x28\xb5\x2f\xfd', 'it is compressed with zstd: unpack it first (unzstd)'],
  ['7z\xbc\xaf', 'it is a 7z archive: unpack it first'],
  ['PK\x03\x04', 'it is a ZIP archive, as Excel workbooks are: unpack it first, or save the sheet as CSV'],
  ['SQLite format 3\0', 'it is an SQLite database: that is for npm run import -- flask-users'],
  ['PGDMP', 'it is a dump of PostgreSQL: export the table as CSV (psql, \\copy … CSV HEADER)'],
]

const TEXTS: [begins: RegExp, what: string][] = [
  [/^\s*<\?xml|^\s*<mysqldump/i, 'it is XML: make the dump without --xml'],
  [/^\s*</, 'it is a page of HTML or XML'],
  [/^\s*[[{]/, 'it is JSON: export the table as CSV'],
  [/^\s*\+-+\+/, 'it is a table as the mysql client draws it: use mysql --batch, or mysqldump'],
  [
    /^(--[^\n]*\n|\s)*-- PostgreSQL database dump/,
    'it is a dump of PostgreSQL: export the table as CSV (psql, \\copy … CSV HEADER)',
  ],
  [/^\s*PRAGMA foreign_keys/i, 'it is a dump of SQLite: export the table as CSV (sqlite3 -csv -header)'],
]

const DELIMITERS = [',', ';', '\t', '|']

/**
 * @param head the first bytes, one character each
 * @throws BadFile for what is neither a dump of MySQL nor a table in text.
 */
export function kindOf(head: string, path: string): FileKind {
  if (head.trim() === '') throw new BadFile('it is empty')
  for (const [begins, what] of BYTES) if (head.startsWith(begins)) throw new BadFile(what)
  if (/^(.\0){4}|^(\0.){4}/s.test(head))
    throw new BadFile('it is UTF-16 without a mark at its beginning: save it as UTF-8')
  if (head.slice(0, 1000).includes('\0')) throw new BadFile('it is no text: is it compressed or encrypted?')
  const text = head.replace(/^\xef\xbb\xbf/, '')
  for (const [begins, what] of TEXTS) if (begins.test(text)) throw new BadFile(what)

  const named = /\.(csv|tsv|tab)$/i.test(path)
  const [, separator] = /^"?sep=(.)"?\r?\n/i.exec(text) ?? []
  const lines = text.split(/\r?\n/)
  const header = lines[separator ? 1 : 0] ?? ''
  const delimiter =
    separator ?? DELIMITERS.reduce((best, sign) => (parts(header, sign) > parts(header, best) ? sign : best))
  if (!named && !separator && !looksLikeHeader(header, delimiter)) return { kind: 'sql' }
  // `mysql --batch` puts tabs between the fields, backslashes before what is special, and nothing into quotes.
  const quotes = delimiter !== '\t' || /\.csv$/i.test(path) || header.includes('"')
  return { kind: 'csv', delimiter, before: separator ? 1 : 0, quotes }
}

const parts = (line: string, sign: string) => line.split(sign).length

/** Names and nothing else, at least two. */
function looksLikeHeader(line: string, delimiter: string): boolean {
  const fields = line.split(delimiter)
  return (
    fields.length > 1 &&
    fields.every((field) => /^\s*"?[\w $.\x80-\xff-]{1,64}"?\s*$/.test(field) && !/^\s*--/.test(field))
  )
}
