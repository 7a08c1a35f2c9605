/** The values of an INSERT: literals of every form, and expressions, which nobody can read without a server. */

import { shown } from './plan.ts'
import { MAX_TEXT, type Token, type Tokens } from './sql-tokens.ts'

export type Value =
  | { kind: 'null' }
  /** `charset` where the text names its own. */
  | { kind: 'text'; bytes: string; charset?: string }
  /** A hexadecimal or bit literal: bytes, or a number where a number is wanted. */
  | { kind: 'bytes'; bytes: string; number: string }
  | { kind: 'expression'; what: string }

/** Expressions are followed to their end; their first words are enough to name them. */
const MAX_PARTS = 12

/** Reads up to the sign that ends the value, and leaves that. */
export function readValue(tokens: Tokens): Value | undefined {
  const parts: Token[] = []
  let depth = 0
  for (;;) {
    const token = tokens.peek()
    if (depth === 0 && (!token || token.kind === 'end' || (token.kind === 'sign' && /[,)]/.test(token.text)))) break
    if (depth === 0 && token?.kind === 'word' && parts.length > 0 && /^(ON|AS|RETURNING)$/i.test(token.text)) break
    const { kind, text } = tokens.need()
    if (kind === 'end') throw tokens.fault('the statement ends within brackets')
    if (kind === 'sign') depth += text === '(' ? 1 : text === ')' ? -1 : 0
    const before = parts.at(-1)
    if (
      depth === 0 &&
      parts.length === 1 &&
      before &&
      isLiteral(before) &&
      isLiteral({ kind, text }) &&
      !joins(before, kind)
    )
      throw tokens.fault(`${shown(text)} where a comma should be`)
    if (parts.length < MAX_PARTS) parts.push({ kind, text })
  }
  return parts.length === 0 ? undefined : readParts(parts)
}

const isText = ({ kind }: Token) => kind === 'string' || kind === 'double'
const isLiteral = (token: Token) => isText(token) || (token.kind === 'word' && /^[\d.]/.test(token.text))
/** MySQL joins texts that stand side by side. */
const joins = (before: Token, kind: Token['kind']) => isText(before) && (kind === 'string' || kind === 'double')

function readParts(all: Token[]): Value {
  let parts = all
  const [first, second] = parts as [Token, Token | undefined]
  let charset: string | undefined
  if (first.kind === 'word' && second) {
    const word = first.text.toLowerCase()
    if (word.startsWith('_')) charset = word.slice(1)
    else if (word === 'n' && second.kind === 'string') charset = 'utf8'
    else if ((word === 'x' || word === 'b') && second.kind === 'string' && parts.length === 2)
      return bytesOf(word === 'x' ? '0x' : '0b', second.text, all)
    if (charset) parts = parts.slice(1)
  }
  if (parts.every(isText)) {
    const bytes = parts.map(({ text }) => text).join('')
    if (bytes.length >= MAX_TEXT) return { kind: 'expression', what: `a value of more than ${MAX_TEXT} bytes` }
    return { kind: 'text', bytes, ...(charset && { charset }) }
  }
  const words = parts.map(({ text }) => text).join('')
  const literal = parts.at(-1) as Token
  if (charset && parts.length === 2 && /^x$/i.test(parts[0]?.text ?? '') && literal.kind === 'string')
    return bytesOf('0x', literal.text, all)
  if (literal.kind === 'word' && parts.slice(0, -1).every(({ kind, text }) => kind === 'sign' && /[+-]/.test(text))) {
    if (/^NULL$/i.test(words)) return { kind: 'null' }
    if (/^(TRUE|FALSE)$/i.test(words)) return { kind: 'text', bytes: /^t/i.test(words) ? '1' : '0' }
    const [, prefix, digits] = /^(0[xb])([\da-f]+)$/i.exec(words) ?? []
    if (prefix && digits) return bytesOf(prefix.toLowerCase(), digits, all)
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(words)) return { kind: 'text', bytes: words }
  }
  return expression(all)
}

function bytesOf(prefix: string, digits: string, all: Token[]): Value {
  if (digits === '') return { kind: 'bytes', bytes: '', number: '0' }
  const hex = prefix === '0x'
  if (!(hex ? /^[\da-f]+$/i : /^[01]+$/).test(digits) || digits.length >= MAX_TEXT) return expression(all)
  const width = hex ? 2 : 8
  const padded = digits.padStart(Math.ceil(digits.length / width) * width, '0')
  let bytes = ''
  for (let at = 0; at < padded.length; at += width)
    bytes += String.fromCharCode(Number.parseInt(padded.slice(at, at + width), hex ? 16 : 2))
  return { kind: 'bytes', bytes, number: padded.length > 64 ? bytes : String(BigInt(prefix + digits)) }
}

function expression(parts: Token[]): Value {
  const [first, second] = parts
  const name = first?.kind === 'word' ? first.text.slice(0, 40) : ''
  if (second?.text === '(' && name) return { kind: 'expression', what: `a call of ${name}()` }
  return { kind: 'expression', what: name ? `the bare word ${shown(name)}` : 'an expression' }
}
