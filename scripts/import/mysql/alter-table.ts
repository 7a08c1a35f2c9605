/** ALTER TABLE: changes the columns or the name of a table. */
import { fullName, type TableName, type Tables } from './tables.ts'
import { depthChange, isSign, isWord, type Token, type Tokens } from './tokens.ts'

/** Reads what follows the words ALTER TABLE, with the end of the statement. */
export function readAlterTable(tokens: Tokens, tables: Tables): void {
  const name = tables.readName(tokens, tokens.needAfter(/^(IF|EXISTS)$/i))
  const table = tables.find(name)
  const line = tokens.line
  const columns = table?.columns.slice() ?? []
  for (;;) {
    const part = readPart(tokens)
    changeColumns(part, columns)
    const renamed = newName(part)
    if (table && renamed) {
      tables.drop({ database: renamed.database || name.database, name: renamed.name })
      table.name = renamed.name
      if (renamed.database) table.database = renamed.database
    }
    const token = tokens.need()
    if (token.kind === 'end' || token.text === ';') break
  }
  if (!table || table.columns.length === 0) return
  const losesColumns = table.columns.some((column) => !columns.includes(column))
  if (losesColumns && table.rows.length > 0)
    table.fault ??= `line ${line}: ALTER TABLE changes columns of ${fullName(table)} behind its first rows`
  table.columns = columns
}

/** Reads up to a comma outside brackets, or the end. */
function readPart(tokens: Tokens): Token[] {
  const part: Token[] = []
  for (let depth = 0; ; ) {
    const token = tokens.peek()
    if (!token || token.kind === 'end' || token.text === ';') return part
    if (depth === 0 && isSign(token, ',')) return part
    depth += depthChange(token)
    part.push(token)
    tokens.next()
  }
}

/** Words that begin a key, a check, a constraint or a partition, not a column. */
const NO_COLUMN = /^(PRIMARY|UNIQUE|KEY|INDEX|CONSTRAINT|FOREIGN|FULLTEXT|SPATIAL|CHECK|PARTITION|SYSTEM)$/i

const withoutNoise = (part: Token[]) =>
  part.filter((token, i) => i === 0 || !isWord(token, /^(COLUMN|IF|NOT|EXISTS)$/i))

/** Applies ADD, DROP, CHANGE, MODIFY or RENAME COLUMN to the list. */
function changeColumns(part: Token[], columns: string[]): void {
  const words = withoutNoise(part)
  const [verb, first, second, third] = words
  if (!first) return
  if (isWord(verb, /^ADD$/i) && isSign(first, '(')) {
    columns.push(...columnsInBrackets(words.slice(2)))
  } else if (isWord(verb, /^ADD$/i)) {
    if (isWord(first, NO_COLUMN) || (isWord(first, /^PERIOD$/i) && isWord(second, /^FOR$/i))) return
    insertColumn(columns, first.text, words)
  } else if (isWord(verb, /^DROP$/i)) {
    if (!isWord(first, NO_COLUMN)) removeColumn(columns, first.text)
  } else if (isWord(verb, /^CHANGE$/i) && second) {
    insertColumn(columns, second.text, words, removeColumn(columns, first.text))
  } else if (isWord(verb, /^MODIFY$/i)) {
    insertColumn(columns, first.text, words, removeColumn(columns, first.text))
  } else if (isWord(verb, /^RENAME$/i) && isWord(part[1], /^COLUMN$/i) && third) {
    columns[indexOf(columns, first.text)] = third.text
  }
}

/** The table's new name, where the part is `RENAME [TO | AS] name`. */
function newName(part: Token[]): TableName | undefined {
  const words = withoutNoise(part)
  const [verb, first, , third] = words
  if (!first || !isWord(verb, /^RENAME$/i) || (isWord(part[1], /^COLUMN$/i) && third)) return undefined
  if (isWord(first, /^(INDEX|KEY)$/i)) return undefined
  const names = words.slice(isWord(first, /^(TO|AS)$/i) ? 2 : 1).filter(({ kind }) => kind !== 'sign')
  return { name: names.at(-1)?.text ?? '', database: names.length > 1 ? (names[0]?.text ?? '') : '' }
}

const indexOf = (columns: string[], name: string) =>
  columns.findIndex((column) => column.toUpperCase() === name.toUpperCase())

/** @returns where it was, or -1 */
function removeColumn(columns: string[], name: string): number {
  const at = indexOf(columns, name)
  if (at >= 0) columns.splice(at, 1)
  return at
}

/** Inserts the column where FIRST or AFTER says, or at `at`, or at the end. */
function insertColumn(columns: string[], name: string, words: Token[], at = -1): void {
  const after = words.findLastIndex((token) => isWord(token, /^AFTER$/i))
  const place = isWord(words.at(-1), /^FIRST$/i)
    ? 0
    : after > 0 && after === words.length - 2
      ? indexOf(columns, words.at(-1)?.text ?? '') + 1
      : at
  columns.splice(place < 0 ? columns.length : place, 0, name)
}

function columnsInBrackets(words: Token[]): string[] {
  const names: string[] = []
  let depth = 0
  words.forEach((token, i) => {
    const isFirstOfPart = depth === 0 && (i === 0 || words[i - 1]?.text === ',')
    if (isFirstOfPart && token.kind !== 'sign' && !NO_COLUMN.test(token.text)) names.push(token.text)
    depth += depthChange(token)
  })
  return names
}
