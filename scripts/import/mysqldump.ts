/**
 * Reads tables out of a dump of MySQL or MariaDB, as a stream. Text in and out is bytes, one character each (latin1); values
 * come out as UTF-8. What cannot be placed makes the whole file refused, and nothing is ever made of code.
 */
import { BadFile } from './bad-file.ts'
import { toUtf8 } from './charset.ts'
import { DumpEnd } from './dump-end.ts'
import { Session } from './dump-session.ts'
import {
  type DumpTable,
  listTables,
  nameFrom,
  nameOf,
  readAlterTable,
  readCreateTable,
  requireKnown,
  Tables,
} from './dump-tables.ts'
import { shown } from './plan.ts'
import { skipCode } from './sql-code.ts'
import { cutOff, Tokens } from './sql-tokens.ts'
import { readValue, type Value } from './sql-values.ts'

/** @param numbers those of the wanted columns in which a hexadecimal or bit literal is a number */
export type Wanted = { columns: string[]; numbers: string[]; table?: string | undefined }

/** Statements that change no row of a table that is read, or none that anybody could miss. */
const HARMLESS =
  /^(SELECT|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|START|LOCK|UNLOCK|ANALYZE|OPTIMIZE|CHECK|REPAIR|CHECKSUM|FLUSH|RESET|SHOW|GRANT|REVOKE|CHANGE|PURGE|STOP|INSTALL|UNINSTALL|HELP|KILL|DO|DESCRIBE|EXPLAIN)$/

/** What a client or a dump tool says on the terminal, and `2>&1` puts into the file. */
const SAID = /^(mysqldump|mariadb|warning|enter)$/i

/** The one table that is meant. @throws BadFile for a dump that is cut off or none, or where it is not clear which. */
export function readDump(chunks: Iterable<string>, wanted: Wanted): DumpTable {
  const reader = new DumpReader(chunks, wanted)
  return reader.read()
}

class DumpReader {
  readonly #end = new DumpEnd()
  readonly #tokens: Tokens
  readonly #session: Session
  readonly #tables = new Tables()
  readonly #wanted: Wanted
  #statements = 0

  constructor(chunks: Iterable<string>, wanted: Wanted) {
    this.#tokens = new Tokens(chunks, (comment) => this.#end.noteComment(comment))
    this.#session = new Session(this.#tokens)
    this.#wanted = wanted
  }

  read(): DumpTable {
    for (let first = this.#tokens.next(); first; first = this.#tokens.next()) {
      if (first.kind === 'end' || first.text === ';') continue
      if (first.kind !== 'word' && first.text !== '(') throw this.#misplaced(first.text)
      this.#readStatement(first.text)
    }
    this.#end.require(this.#statements, this.#session.unrestored)
    return this.#choose()
  }

