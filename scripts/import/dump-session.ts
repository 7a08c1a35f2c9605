/** What SET changes about how the rest of a dump is read: the encoding, the meaning of backslashes and double quotes. */
import type { Token, Tokens } from './sql-tokens.ts'

/** Modes that make a name of what stands in double quotes. */
const ANSI = /\b(ANSI|ANSI_QUOTES|DB2|MAXDB|MSSQL|ORACLE|POSTGRESQL)\b/i

const CHARSET_VARIABLE = /^character_set_client$/i

export class Session {
  readonly #tokens: Tokens
  charset = 'utf8mb4'
  #mode = ''
  /** `SET @OLD_SQL_MODE = @@SQL_MODE`: what such a variable was given. */
  readonly #saved = new Map<string, string>()
  /** Variables that a dump sets at its beginning and puts back at its end. */
  readonly unrestored = new Set<string>()

  constructor(tokens: Tokens) {
    this.#tokens = tokens
  }

  /** Reads a SET statement, behind its first word, to its end. */
  readSet(): void {
    let part: Token[] = []
    let depth = 0
    for (let token = this.#tokens.need(); token.kind !== 'end'; token = this.#tokens.need()) {
      if (token.kind === 'sign') {
        if (token.text === ';') break
        depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0
      }
      if (token.kind === 'sign' && token.text === ',' && depth === 0) {
        this.#assign(part)
        part = []
      } else part.push(token)
    }
    this.#assign(part)
  }

  #assign(all: Token[]): void {
    const words = all.filter(
      ({ kind, text }, i) => !(i === 0 && kind === 'word' && /^(SESSION|LOCAL|GLOBAL)$/i.test(text)),
    )
    const [first, second] = words.map(({ text }) => text.toUpperCase())
    if (first === 'NAMES') this.#setCharset(words[1])
    else if (first === 'CHARSET') this.#setCharset(words[1])
    else if (first === 'CHARACTER' && second === 'SET') this.#setCharset(words[2])
    else {
      const at = words.findIndex(({ kind, text }) => kind === 'sign' && text === '=')
      const left = words.slice(0, Math.max(at, 0)).filter(({ text }) => text !== ':')
      const right = words.slice(at + 1)
      for (const name of userVariables(right)) this.unrestored.delete(name)
      const name = left.at(-1)?.text ?? ''
      if (left.length === 2 && left[0]?.text === '@') this.#save(name.toUpperCase(), right)
      else if (/^sql_mode$/i.test(name)) this.#setMode(right)
      else if (CHARSET_VARIABLE.test(name)) this.charset = (this.#restored(right) ?? textOf(right.at(-1))).toLowerCase()
    }
  }

  #save(name: string, right: Token[]): void {
    const variable = right.at(-1)?.text ?? ''
    if (right[0]?.text !== '@' || right[1]?.text !== '@') return
    if (/^sql_mode$/i.test(variable)) this.#saved.set(name, this.#mode)
    if (CHARSET_VARIABLE.test(variable)) this.#saved.set(name, this.charset)
    if (name.startsWith('OLD_')) this.unrestored.add(name)
  }

  #restored(right: Token[]): string | undefined {
    const [name] = userVariables(right)
    return name === undefined ? undefined : (this.#saved.get(name) ?? '')
  }

  #setMode(right: Token[]): void {
    const texts = right.filter(({ kind }) => kind === 'string' || kind === 'double').map(({ text }) => text)
    // CONCAT(@@sql_mode, ',…') adds to what was there.
    const added = /@@(SESSION\.)?sql_mode/i.test(right.map(({ text }) => text).join('')) ? `${this.#mode},` : ''
    this.#mode =
      this.#restored(right) ?? `${added}${(texts.length > 0 ? texts : right.map(({ text }) => text)).join(',')}`
    this.#tokens.backslashEscapes = !/NO_BACKSLASH_ESCAPES/i.test(this.#mode)
    this.#tokens.ansiQuotes = ANSI.test(this.#mode)
  }

  #setCharset(token: Token | undefined): void {
    const charset = textOf(token).toLowerCase()
    this.charset = charset === 'default' || charset === '' ? 'utf8mb4' : charset
  }
}

const textOf = (token: Token | undefined) => token?.text ?? ''

/** The names behind one @, in capitals. */
const userVariables = (tokens: Token[]) =>
  tokens.flatMap(({ text, kind }, i) =>
    kind !== 'sign' && tokens[i - 1]?.text === '@' && tokens[i - 2]?.text !== '@' ? [text.toUpperCase()] : [],
  )
