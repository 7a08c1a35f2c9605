/** The tables of a dump: their columns, as CREATE TABLE and ALTER TABLE say them, and their rows. */
import { BadFile } from './bad-file.ts'
import type { Token, Tokens } from './sql-tokens.ts'

export type DumpRow = (string | null)[]

export type DumpTable = {
  /** '' where the dump does not say which. */
  database: string
  name: string
  /** Empty where the dump does not say them. */
  columns: string[]
  /** The wanted columns only, in their order. */
  rows: DumpRow[]
  /** Where rows were passed over because a wanted column was missing. */
  passedOver?: string
  /** Why this table's rows cannot be known. */
  fault?: string
}

export const nameOf = ({ database, name }: Pick<DumpTable, 'database' | 'name'>) =>
  database === '' ? name : `${database}.${name}`

export class Tables {
  #all: DumpTable[] = []
  /** As USE says. */
  database = ''

  get all(): DumpTable[] {
    return this.#all
  }

  /** Exactly this name, or else the only one that differs in case. */
  find(database: string, name: string): DumpTable | undefined {
    const fold = (text: string) => text.toLowerCase()
    const alike = this.#all.filter(
      (table) => fold(table.name) === fold(name) && fold(table.database) === fold(database),
    )
    const exact = alike.find((table) => table.name === name && table.database === database)
    return exact ?? (alike.length === 1 ? alike[0] : undefined)
  }

  add(database: string, name: string, columns: string[]): DumpTable {
    const table = { database, name, columns, rows: [] }
    this.#all.push(table)
    return table
  }

  drop(database: string, name: string): void {
    const table = this.find(database, name)
    this.#all = this.#all.filter((one) => one !== table)
  }

  dropDatabase(name: string): void {
    this.#all = this.#all.filter(({ database }) => database !== name)
  }

  /** A table's name, perhaps behind that of its database. */
  readName(tokens: Tokens, first = tokens.need()): { database: string; name: string } {
    const words = [nameFrom(tokens, first)]
    while (tokens.peek()?.text === '.') {
      tokens.next()
      words.push(nameFrom(tokens, tokens.need()))
    }
    const [name = '', database = this.database] = words.reverse()
    return { database, name }
  }
}

export function nameFrom(tokens: Tokens, { kind, text }: Token): string {
  if (kind === 'name' || kind === 'word' || kind === 'double') return text
  throw tokens.fault(`${JSON.stringify(text.slice(0, 40))} where a name should be`)
}

const isWord = (token: Token | undefined, words: RegExp) => token?.kind === 'word' && words.test(token.text)

const NO_COLUMN = /^(PRIMARY|UNIQUE|KEY|INDEX|CONSTRAINT|FOREIGN|FULLTEXT|SPATIAL|CHECK|EXCLUDE)$/i

/** `CREATE TABLE`, behind these words. Leaves what stands behind the columns. */
export function readCreateTable(tokens: Tokens, tables: Tables): void {
  let exists = false
  let first = tokens.need()
  for (; isWord(first, /^(IF|NOT|EXISTS)$/i); first = tokens.need()) exists = true
  const { database, name } = tables.readName(tokens, first)
  // IF NOT EXISTS leaves alone what is there.
  if (exists && tables.find(database, name)) return
  const like = () => {
    tokens.next()
    const model = tables.readName(tokens)
    return tables.find(model.database, model.name)?.columns ?? []
  }
  let columns: string[] = []
  if (isWord(tokens.peek(), /^LIKE$/i)) columns = [...like()]
  else if (tokens.peek()?.text === '(') {
    tokens.next()
    columns = isWord(tokens.peek(), /^LIKE$/i) ? [...like()] : readColumns(tokens)
  }
  tables.drop(database, name)
  const table = tables.add(database, name, columns)
  for (;;) {
    const token = tokens.peek()
    if (!token || token.kind === 'end' || token.text === ';') return
    if (isWord(token, /^SELECT$/i)) table.fault = `line ${tokens.line}: rows of ${nameOf(table)} come from a SELECT`
    tokens.next()
  }
}

/** The first word of each part of `(…, …)` that is no key or check, behind the bracket. */
function readColumns(tokens: Tokens): string[] {
  const columns: string[] = []
  for (let begins = true, depth = 1; depth > 0; ) {
    const token = tokens.need()
    if (token.kind === 'end') throw tokens.fault('the statement ends within brackets')
    if (begins && depth === 1 && token.kind !== 'sign') {
      const period = isWord(token, /^PERIOD$/i) && isWord(tokens.peek(), /^FOR$/i)
      if (!(token.kind === 'word' && NO_COLUMN.test(token.text)) && !period) columns.push(token.text)
    }
    begins = token.kind === 'sign' && token.text === ','
    if (token.kind === 'sign') depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0
  }
  return columns
}

const NO_ADDED_COLUMN = /^(PRIMARY|UNIQUE|KEY|INDEX|CONSTRAINT|FOREIGN|FULLTEXT|SPATIAL|CHECK|PARTITION|SYSTEM)$/i

