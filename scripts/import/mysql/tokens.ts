/**
 * Splits MySQL's SQL into tokens. Bytes in and out, one character each (latin1): everything with a meaning in SQL is ASCII.
 *
 * Why no library: dbgate-query-splitter streams and knows DELIMITER, but only splits statements. It does not open versioned
 * comments, follow SQL_MODE, or notice a file that was cut off. Parsers build a syntax tree of the whole file.
 */
import { BadFile, cutOff } from '../bad-file.ts'
import { shown } from '../plan.ts'
import { MAX_TEXT, SqlText } from './text.ts'

export type Token = {
  /** A name in backquotes, a text in single or double quotes, a bare word or number, one other character, or the delimiter. */
  kind: 'name' | 'string' | 'double' | 'word' | 'sign' | 'end'
  text: string
}

export const isWord = (token: Token | undefined, words: RegExp): boolean =>
  token?.kind === 'word' && words.test(token.text)

export const isSign = (token: Token | undefined, sign: string): boolean => token?.kind === 'sign' && token.text === sign

/** By how much a token changes the depth of brackets. */
export const depthChange = (token: Token): number => (isSign(token, '(') ? 1 : isSign(token, ')') ? -1 : 0)

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

/** A version that no server has: MariaDB marks with it what only its client should read. */
const isFuture = (version: string) => Number(version.padEnd(6, '0')) >= 990_000

export class Tokens {
  readonly #text: SqlText
  /** Called with each comment that reaches to the end of its line, and with the first line of others. */
  readonly #onComment: (text: string) => void
  #peeked: Token | undefined
  #delimiter = ';'
  #word = WORD
  #openVersionedComments = 0
  /** Both follow SQL_MODE, and apply from the next token on. */
  backslashEscapes = true
  ansiQuotes = false

  constructor(chunks: Iterable<string>, onComment: (text: string) => void = () => {}) {
    this.#text = new SqlText(chunks)
    this.#onComment = onComment
  }

  get line(): number {
    return this.#text.line
  }

  fault(what: string): BadFile {
    return new BadFile(`line ${this.line}: ${what}`)
  }

  peek(): Token | undefined {
    this.#peeked ??= this.#read()
    return this.#peeked
  }

  next(): Token | undefined {
    const token = this.peek()
    this.#peeked = undefined
    return token
  }

  /** @throws BadFile at the end of the file, where a statement has begun and does not end. */
  need(): Token {
    const token = this.next()
    if (!token) throw cutOff('its last statement does not end')
    return token
  }

  expect(sign: string): void {
    const { text } = this.need()
    if (text !== sign) throw this.fault(`${shown(text)} where ${sign} should be`)
  }

  /** The first token that is not one of these words. */
  needAfter(words: RegExp): Token {
    let token = this.need()
    while (isWord(token, words)) token = this.need()
    return token
  }

  /** Skips a comma, if there is one. */
  skipComma(): boolean {
    if (this.peek()?.text !== ',') return false
    this.next()
    return true
  }

  skipStatement(): void {
    for (let token = this.need(); token.kind !== 'end' && !isSign(token, ';'); ) token = this.need()
  }

  /** For commands that are not SQL. Only without a peek before it. */
  restOfLine(): string {
    return this.#text.matchAll(LINE).trim()
  }

  get delimiter(): string {
    return this.#delimiter
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
    this.#skipSpaceAndComments()
    const text = this.#text
    const sign = text.ahead(1)
    if (sign === '') {
      if (this.#openVersionedComments > 0) throw cutOff('a comment does not end')
      return undefined
    }
    if (text.startsWith(this.#delimiter)) {
      text.skip(this.#delimiter.length)
      return { kind: 'end', text: this.#delimiter }
    }
    if (sign === "'") return { kind: 'string', text: this.#readQuoted(sign, this.backslashEscapes) }
    if (sign === '`' || (sign === '"' && this.ansiQuotes)) return { kind: 'name', text: this.#readQuoted(sign, false) }
    if (sign === '"') return { kind: 'double', text: this.#readQuoted(sign, this.backslashEscapes) }
    const word = text.match(NUMBER) || text.matchAll(this.#word)
    if (word) return { kind: 'word', text: word }
    text.skip(1)
    return { kind: 'sign', text: sign }
  }

  /** What stands in a versioned comment is read, as a server executes it. */
  #skipSpaceAndComments(): void {
    for (;;) {
      this.#text.matchAll(SPACE)
      const start = this.#text.ahead(3)
      if (start.startsWith('/*')) this.#openComment()
      else if (start.startsWith('*/') && this.#openVersionedComments > 0) {
        this.#openVersionedComments--
        this.#text.skip(2)
      } else if (start.startsWith('#') || /^--[\s\0]?$/.test(start)) this.#onComment(this.#text.matchAll(LINE))
      else return
    }
  }

  #openComment(): void {
    const version = this.#text.match(VERSION)
    if (version && !isFuture(version.replace(/\D/g, ''))) {
      this.#openVersionedComments++
      return
    }
    if (!version) this.#text.skip(2)
    const line = this.line
    this.#onComment(this.#text.matchAll(COMMENT))
    if (!this.#text.startsWith('*/')) throw cutOff(`the comment that begins in line ${line} does not end`)
    this.#text.skip(2)
  }

  #readQuoted(quote: "'" | '"' | '`', escapes: boolean): string {
    const plain = (escapes ? PLAIN_ESCAPED : PLAIN)[quote]
    let text = ''
    this.#text.skip(1)
    for (;;) {
      const piece = this.#text.matchAll(plain)
      if (text.length < MAX_TEXT) text += piece
      const [sign, following] = this.#text.ahead(2)
      if (sign === undefined || (sign === '\\' && following === undefined))
        throw cutOff('a text in quotes does not end')
      this.#text.skip(sign === '\\' || following === quote ? 2 : 1)
      if (sign !== '\\' && following !== quote) return text
      if (text.length < MAX_TEXT) text += sign === '\\' ? (ESCAPES[following as string] ?? following) : quote
    }
  }
}
