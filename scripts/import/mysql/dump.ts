/**
 * Reads one table out of a dump of MySQL or MariaDB, as a stream. Bytes in, one character each (latin1); values come out as
 * UTF-8 bytes. A statement that is not understood makes the whole file refused, and no code in the dump is executed.
 */
import { BadFile, cutOff } from '../bad-file.ts'
import { shown } from '../plan.ts'
import { readAlterTable } from './alter-table.ts'
import { readCreateTable } from './create-table.ts'
import { DumpEnd } from './dump-end.ts'
import { InsertReader } from './insert.ts'
import { Session } from './session.ts'
import { skipCode } from './stored-code.ts'
import { readDelete, readDrop, readLoad, readRename, readUnknownChange, readUpdate } from './table-changes.ts'
import { type DumpTable, nameFrom, Tables } from './tables.ts'
import { isWord, Tokens } from './tokens.ts'
import { chooseTable, type Wanted } from './wanted.ts'

/** Statements that change no row of the tables here, and can be skipped. */
const HARMLESS =
  /^(SELECT|COMMIT|SAVEPOINT|RELEASE|START|LOCK|UNLOCK|ANALYZE|OPTIMIZE|CHECK|REPAIR|CHECKSUM|FLUSH|RESET|SHOW|GRANT|REVOKE|CHANGE|PURGE|STOP|INSTALL|UNINSTALL|HELP|KILL|DO|DESCRIBE|EXPLAIN)$/

/** Messages of a client or a dump tool, which `2>&1` puts into the file. */
const TOOL_MESSAGE = /^(mysqldump|mariadb|warning|enter)$/i

/** @throws BadFile if the dump is cut off or not understood, or if it is not clear which table is wanted. */
export function readDump(chunks: Iterable<string>, wanted: Wanted): DumpTable {
  return new DumpReader(chunks, wanted).read()
}

class DumpReader {
  readonly #end = new DumpEnd()
  readonly #tables = new Tables()
  readonly #tokens: Tokens
  readonly #session: Session
  readonly #insert: InsertReader
  readonly #wanted: Wanted
  #statements = 0

  constructor(chunks: Iterable<string>, wanted: Wanted) {
    this.#tokens = new Tokens(chunks, (comment) => this.#end.noteComment(comment))
    this.#session = new Session(this.#tokens)
    this.#insert = new InsertReader(this.#tokens, this.#tables, this.#session, wanted)
    this.#wanted = wanted
  }

  read(): DumpTable {
    for (let first = this.#tokens.next(); first; first = this.#tokens.next()) {
      if (first.kind === 'end' || first.text === ';') continue
      if (first.kind !== 'word' && first.text !== '(') throw this.#notUnderstood(first.text)
      this.#readStatement(first.text)
    }
    this.#end.require(this.#statements, this.#session.unrestored)
    return chooseTable(this.#tables.all, this.#wanted)
  }

  #readStatement(word: string): void {
    const [tokens, tables] = [this.#tokens, this.#tables]
    const verb = word.toUpperCase()
    if (verb === 'DELIMITER') {
      this.#readDelimiter()
      return
    }
    if (TOOL_MESSAGE.test(word)) {
      this.#readToolMessage(word)
      return
    }
    this.#statements++
    this.#end.noteStatement(verb)
    if (verb === 'INSERT' || verb === 'REPLACE') this.#insert.read()
    else if (verb === 'CREATE') this.#readCreate()
    else if (verb === 'ALTER') this.#readAlter()
    else if (verb === 'SET') this.#session.readSet()
    else if (verb === 'USE') {
      tables.database = nameFrom(tokens, tokens.need())
      tokens.skipStatement()
    } else if (verb === 'DROP') readDrop(tokens, tables)
    else if (verb === 'RENAME') readRename(tokens, tables)
    else if (verb === 'TRUNCATE' || verb === 'DELETE') readDelete(tokens, tables, verb)
    else if (verb === 'UPDATE') readUpdate(tokens, tables)
    else if (verb === 'LOAD') readLoad(tokens, tables)
    else if (verb === 'ROLLBACK' || verb === 'WITH') readUnknownChange(tokens, tables, verb)
    else if (verb === 'BEGIN') this.#readBegin()
    else if (HARMLESS.test(verb)) {
      if (verb === 'START' && /^TRANSACTION$/i.test(tokens.peek()?.text ?? '')) this.#end.noteTransaction()
      tokens.skipStatement()
    } else throw this.#notUnderstood(word)
  }

  #notUnderstood(text: string): BadFile {
    if (this.#tokens.peek() === undefined) return cutOff('its last statement does not end')
    return this.#tokens.fault(`no statement of a dump begins with ${shown(text)}`)
  }

  #readDelimiter(): void {
    const [delimiter = ''] = this.#tokens.restOfLine().split(/\s/)
    if (delimiter === '') throw this.#tokens.fault('DELIMITER without one')
    this.#tokens.delimiter = delimiter
  }

  /** A warning is skipped. @throws BadFile for any other message: the dump may be incomplete. */
  #readToolMessage(word: string): void {
    const { line } = this.#tokens
    const message = word + this.#tokens.restOfLine()
    const isError = /error|couldn't|failed|denied|lost connection/i.test(message)
    if (isError || !/warning|password|deprecated/i.test(message))
      throw new BadFile(`line ${line}: the dump tool wrote a message of its own here: ${shown(message)}`)
  }

  /** BEGIN of a transaction, or MariaDB's BEGIN NOT ATOMIC, which is code. */
  #readBegin(): void {
    const next = this.#tokens.peek()
    if (isWord(next, /^NOT$/i)) skipCode(this.#tokens, ['BEGIN'])
    else if (next?.kind === 'end' || isWord(next, /^WORK$/i)) {
      this.#end.noteTransaction()
      this.#tokens.skipStatement()
    } else throw this.#tokens.fault('BEGIN of code that belongs to no procedure')
  }

  #readCreate(): void {
    for (let token = this.#tokens.need(); token.kind !== 'end'; token = this.#tokens.need()) {
      if (isWord(token, /^TABLE$/i)) {
        readCreateTable(this.#tokens, this.#tables)
        this.#tokens.skipStatement()
        return
      }
      if (isWord(token, /^(PROCEDURE|FUNCTION|TRIGGER|EVENT|PACKAGE)$/i)) {
        skipCode(this.#tokens)
        return
      }
      if (isWord(token, /^(VIEW|INDEX|DATABASE|SCHEMA|USER|ROLE|SERVER|SEQUENCE|TABLESPACE|LOGFILE)$/i)) {
        this.#tokens.skipStatement()
        return
      }
    }
  }

  #readAlter(): void {
    for (let token = this.#tokens.need(); token.kind !== 'end'; token = this.#tokens.need()) {
      if (isWord(token, /^TABLE$/i)) {
        readAlterTable(this.#tokens, this.#tables)
        return
      }
      if (isWord(token, /^(PROCEDURE|FUNCTION|TRIGGER|EVENT)$/i)) {
        skipCode(this.#tokens)
        return
      }
      if (isWord(token, /^(VIEW|DATABASE|SCHEMA|USER|SERVER|SEQUENCE|TABLESPACE|INSTANCE)$/i)) {
        this.#tokens.skipStatement()
        return
      }
    }
  }
}