/** `ALTER TABLE`, behind these words, to its end. */
export function readAlterTable(tokens: Tokens, tables: Tables): void {
  let first = tokens.need()
  while (isWord(first, /^(IF|EXISTS)$/i)) first = tokens.need()
  const { database, name } = tables.readName(tokens, first)
  const table = tables.find(database, name)
  const line = tokens.line
  const columns = table?.columns.slice() ?? []
  for (;;) {
    const part = readPart(tokens)
    change(part, columns, (renamed) => {
      if (!table) return
      tables.drop(renamed.database || database, renamed.name)
      table.name = renamed.name
      if (renamed.database) table.database = renamed.database
    })
    const token = tokens.need()
    if (token.kind === 'end' || token.text === ';') break
  }
  if (!table || table.columns.length === 0) return
  const lost = table.columns.some((column) => !columns.includes(column))
  if (lost && table.rows.length > 0)
    table.fault ??= `line ${line}: ALTER TABLE changes columns of ${nameOf(table)} behind its first rows`
  table.columns = columns
}

/** Up to the comma or the end, with what stands in brackets. */
function readPart(tokens: Tokens): Token[] {
  const part: Token[] = []
  for (let depth = 0; ; ) {
    const token = tokens.peek()
    if (!token || token.kind === 'end' || token.text === ';') return part
    if (token.kind === 'sign') {
      if (depth === 0 && token.text === ',') return part
      depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0
    }
    part.push(token)
    tokens.next()
  }
}

function change(part: Token[], columns: string[], rename: (to: { database: string; name: string }) => void): void {
  const words = part.filter((token, i) => i === 0 || !isWord(token, /^(COLUMN|IF|NOT|EXISTS)$/i))
  const [verb, first, second, third] = words
  const is = (token: Token | undefined, pattern: RegExp) => isWord(token, pattern)
  if (!first) return
  if (is(verb, /^ADD$/i) && first.text === '(' && first.kind === 'sign') {
    for (const column of inBrackets(words.slice(2))) columns.push(column)
  } else if (is(verb, /^ADD$/i)) {
    if (is(first, NO_ADDED_COLUMN) || (is(first, /^PERIOD$/i) && is(second, /^FOR$/i))) return
    put(columns, first.text, words)
  } else if (is(verb, /^DROP$/i)) {
    if (!is(first, NO_ADDED_COLUMN)) take(columns, first.text)
  } else if (is(verb, /^CHANGE$/i) && second) {
    const at = take(columns, first.text)
    put(columns, second.text, words, at)
  } else if (is(verb, /^MODIFY$/i)) {
    const at = take(columns, first.text)
    put(columns, first.text, words, at)
  } else if (is(verb, /^RENAME$/i)) {
    if (isWord(part[1], /^COLUMN$/i) && third) columns[indexOf(columns, first.text)] = third.text
    else if (!is(first, /^(INDEX|KEY)$/i)) {
      const names = words.slice(is(first, /^(TO|AS)$/i) ? 2 : 1).filter(({ kind }) => kind !== 'sign')
      rename({ name: names.at(-1)?.text ?? '', database: names.length > 1 ? (names[0]?.text ?? '') : '' })
    }
  }
}

const indexOf = (columns: string[], name: string) =>
  columns.findIndex((column) => column.toUpperCase() === name.toUpperCase())

function take(columns: string[], name: string): number {
  const at = indexOf(columns, name)
  if (at >= 0) columns.splice(at, 1)
  return at
}

/** Where FIRST or AFTER says, or else where it was, or at the end. */
function put(columns: string[], name: string, words: Token[], at = -1): void {
  const after = words.findLastIndex((token) => isWord(token, /^AFTER$/i))
  const place = isWord(words.at(-1), /^FIRST$/i)
    ? 0
    : after > 0 && after === words.length - 2
      ? indexOf(columns, words.at(-1)?.text ?? '') + 1
      : at
  columns.splice(place < 0 ? columns.length : place, 0, name)
}

function inBrackets(words: Token[]): string[] {
  const names: string[] = []
  let depth = 0
  words.forEach(({ kind, text }, i) => {
    if (depth === 0 && (i === 0 || words[i - 1]?.text === ',') && kind !== 'sign' && !NO_ADDED_COLUMN.test(text))
      names.push(text)
    if (kind === 'sign') depth += text === '(' ? 1 : text === ')' ? -1 : 0
  })
  return names
}

/** One line that names what tables there are. */
export function listTables(tables: DumpTable[]): string {
  if (tables.length === 0) return 'none'
  const listed = tables
    .slice(0, 10)
    .map((table) => `${nameOf(table)} (${table.columns.slice(0, 20).join(', ') || 'columns unknown'})`)
  return listed.join(', ') + (tables.length > 10 ? `, and ${tables.length - 10} more` : '')
}

/** @throws BadFile for rows of this table that cannot be known. */
export function requireKnown(table: DumpTable): void {
  const fault = table.fault ?? table.passedOver
  if (fault) throw new BadFile(fault)
}