  #readStatement(word: string): void {
    const tokens = this.#tokens
    const verb = word.toUpperCase()
    if (verb === 'DELIMITER') {
      this.#readDelimiter()
      return
    }
    if (SAID.test(word)) {
      this.#readSaid(word)
      return
    }
    this.#statements++
    this.#end.noteStatement(verb)
    if (verb === 'INSERT' || verb === 'REPLACE') this.#readInsert()
    else if (verb === 'CREATE') this.#readCreate()
    else if (verb === 'ALTER') this.#readAlter()
    else if (verb === 'SET') this.#session.readSet()
    else if (verb === 'USE') {
      this.#tables.database = nameFrom(tokens, tokens.need())
      this.#skip()
    } else if (verb === 'DROP') this.#readDrop()
    else if (verb === 'RENAME') this.#readRename()
    else if (verb === 'TRUNCATE' || verb === 'DELETE') this.#readDelete(verb)
    else if (verb === 'UPDATE') this.#readUpdate()
    else if (verb === 'LOAD' || verb === 'WITH') this.#markAll(`${verb} may change rows that were read`)
    else if (verb === 'BEGIN') this.#readBegin()
    else if (HARMLESS.test(verb)) {
      if (verb === 'START' && /^TRANSACTION$/i.test(tokens.peek()?.text ?? '')) this.#end.noteTransaction()
      this.#skip()
    } else throw this.#misplaced(word)
  }

  #misplaced(text: string): BadFile {
    if (this.#tokens.peek() === undefined) return cutOff('its last statement does not end')
    return this.#tokens.fault(`no statement of a dump begins with ${shown(text)}`)
  }

  /** To the end of the statement: what stands in it has no meaning here. */
  #skip(): void {
    for (let token = this.#tokens.need(); token.kind !== 'end' && !(token.kind === 'sign' && token.text === ';'); )
      token = this.#tokens.need()
  }

  #readDelimiter(): void {
    const [delimiter = ''] = this.#tokens.restOfLine().split(/\s/)
    if (delimiter === '') throw this.#tokens.fault('DELIMITER without one')
    this.#tokens.delimiter = delimiter
  }

  #readSaid(word: string): void {
    const { line } = this.#tokens
    const said = this.#tokens.restOfLine()
    if (/error|couldn't|failed|denied|lost connection/i.test(said) || !/warning|password|deprecated/i.test(word + said))
      throw new BadFile(`line ${line}: the dump tool wrote a message of its own here: ${shown(word + said)}`)
  }

  #readBegin(): void {
    const next = this.#tokens.peek()
    const isWord = next?.kind === 'word'
    if (isWord && /^NOT$/i.test(next.text)) skipCode(this.#tokens, ['BEGIN'])
    else if (next?.kind === 'end' || (isWord && /^WORK$/i.test(next.text))) {
      this.#end.noteTransaction()
      this.#skip()
    } else throw this.#tokens.fault('BEGIN of code that belongs to no procedure')
  }

  #readCreate(): void {
    for (let token = this.#tokens.need(); token.kind !== 'end'; token = this.#tokens.need()) {
      if (token.kind !== 'word') continue
      if (/^TABLE$/i.test(token.text)) {
        readCreateTable(this.#tokens, this.#tables)
        this.#skip()
        return
      }
      if (/^(PROCEDURE|FUNCTION|TRIGGER|EVENT|PACKAGE)$/i.test(token.text)) {
        skipCode(this.#tokens)
        return
      }
      if (/^(VIEW|INDEX|DATABASE|SCHEMA|USER|ROLE|SERVER|SEQUENCE|TABLESPACE|LOGFILE)$/i.test(token.text)) {
        this.#skip()
        return
      }
    }
  }

  #readAlter(): void {
    for (let token = this.#tokens.need(); token.kind !== 'end'; token = this.#tokens.need()) {
      if (token.kind !== 'word') continue
      if (/^TABLE$/i.test(token.text)) {
        readAlterTable(this.#tokens, this.#tables)
        return
      }
      if (/^(PROCEDURE|FUNCTION|TRIGGER|EVENT)$/i.test(token.text)) {
        skipCode(this.#tokens)
        return
      }
      if (/^(VIEW|DATABASE|SCHEMA|USER|SERVER|SEQUENCE|TABLESPACE|INSTANCE)$/i.test(token.text)) {
        this.#skip()
        return
      }
    }
  }

  #readDrop(): void {
    let token = this.#tokens.need()
    while (token.kind === 'word' && /^TEMPORARY$/i.test(token.text)) token = this.#tokens.need()
    const what = token.text.toUpperCase()
    if (!/^(TABLE|TABLES|VIEW|DATABASE|SCHEMA)$/.test(what)) {
      if (token.kind !== 'end') this.#skip()
      return
    }
    token = this.#tokens.need()
    while (token.kind === 'word' && /^(IF|EXISTS)$/i.test(token.text)) token = this.#tokens.need()
    for (;;) {
      const { database, name } = this.#tables.readName(this.#tokens, token)
      if (/^(DATABASE|SCHEMA)$/.test(what)) this.#tables.dropDatabase(name)
      else this.#tables.drop(database, name)
      if (this.#tokens.peek()?.text !== ',') {
        this.#skip()
        return
      }
      this.#tokens.next()
      token = this.#tokens.need()
    }
  }

  #readRename(): void {
    if (!/^TABLES?$/i.test(this.#tokens.need().text)) {
      this.#skip()
      return
    }
    do {
      const from = this.#tables.readName(this.#tokens)
      if (!/^TO$/i.test(this.#tokens.need().text)) throw this.#tokens.fault('RENAME TABLE without TO')
      const to = this.#tables.readName(this.#tokens)
      const table = this.#tables.find(from.database, from.name)
      if (table) Object.assign(table, to)
    } while (this.#tokens.peek()?.text === ',' && this.#tokens.next())
    this.#skip()
  }

  /** Empties a table, unless it says which rows: that nobody knows without a server. */
  #readDelete(verb: string): void {
    let token = this.#tokens.need()
    while (token.kind === 'word' && /^(TABLE|FROM|LOW_PRIORITY|QUICK|IGNORE)$/i.test(token.text))
      token = this.#tokens.need()
    const { database, name } = this.#tables.readName(this.#tokens, token)
    const table = this.#tables.find(database, name)
    const all = this.#tokens.peek()?.kind === 'end' || verb === 'TRUNCATE'
    if (table && all) table.rows = []
    else if (table && table.rows.length > 0) table.fault ??= this.#at(`DELETE takes rows of ${nameOf(table)} away`)
    this.#skip()
  }

  #readUpdate(): void {
    let token = this.#tokens.need()
    while (token.kind === 'word' && /^(LOW_PRIORITY|IGNORE)$/i.test(token.text)) token = this.#tokens.need()
    const { database, name } = this.#tables.readName(this.#tokens, token)
    const table = this.#tables.find(database, name)
    if (!/^SET$/i.test(this.#tokens.peek()?.text ?? '')) {
      this.#markAll('UPDATE may change rows that were read')
      return
    }
    if (table && table.rows.length > 0) table.fault ??= this.#at(`UPDATE changes rows of ${nameOf(table)}`)
    this.#skip()
  }

  #markAll(why: string): void {
    for (const table of this.#tables.all) if (table.rows.length > 0) table.fault ??= this.#at(why)
    this.#skip()
  }

  #at(what: string): string {
    return this.#tokens.fault(what).message
  }

  /** Where each wanted column is; undefined unless all are there. */
  #positions(columns: string[]): number[] | undefined {
    const folded = columns.map((column) => column.toUpperCase())
    const found = this.#wanted.columns.map((column) => folded.indexOf(column.toUpperCase()))
    return found.includes(-1) ? undefined : found
  }

  /** `INSERT INTO name [(column, …)] VALUES (value, …), …` or `SET column = value, …`. */
  #readInsert(): void {
    const tokens = this.#tokens
    let token = tokens.need()
    while (token.kind === 'word' && /^(INTO|IGNORE|LOW_PRIORITY|DELAYED|HIGH_PRIORITY)$/i.test(token.text))
      token = tokens.need()
    const { database, name } = this.#tables.readName(tokens, token)
    const table = this.#tables.find(database, name) ?? this.#tables.add(database, name, [])
    const known = table.columns
    let columns = known
    token = tokens.need()
    if (token.kind === 'word' && /^PARTITION$/i.test(token.text)) {
      tokens.expect('(')
      this.#readNames()
      token = tokens.need()
    }
    if (token.text === '(' && token.kind === 'sign') {
      const next = tokens.peek()
      if (next?.kind === 'word' && /^(SELECT|WITH)$/i.test(next.text)) token = next
      else {
        const listed = this.#readNames()
        columns = listed.length > 0 ? listed : known
        token = tokens.need()
      }
    }
    if (token.kind === 'word' && /^SET$/i.test(token.text)) {
      this.#readInsertSet(table, known)
      return
    }
    if (known.length === 0) table.columns = columns
    if (!(token.kind === 'word' && /^VALUES?$/i.test(token.text))) {
      table.fault ??= this.#at(`rows of ${nameOf(table)} come from a ${shown(token.text)}, not from VALUES`)
      if (token.kind !== 'end') this.#skip()
      return
    }
    const at = this.#positions(columns)
    if (!at) {
      table.passedOver ??= this.#at(
        columns.length === 0
          ? `the dump does not say what columns ${nameOf(table)} has: make it with CREATE TABLE or --complete-insert`
          : `rows of ${nameOf(table)} have only ${columns.join(', ')}`,
      )
      this.#skip()
      return
    }
    do {
      if (tokens.peek()?.kind === 'word' && /^ROW$/i.test(tokens.peek()?.text ?? '')) tokens.next()
      tokens.expect('(')
      this.#readRow(table, columns, at)
    } while (tokens.peek()?.text === ',' && tokens.next())
    this.#endInsert()
  }

  #readNames(): string[] {
    const names: string[] = []
    for (let token = this.#tokens.need(); token.text !== ')' || token.kind !== 'sign'; token = this.#tokens.need()) {
      if (token.kind === 'end') throw this.#tokens.fault('the statement ends within brackets')
      // Of accounts.token the last word is the column.
      if (token.kind === 'sign' && token.text === '.') names.pop()
      else if (token.kind !== 'sign') names.push(nameFrom(this.#tokens, token))
    }
    return names
  }

  /** The values of a row, behind its bracket. */
  #readRow(table: DumpTable, columns: string[], at: number[]): void {
    const values: (Value | undefined)[] = []
    for (;;) {
      const value = readValue(this.#tokens)
      const { text } = this.#tokens.need()
      const empty = text === ')' && values.length === 0
      if (!value && !empty) throw this.#tokens.fault('there is no value where one should be')
      if (value) values.push(value)
      if (text === ')') break
      if (text !== ',') throw this.#tokens.fault(`${shown(text)} where a comma should be`)
    }
    if (values.length !== columns.length)
      throw this.#tokens.fault(`a row of ${table.name} has ${values.length} values for ${columns.length} columns`)
    this.#add(
      table,
      at.map((i) => values[i]),
    )
  }

  #readInsertSet(table: DumpTable, known: string[]): void {
    const values = new Map<string, Value>()
    do {
      const names = this.#tables.readName(this.#tokens)
      if (this.#tokens.peek()?.text === ':') this.#tokens.next()
      this.#tokens.expect('=')
      const value = readValue(this.#tokens)
      if (!value) throw this.#tokens.fault('there is no value where one should be')
      values.set(names.name.toUpperCase(), value)
    } while (this.#tokens.peek()?.text === ',' && this.#tokens.next())
    const columns = [...values.keys()]
    if (known.length === 0) table.columns = columns
    const at = this.#positions(columns)
    if (at)
      this.#add(
        table,
        this.#wanted.columns.map((column) => values.get(column.toUpperCase())),
      )
    else table.passedOver ??= this.#at(`a row of ${nameOf(table)} has only ${columns.join(', ')}`)
    this.#endInsert()
  }

  #add(table: DumpTable, values: (Value | undefined)[]): void {
    table.rows.push(values.map((value, i) => this.#bytesOf(value as Value, table, this.#wanted.columns[i] as string)))
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
    return text === undefined ? null : detached(text)
  }

  #endInsert(): void {
    const token = this.#tokens.peek()
    if (token?.kind === 'end' || token?.text === ';') this.#tokens.next()
    else if (token?.kind === 'word' && /^(ON|AS|RETURNING)$/i.test(token.text)) this.#skip()
    else if (token) throw this.#tokens.fault(`${shown(token.text)} where a comma or the end of the statement should be`)
    else this.#tokens.need()
  }

  #choose(): DumpTable {
    const all = this.#tables.all
    const { columns, table: wanted } = this.#wanted
    const named = wanted?.toLowerCase()
    const meant = all.filter(
      (table) => named === undefined || named === table.name.toLowerCase() || named === nameOf(table).toLowerCase(),
    )
    const candidates = meant.filter((table) => this.#positions(table.columns) || table.fault)
    const complete = candidates.filter((table) => this.#positions(table.columns))
    const [table] = complete
    if (!table) {
      const unknown = meant.find(({ columns: known, passedOver }) => known.length === 0 && passedOver)
      if (unknown?.passedOver) throw new BadFile(unknown.passedOver)
      const which = wanted === undefined ? '' : ` ${shown(wanted)}`
      throw new BadFile(
        `it has no table${which} with the columns ${columns.join(', ')}; it has ${listTables(all)}: --columns says which is which`,
      )
    }
    if (complete.length > 1)
      throw new BadFile(
        `it has several tables with these columns, ${complete.map(nameOf).join(' and ')}: say which one with --table`,
      )
    requireKnown(table)
    return table
  }
}

/** A copy that does not hold on to the piece of the file that it was cut out of. */
const detached = (text: string): string => (text.length < 13 ? text : JSON.parse(JSON.stringify(text)))
