/** Whether a dump has its end, as the tools that write dumps mark it. */
import { cutOff } from './sql-tokens.ts'

/** What a tool writes into comments at the beginning of its dumps, and at their end. */
const MARKS = [
  { begins: /^-- (MySQL|MariaDB) dump /, ends: /^-- Dump completed/ },
  { begins: /^-- Adminer .* dump/, ends: /^-- \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/ },
]

export class DumpEnd {
  /** For each tool, how many dumps in this file have begun and have not ended. */
  readonly #open = MARKS.map(() => 0)
  #locked = false
  #inTransaction = false

  noteComment(comment: string): void {
    MARKS.forEach(({ begins, ends }, i) => {
      if (begins.test(comment)) this.#open[i] = (this.#open[i] ?? 0) + 1
      else if (ends.test(comment)) this.#open[i] = Math.max(0, (this.#open[i] ?? 0) - 1)
    })
  }

  noteStatement(verb: string): void {
    if (verb === 'LOCK' || verb === 'UNLOCK') this.#locked = verb === 'LOCK'
    if (verb === 'COMMIT' || verb === 'ROLLBACK') this.#inTransaction = false
  }

  noteTransaction(): void {
    this.#inTransaction = true
  }

  /** @throws BadFile where something that begins does not end. */
  require(statements: number, unrestored: Set<string>): void {
    if (statements === 0) throw cutOff('it has no statement')
    if (this.#open.some((count) => count > 0)) throw cutOff('the comment at its end is missing')
    if (this.#locked) throw cutOff('UNLOCK TABLES is missing')
    if (this.#inTransaction) throw cutOff('COMMIT is missing')
    const [variable] = unrestored
    if (variable) throw cutOff(`@${variable} is not put back`)
  }
}
