/** The words, texts and signs of MySQL's SQL. Bytes in and out, one character each (latin1). */
import { BadFile } from './bad-file.ts'
import { shown } from './plan.ts'

export type Token = {
  /** A name in backquotes, a text in quotes (one in double quotes may be a name too), a bare word or number, or one other character. */
  kind: 'name' | 'text' | 'word' | 'sign'
  text: string
}

export const cutOff = () => new BadFile('the dump is cut off')

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

const SPACE = /(?:\s+|--(?=\s)[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)*/y
const NAME = /`((?:[^`]|``)*)`/y
const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?![\w$])/iy
const WORD = /[\w$\x80-\xff]+/y
const PLAIN = { "'": /[^'\\]*/y, '"': /[^"\\]*/y }

export class Tokens {
  readonly #sql: string
  #at = 0
  #ahead: Token | undefined

  constructor(sql: string) {
    this.#sql = sql
  }

  /** What is wrong here: with the line, unless the file just ends here. */
  fault(what: string): BadFile {
    const line = this.#sql.slice(0, this.#at).split('\n').length
    return this.peek() ? new BadFile(`line ${line}: ${what}`) : cutOff()
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
    if (!token) throw cutOff()
    return token
  }

  expect(sign: string): void {
    const { kind, text } = this.need()
    if (kind !== 'sign' || text !== sign) throw this.fault(`${shown(text)} where ${sign} should be`)
  }

  skipStatement(): void {
    for (let token = this.need(); token.kind !== 'sign' || token.text !== ';'; ) token = this.need()
  }

  #read(): Token | undefined {
    this.#match(SPACE)
    const sign = this.#sql[this.#at]
    if (sign === undefined) return undefined
    if (this.#sql.startsWith('/*', this.#at)) throw cutOff()
    if (sign === "'" || sign === '"') return { kind: 'text', text: this.#readText(sign) }
    const word = this.#match(NUMBER) ?? this.#match(WORD)
    if (word) return { kind: 'word', text: word[0] }
    const name = this.#match(NAME)
    if (name) return { kind: 'name', text: (name[1] as string).replaceAll('``', '`') }
    if (sign === '`') throw cutOff()
    this.#at++
    return { kind: 'sign', text: sign }
  }

  #readText(quote: "'" | '"'): string {
    let text = ''
    this.#at++
    for (;;) {
      text += this.#match(PLAIN[quote])?.[0] ?? ''
      const [sign, following] = [this.#sql[this.#at], this.#sql[this.#at + 1]]
      if (sign === undefined || (sign === '\\' && following === undefined)) throw cutOff()
      this.#at += sign === '\\' || following === quote ? 2 : 1
      if (sign === '\\') text += ESCAPES[following as string] ?? following
      else if (following === quote) text += quote
      else return text
    }
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#sql)
    if (match) this.#at = pattern.lastIndex
    return match
  }
}
