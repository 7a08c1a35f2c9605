/**
 * The words, texts and signs of MySQL's SQL, read piece by piece, so that a file of any size takes the same memory. Bytes in
 * and out, one character each (latin1): all that has a meaning in SQL is ASCII.
 *
 * Of the libraries, dbgate-query-splitter streams and knows DELIMITER, but only cuts statements apart: it does not open
 * versioned comments, follow SQL_MODE, or tell a file that was cut off. Those that parse build a tree of the whole file.
 */
import { BadFile } from './bad-file.ts'
import { shown } from './plan.ts'

export type Token = {
  /** A name in backquotes, a text in single or double quotes, a bare word or number, one other character, or the delimiter. */
  kind: 'name' | 'string' | 'double' | 'word' | 'sign' | 'end'
  text: string
}

/** Longer texts are read to their end, but only this much of them is kept. */
export const MAX_TEXT = 100_000

/** A pattern takes at most so many characters at a time, and finds twice as many ahead of it. */
const PIECE = 4096

const SPACE = /[ \t\r\n\f\v]{0,4096}/y
const LINE = /[^\n]{0,4096}/y
const COMMENT = /(?:[^*]|\*(?!\/)){0,4096}/y
const VERSION = /\/\*M?!(\d{5,6})?/y
const NUMBER = /(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:e[+-]?\d{1,9})?(?![\w$])/iy
const WORD = /[\w$\x80-\xff]{0,4096}/y
const PLAIN = { "'": /[^']{0,4096}/y, '"': /[^"]{0,4096}/y, '`': /[^`]{0,4096}/y }
const PLAIN_ESCAPED = { "'": /[^'\\]{0,4096}/y, '"': /[^"\\]{0,4096}/y, '`': PLAIN['`'] }

const ESCAPES: Record<string, string> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1a',
  '%': '\\%',
  _: '\\_',
}

/** Versions that no server has: MariaDB puts there what only its client is to read. */
const isFuture = (version: string) => Number(version.padEnd(6, '0')) >= 990_000

export class Tokens {
  readonly #chunks: Iterator<string>
  /** Called with each comment that reaches to the end of its line, and with the first line of others. */
  readonly #onComment: (text: string) => void
  #sql = ''
  #at = 0
  #linesBefore = 0
  #over = false
  #ahead: Token | undefined
  #delimiter = ';'
  #word = WORD
  /** How many versioned comments are open. */
  #versioned = 0
  /** As SQL_MODE has it. Both count from the next token on. */
  backslashEscapes = true
  ansiQuotes = false

  constructor(chunks: Iterable<string>, onComment: (text: string) => void = () => {}) {
    this.#chunks = chunks[Symbol.iterator]()
    this.#onComment = onComment
    this.#fill()
    if (this.#sql.startsWith('\xef\xbb\xbf')) this.#at = 3
  }

  get delimiter(): string {
    return this.#delimiter
  }

  get line(): number {
    return this.#linesBefore + lines(this.#sql, this.#at) + 1
  }

  fault(what: string): BadFile {
    return new BadFile(`line ${this.line}: ${what}`)
  }

  peek(): Token | undefined {
    this.#ahead ??= this.#read()
    return this.#ahead
  }

  next(): Token | undefined {
    const token = this.peek()
    this.#ahead = undefined
    return token
  }

  /** @throws BadFile at the end of the file: a statement has begun and does not end. */
  need(): Token {
    const token = this.next()
    if (!token) throw cutOff('its last statement does not end')
    return token
  }

  expect(sign: string): void {
    const { text } = this.need()
    if (text !== sign) throw this.fault(`${shown(text)} where ${sign} should be`)
  }

  /** What is left of the line, for commands that are no SQL. Nothing may have been peeked at. */
  restOfLine(): string {
    return this.#take(LINE).trim()
  }

  set delimiter(delimiter: string) {
    this.#delimiter = delimiter
    // The delimiter ends a word, as in END$$.
    const escaped = delimiter.replace(/[^\w\s]/g, '\\$&')
    this.#word = /[\w$\x80-\xff]/.test(delimiter)
      ? new RegExp(`(?:(?!${escaped})[\\w$\\x80-\\xff]){0,4096}`, 'y')
      : WORD
  }

  #read(): Token | undefined {
    this.#skipSpace()
    const sign = this.#sql[this.#at]
    if (sign === undefined) {
      if (this.#versioned > 0) throw cutOff('a comment does not end')
      return undefined
    }
    if (this.#sql.startsWith(this.#delimiter, this.#at)) {
      this.#at += this.#delimiter.length
      return { kind: 'end', text: this.#delimiter }
    }
    if (sign === "'") return { kind: 'string', text: this.#readQuoted(sign, this.backslashEscapes) }
    if (sign === '`' || (sign === '"' && this.ansiQuotes)) return { kind: 'name', text: this.#readQuoted(sign, false) }
    if (sign === '"') return { kind: 'double', text: this.#readQuoted(sign, this.backslashEscapes) }
    const text = this.#match(NUMBER) || this.#take(this.#word)
    if (text) return { kind: 'word', text }
    this.#at++
    return { kind: 'sign', text: sign }
  }

  /** Passes over blanks and comments, and into versioned comments, which a server carries out. */
  #skipSpace(): void {
    for (;;) {
      this.#take(SPACE)
      const two = this.#sql.slice(this.#at, this.#at + 2)
      if (two === '/*') this.#openComment()
      else if (two === '*/' && this.#versioned > 0) {
        this.#versioned--
        this.#at += 2
      } else if (two[0] === '#' || (two === '--' && /^[\s\0]?$/.test(this.#sql.slice(this.#at + 2, this.#at + 3))))
        this.#onComment(this.#take(LINE))
      else return
    }
  }

  #openComment(): void {
    const version = /^\/\*M?!/.test(this.#sql.slice(this.#at, this.#at + 4)) ? this.#match(VERSION) : ''
    if (version && !isFuture(version.replace(/\D/g, ''))) {
      this.#versioned++
      return
    }
    if (!version) this.#at += 2
    const line = this.line
    this.#onComment(this.#take(COMMENT))
    if (!this.#sql.startsWith('*/', this.#at)) throw cutOff(`the comment that begins in line ${line} does not end`)
    this.#at += 2
  }

  #readQuoted(quote: "'" | '"' | '`', escapes: boolean): string {
    const plain = (escapes ? PLAIN_ESCAPED : PLAIN)[quote]
    let text = ''
    this.#at++
    for (;;) {
      const piece = this.#take(plain)
      if (text.length < MAX_TEXT) text += piece
      const [sign, following] = [this.#sql[this.#at], this.#sql[this.#at + 1]]
      if (sign === undefined || (sign === '\\' && following === undefined))
        throw cutOff('a text in quotes does not end')
      this.#at += sign === '\\' || following === quote ? 2 : 1
      if (sign !== '\\' && following !== quote) return text
      if (text.length < MAX_TEXT) text += sign === '\\' ? (ESCAPES[following as string] ?? following) : quote
    }
  }

  /** All that the pattern takes, however long. What is beyond MAX_TEXT is read and not kept. */
  #take(pattern: RegExp): string {
    let text = ''
    for (;;) {
      this.#fill()
      const piece = this.#match(pattern)
      if (text.length < MAX_TEXT) text += piece
      if (piece.length < PIECE) {
        this.#fill()
        return text
      }
    }
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [text = ''] = pattern.exec(this.#sql) ?? []
    this.#at += text.length
    return text
  }

  #fill(): void {
    while (!this.#over && this.#sql.length - this.#at < 2 * PIECE) {
      const { value, done } = this.#chunks.next()
      if (done) this.#over = true
      else {
        this.#linesBefore += lines(this.#sql, this.#at)
        this.#sql = this.#sql.slice(this.#at) + value
        this.#at = 0
      }
    }
  }
}

export const cutOff = (why: string) => new BadFile(`the dump is cut off: ${why}`)

function lines(text: string, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count++
  return count
}
