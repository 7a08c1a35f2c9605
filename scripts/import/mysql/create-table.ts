/** CREATE TABLE: a new table with its columns. */
import { fullName, type Tables } from './tables.ts'
import { depthChange, isWord, type Tokens } from './tokens.ts'

/** Reads what follows the words CREATE TABLE, up to the end of the statement, which it leaves. */
export function readCreateTable(tokens: Tokens, tables: Tables): void {
  let ifNotExists = false
  let first = tokens.need()
  for (; isWord(first, /^(IF|NOT|EXISTS)$/i); first = tokens.need()) ifNotExists = true
  const name = tables.readName(tokens, first)
  if (ifNotExists && tables.find(name)) return
  const readLike = () => {
    tokens.next()
    return [...(tables.find(tables.readName(tokens))?.columns ?? [])]
  }
  let columns: string[] = []
  if (isWord(tokens.peek(), /^LIKE$/i)) columns = readLike()
  else if (tokens.peek()?.text === '(') {
    tokens.next()
    columns = isWord(tokens.peek(), /^LIKE$/i) ? readLike() : readColumns(tokens)
  }
  tables.drop(name)
  const table = tables.add(name, columns)
  for (;;) {
    const token = tokens.peek()
    if (!token || token.kind === 'end' || token.text === ';') return
    if (isWord(token, /^SELECT$/i)) table.fault = `line ${tokens.line}: rows of ${fullName(table)} come from a SELECT`
    tokens.next()
  }
}

/** Words that begin a key, a check or a constraint, not a column. */
const NO_COLUMN = /^(PRIMARY|UNIQUE|KEY|INDEX|CONSTRAINT|FOREIGN|FULLTEXT|SPATIAL|CHECK|EXCLUDE)$/i

/** Reads `name type, name type, …)`, after the opening bracket. */
function readColumns(tokens: Tokens): string[] {
  const columns: string[] = []
  for (let isFirstOfPart = true, depth = 1; depth > 0; ) {
    const token = tokens.need()
    if (token.kind === 'end') throw tokens.fault('the statement ends within brackets')
    if (isFirstOfPart && depth === 1 && token.kind !== 'sign') {
      const isPeriod = isWord(token, /^PERIOD$/i) && isWord(tokens.peek(), /^FOR$/i)
      if (!isWord(token, NO_COLUMN) && !isPeriod) columns.push(token.text)
    }
    isFirstOfPart = token.kind === 'sign' && token.text === ','
    depth += depthChange(token)
  }
  return columns
}
