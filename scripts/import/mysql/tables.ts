/** The tables that a dump has defined so far, with the rows read so far. */
import type { Token, Tokens } from './tokens.ts'

export type TableName = {
  /** '' where the dump does not say which. */
  database: string
  name: string
}

export type DumpTable = TableName & {
  /** Empty where the dump does not name them. */
  columns: string[]
  /** The wanted columns only, in their order. */
  rows: (string | null)[][]
  /** Why rows were skipped: a wanted column was missing. */
  skipped?: string
  /** Why this table's rows cannot be known. */
  fault?: string
}

export const fullName = ({ database, name }: TableName) => (database === '' ? name : `${database}.${name}`)

export class Tables {
  #all: DumpTable[] = []
  /** The current database, as set by USE. */
  database = ''

  get all(): DumpTable[] {
    return this.#all
  }

  /** The table with exactly this name, or the only one whose name differs in case. */
  find({ database, name }: TableName): DumpTable | undefined {
    const fold = (text: string) => text.toLowerCase()
    const alike = this.#all.filter(
      (table) => fold(table.name) === fold(name) && fold(table.database) === fold(database),
    )
    const exact = alike.find((table) => table.name === name && table.database === database)
    return exact ?? (alike.length === 1 ? alike[0] : undefined)
  }

  add({ database, name }: TableName, columns: string[]): DumpTable {
    const table = { database, name, columns, rows: [] }
    this.#all.push(table)
    return table
  }

  drop(name: TableName): void {
    const dropped = this.find(name)
    this.#all = this.#all.filter((table) => table !== dropped)
  }

  dropDatabase(name: string): void {
    this.#all = this.#all.filter(({ database }) => database !== name)
  }

  /** Reads `table` or `database.table`. */
  readName(tokens: Tokens, first = tokens.need()): TableName {
    const words = [nameFrom(tokens, first)]
    while (tokens.peek()?.text === '.') {
      tokens.next()
      words.push(nameFrom(tokens, tokens.need()))
    }
    const [name = '', database = this.database] = words.reverse()
    return { database, name }
  }
}

/** @throws BadFile if the token cannot be a name. */
export function nameFrom(tokens: Tokens, { kind, text }: Token): string {
  if (kind === 'name' || kind === 'word' || kind === 'double') return text
  throw tokens.fault(`${JSON.stringify(text.slice(0, 40))} where a name should be`)
}
