/**
 * Reads tables out of what mysqldump writes. Text in and out is bytes, one character each (latin1): all that has a meaning
 * in SQL is ASCII, and a value stays what it was whatever its encoding.
 *
 * No library does this: those that parse MySQL build a tree of the whole file, and none tells a dump that was cut off.
 */
import { BadFile } from './bad-file.ts'
import { shown } from './plan.ts'
import { cutOff, type Token, Tokens } from './sql-tokens.ts'

export type DumpRow = Record<string, string | null>
/** `rows` have the wanted columns, by the name that was asked for. */
export type DumpTable = { name: string; columns: string[]; rows: DumpRow[] }

/** The tables that have all the wanted columns, whatever their case. @throws BadFile for a dump that is cut off or none. */
export function readDump(sql: string, wanted: string[]): DumpTable[] {
  const tokens = new Tokens(sql)
  const tables = new Map<string, DumpTable>()
  let locked = false
  let statements = 0
  for (let first = tokens.next(); first; first = tokens.next()) {
    statements++
    const verb = first.kind === 'word' ? first.text.toUpperCase() : ''
    if (verb === 'CREATE') readCreate(tokens, tables)
    else if (verb === 'INSERT' || verb === 'REPLACE') readInsert(tokens, tables, wanted)
    else if (first.text !== ';') tokens.skipStatement()
    if (verb === 'LOCK' || verb === 'UNLOCK') locked = verb === 'LOCK'
  }
  const announced = /^(?:\/\*M!.*\n)?-- (?:MySQL|MariaDB) dump /.test(sql)
  if (statements === 0 || locked || (announced && !sql.slice(-1000).includes('-- Dump completed'))) throw cutOff()
  const found = [...tables.values()].filter(({ columns }) => positions(columns, wanted))
  const unnamed = [...tables.values()].filter(({ columns }) => columns.length === 0)
  if (found.length > 0 || unnamed.length === 0) return found
  const names = unnamed.map(({ name }) => name).join(', ')
  throw new BadFile(`the dump does not say what columns ${names} has: make it with CREATE TABLE or --complete-insert`)
}

/** Where each wanted column is; undefined unless all are there. */
function positions(columns: string[], wanted: string[]): number[] | undefined {
  const folded = columns.map((column) => column.toUpperCase())
  const found = wanted.map((column) => folded.indexOf(column.toUpperCase()))
  return found.includes(-1) ? undefined : found
}

const NO_COLUMN = /^(PRIMARY|UNIQUE|KEY|INDEX|CONSTRAINT|FOREIGN|FULLTEXT|SPATIAL|CHECK|PERIOD)$/i

/** `CREATE TABLE name (column …, …)`: the names of the columns. What else is created is passed over. */
function readCreate(tokens: Tokens, tables: Map<string, DumpTable>): void {
  let token = tokens.need()
  if (token.text.toUpperCase() === 'TABLE') {
    token = tokens.need()
    while (token.kind === 'word' && /^(IF|NOT|EXISTS)$/i.test(token.text)) token = tokens.need()
    const name = readName(tokens, token)
    tables.set(name, { name, columns: readColumns(tokens), rows: [] })
  }
  tokens.skipStatement()
}

/** The first word of each part of `(…, …)` that is no key or check. */
function readColumns(tokens: Tokens): string[] {
  const columns: string[] = []
  let depth = tokens.need().text === '(' ? 1 : 0
  for (let begins = true; depth > 0; ) {
    const { kind, text } = tokens.need()
    if (begins && depth === 1 && kind !== 'sign' && !(kind === 'word' && NO_COLUMN.test(text))) columns.push(text)
    begins = kind === 'sign' && text === ','
    if (kind === 'sign') depth += text === '(' ? 1 : text === ')' ? -1 : 0
  }
  return columns
}

/** A name, perhaps after that of its database. */
function readName(tokens: Tokens, first: Token): string {
  let name = first.text
  while (tokens.peek()?.text === '.') {
    tokens.next()
    name = tokens.need().text
  }
  return name
}

/** `INSERT INTO name [(column, …)] VALUES (value, …), …;`: the rows of a table that has what is wanted. */
function readInsert(tokens: Tokens, tables: Map<string, DumpTable>, wanted: string[]): void {
  let token = tokens.need()
  while (token.kind === 'word' && /^(INTO|IGNORE|LOW_PRIORITY|DELAYED|HIGH_PRIORITY)$/i.test(token.text)) {
    token = tokens.need()
  }
  const name = readName(tokens, token)
  const table = tables.get(name) ?? { name, columns: [], rows: [] }
  let columns = table.columns
  token = tokens.need()
  if (token.text === '(') {
    columns = []
    for (token = tokens.need(); token.text !== ')'; token = tokens.need()) {
      if (token.kind !== 'sign') columns.push(token.text)
    }
    token = tokens.need()
  }
  if (table.columns.length === 0) tables.set(name, { ...table, columns })

  const at = positions(columns, wanted)
  while (at && /^(VALUES?|,)$/i.test(token.text)) {
    tokens.expect('(')
    const values = readValues(tokens)
    if (values.length !== columns.length) {
      throw tokens.fault(`a row of ${name} has ${values.length} values for ${columns.length} columns`)
    }
    table.rows.push(Object.fromEntries(wanted.map((column, i) => [column, values[at[i] as number] ?? null])))
    token = tokens.need()
  }
  if (token.text !== ';') tokens.skipStatement()
}

function readValues(tokens: Tokens): (string | null)[] {
  const values: (string | null)[] = []
  for (;;) {
    let token = tokens.need()
    // MySQL's word for how the text after it is encoded.
    if (token.kind === 'word' && token.text.startsWith('_')) token = tokens.need()
    if (token.kind === 'sign') throw tokens.fault(`there is no value where one should be`)
    values.push(literal(token))
    const { text } = tokens.need()
    if (text === ')') return values
    if (text !== ',') throw tokens.fault(`${shown(text)} where a comma should be`)
  }
}

function literal({ kind, text }: Token): string | null {
  if (kind !== 'word') return text
  if (/^0x/i.test(text)) return text.slice(2).replace(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16)))
  return /^NULL$/i.test(text) ? null : text
}
