/** INSERT and REPLACE: the rows of a table, in every form that a dump may have. */
import { shown } from '../plan.ts'
import { toUtf8 } from './charset.ts'
import type { Session } from './session.ts'
import { type DumpTable, fullName, nameFrom, type Tables } from './tables.ts'
import { isSign, isWord, type Token, type Tokens } from './tokens.ts'
import { readValue, type Value } from './values.ts'
import { positionsOf, type Wanted } from './wanted.ts'

export class InsertReader {
  readonly #tokens: Tokens
  readonly #tables: Tables
  readonly #session: Session
  readonly #wanted: Wanted

  constructor(tokens: Tokens, tables: Tables, session: Session, wanted: Wanted) {
    this.#tokens = tokens
    this.#tables = tables
    this.#session = session
    this.#wanted = wanted
  }

  /** `INSERT INTO name [(column, …)] VALUES (value, …), …` or `INSERT INTO name SET column = value, …`. */
  read(): void {
    const tokens = this.#tokens
    const first = tokens.needAfter(/^(INTO|IGNORE|LOW_PRIORITY|DELAYED|HIGH_PRIORITY)$/i)
    const name = this.#tables.readName(tokens, first)
    const table = this.#tables.find(name) ?? this.#tables.add(name, [])
    const listed = this.#readColumnList()
    if (isWord(listed.next, /^SET$/i)) {
      this.#readAssignments(table)
      return
    }
    const columns = listed.columns ?? table.columns
    if (table.columns.length === 0) table.columns = columns
    if (!isWord(listed.next, /^VALUES?$/i)) {
      table.fault ??= this.#at(`rows of ${fullName(table)} come from a ${shown(listed.next.text)}, not from VALUES`)
      if (listed.next.kind !== 'end') tokens.skipStatement()
      return
    }
    const positions = positionsOf(this.#wanted, columns)
    if (positions) this.#readRows(table, columns, positions)
    else {
      table.skipped ??= this.#at(
        columns.length === 0
          ? `the dump does not say what columns ${fullName(table)} has: make it with CREATE TABLE or --complete-insert`
          : `rows of ${fullName(table)} have only ${columns.join(', ')}`,
      )
      tokens.skipStatement()
    }
  }

  /** `[PARTITION (name, …)] [(column, …)]`, and the token after them. */
  #readColumnList(): { columns?: string[]; next: Token } {
    const tokens = this.#tokens
    let next = tokens.need()
    if (isWord(next, /^PARTITION$/i)) {
      tokens.expect('(')
      this.#readNames()
      next = tokens.need()
    }
    if (!isSign(next, '(')) return { next }
    const inside = tokens.peek()
    if (inside && isWord(inside, /^(SELECT|WITH)$/i)) return { next: inside }
    const columns = this.#readNames()
    next = tokens.need()
    return columns.length > 0 ? { columns, next } : { next }
  }

  /** Names separated by commas, up to the closing bracket. */
  #readNames(): string[] {
    const names: string[] = []
    for (let token = this.#tokens.need(); !isSign(token, ')'); token = this.#tokens.need()) {
      if (token.kind === 'end') throw this.#tokens.fault('the statement ends within brackets')
      // In accounts.token the last word is the column.
      if (isSign(token, '.')) names.pop()
      else if (token.kind !== 'sign') names.push(nameFrom(this.#tokens, token))
    }
    return names
  }

  #readRows(table: DumpTable, columns: string[], positions: number[]): void {
    const tokens = this.#tokens
    do {
      if (isWord(tokens.peek(), /^ROW$/i)) tokens.next()
      tokens.expect('(')
      const values = this.#readRow()
      if (values.length !== columns.length)
        throw tokens.fault(`a row of ${table.name} has ${values.length} values for ${columns.length} columns`)
      this.#addRow(
        table,
        positions.map((i) => values[i] as Value),
      )
    } while (tokens.skipComma())
    this.#readEnd()
  }

  /** The values of one row, after its opening bracket. */
  #readRow(): Value[] {
    const values: Value[] = []
    for (;;) {
      const value = readValue(this.#tokens)
      const { text } = this.#tokens.need()
      const isEmptyRow = text === ')' && values.length === 0
      if (!value && !isEmptyRow) throw this.#tokens.fault('there is no value where one should be')
      if (value) values.push(value)
      if (text === ')') return values
      if (text !== ',') throw this.#tokens.fault(`${shown(text)} where a comma should be`)
    }
  }

  #readAssignments(table: DumpTable): void {
    const values = new Map<string, Value>()
    do {
      const { name } = this.#tables.readName(this.#tokens)
      if (this.#tokens.peek()?.text === ':') this.#tokens.next()
      this.#tokens.expect('=')
      const value = readValue(this.#tokens)
      if (!value) throw this.#tokens.fault('there is no value where one should be')
      values.set(name.toUpperCase(), value)
    } while (this.#tokens.skipComma())
    const columns = [...values.keys()]
    if (table.columns.length === 0) table.columns = columns
    if (positionsOf(this.#wanted, columns))
      this.#addRow(
        table,
        this.#wanted.columns.map((column) => values.get(column.toUpperCase()) as Value),
      )
    else table.skipped ??= this.#at(`a row of ${fullName(table)} has only ${columns.join(', ')}`)
    this.#readEnd()
  }

  #addRow(table: DumpTable, values: Value[]): void {
    table.rows.push(values.map((value, i) => this.#bytesOf(value, table, this.#wanted.columns[i] as string)))
  }

  #bytesOf(value: Value, table: DumpTable, column: string): string | null {
    if (value.kind === 'null') return null
    if (value.kind === 'bytes') return this.#wanted.numbers.includes(column) ? value.number : value.bytes
    if (value.kind === 'expression') {
      table.fault ??= this.#at(`${column} is ${value.what}, which cannot be read`)
      return null
    }
    const charset = value.charset ?? this.#session.charset
    const text = toUtf8(value.bytes, charset)
    if (text === undefined)
      table.fault ??= this.#at(`texts in ${charset} cannot be read: make the dump with --default-character-set=utf8mb4`)
    return text === undefined ? null : copied(text)
  }

  #readEnd(): void {
    const token = this.#tokens.peek()
    if (token?.kind === 'end' || token?.text === ';') this.#tokens.next()
    else if (isWord(token, /^(ON|AS|RETURNING)$/i)) this.#tokens.skipStatement()
    else if (token) throw this.#tokens.fault(`${shown(token.text)} where a comma or the end of the statement should be`)
    else this.#tokens.need()
  }

  #at(what: string): string {
    return this.#tokens.fault(what).message
  }
}

/** V8's slices keep their whole source in memory, here a chunk of the file. A text under 13 characters is always copied. */
const copied = (text: string): string => (text.length < 13 ? text : JSON.parse(JSON.stringify(text)))
