/** Statements that drop or rename tables that were read, or change their rows: DROP, RENAME, TRUNCATE, DELETE, UPDATE, LOAD, ROLLBACK. */
import { fullName, type Tables } from './tables.ts'
import { isWord, type Tokens } from './tokens.ts'

/** `DROP [TEMPORARY] TABLE name, …` or `DROP DATABASE name`. Other kinds of DROP change no table. */
export function readDrop(tokens: Tokens, tables: Tables): void {
  const kind = tokens.needAfter(/^TEMPORARY$/i)
  if (!/^(TABLE|TABLES|VIEW|DATABASE|SCHEMA)$/i.test(kind.text)) {
    if (kind.kind !== 'end') tokens.skipStatement()
    return
  }
  let first = tokens.needAfter(/^(IF|EXISTS)$/i)
  for (;;) {
    const name = tables.readName(tokens, first)
    if (/^(DATABASE|SCHEMA)$/i.test(kind.text)) tables.dropDatabase(name.name)
    else tables.drop(name)
    if (!tokens.skipComma()) break
    first = tokens.need()
  }
  tokens.skipStatement()
}

/** `RENAME TABLE name TO name, …` */
export function readRename(tokens: Tokens, tables: Tables): void {
  if (!/^TABLES?$/i.test(tokens.need().text)) {
    tokens.skipStatement()
    return
  }
  do {
    const from = tables.readName(tokens)
    if (!/^TO$/i.test(tokens.need().text)) throw tokens.fault('RENAME TABLE without TO')
    const to = tables.readName(tokens)
    const table = tables.find(from)
    if (table) Object.assign(table, to)
  } while (tokens.skipComma())
  tokens.skipStatement()
}

/** Empties the table. With a condition it cannot be known which rows are left: only a server can tell. */
export function readDelete(tokens: Tokens, tables: Tables, verb: string): void {
  const name = tables.readName(tokens, tokens.needAfter(/^(TABLE|FROM|LOW_PRIORITY|QUICK|IGNORE)$/i))
  const table = tables.find(name)
  const deletesAll = tokens.peek()?.kind === 'end' || verb === 'TRUNCATE'
  if (table && deletesAll) table.rows = []
  else if (table && table.rows.length > 0)
    table.fault ??= tokens.fault(`DELETE takes rows of ${fullName(table)} away`).message
  tokens.skipStatement()
}

export function readUpdate(tokens: Tokens, tables: Tables): void {
  const table = tables.find(tables.readName(tokens, tokens.needAfter(/^(LOW_PRIORITY|IGNORE)$/i)))
  if (!isWord(tokens.peek(), /^SET$/i)) {
    readUnknownChange(tokens, tables, 'UPDATE')
    return
  }
  if (table && table.rows.length > 0) table.fault ??= tokens.fault(`UPDATE changes rows of ${fullName(table)}`).message
  tokens.skipStatement()
}

/** `LOAD DATA … INTO TABLE name` takes rows from another file. */
export function readLoad(tokens: Tokens, tables: Tables): void {
  for (let token = tokens.need(); token.kind !== 'end'; token = tokens.need()) {
    if (!isWord(token, /^TABLE$/i)) continue
    const table = tables.find(tables.readName(tokens))
    if (table) table.fault ??= tokens.fault(`LOAD takes rows of ${fullName(table)} from another file`).message
    tokens.skipStatement()
    return
  }
}

/** A statement that may change any table: none of the rows read so far can be trusted. */
export function readUnknownChange(tokens: Tokens, tables: Tables, verb: string): void {
  const { message } = tokens.fault(`${verb} may change rows that were read`)
  for (const table of tables.all) if (table.rows.length > 0) table.fault ??= message
  tokens.skipStatement()
}
