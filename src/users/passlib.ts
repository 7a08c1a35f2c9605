/**
 * Passwords that came from Flask, as passlib wrote them: sha512_crypt (`$6$`) and sha256_crypt (`$5$`).
 * The steps are those of https://www.akkadia.org/drepper/SHA-crypt.txt
 */
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { equalDigests, utf8 } from '../lib/bytes.ts'

export type CryptHash = { scheme: '5' | '6'; rounds: number; salt: string; digest: string }

/** Beyond this many rounds a hash is not worth a log-in: passlib's own default of 656,000 takes over a second of CPU. */
export const MAX_ROUNDS = 1_000_000

/** The minimum of the specification, and its default where the text names no rounds. */
const MIN_ROUNDS = 1000
const DEFAULT_ROUNDS = 5000

/** Each round hashes the password twice: without a limit a long one costs minutes. New passwords are shorter than this. */
const MAX_PASSWORD_BYTES = 512

/** Bytes of the digest are shuffled three by three before they are written; `turn` is how far each group is rotated. */
const SCHEMES = {
  '5': { hash: sha256, bytes: 32, groups: 10, turn: 2, characters: 43 },
  '6': { hash: sha512, bytes: 64, groups: 21, turn: 1, characters: 86 },
} as const

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The parts of a hash, however many rounds it asks for. @returns undefined for any other text. */
export function parseCrypt(stored: string): CryptHash | undefined {
  const form = /^\$([56])\$(?:rounds=([1-9]\d{0,9})\$)?([./0-9A-Za-z]{0,16})\$([./0-9A-Za-z]+)$/
  const [, scheme, explicit, salt = '', digest = ''] = form.exec(stored) ?? []
  const rounds = explicit === undefined ? DEFAULT_ROUNDS : Number(explicit)
  if (scheme !== '5' && scheme !== '6') return undefined
  if (digest.length !== SCHEMES[scheme].characters || rounds < MIN_ROUNDS) return undefined
  return { scheme, rounds, salt, digest }
}

/** True when `password` made `stored`: as it was typed, as Flask took it, or after NFKC, as everything else here does. */
export function verifyCrypt(password: string, stored: string): boolean {
  const crypt = parseCrypt(stored)
  if (!crypt || crypt.rounds > MAX_ROUNDS) return false
  return [...new Set([password, password.normalize('NFKC')])].some((form) => {
    const bytes = utf8(form)
    return bytes.length <= MAX_PASSWORD_BYTES && equalDigests(utf8(digestOf(bytes, crypt)), utf8(crypt.digest))
  })
}

function digestOf(password: Uint8Array, { scheme, rounds, salt: saltText }: CryptHash): string {
  const { hash } = SCHEMES[scheme]
  const salt = utf8(saltText)

  const alternate = hash(joined(password, salt, password))
  const bits = password.length === 0 ? [] : [...password.length.toString(2)].reverse()
  let digest = hash(
    joined(
      password,
      salt,
      repeated(alternate, password.length),
      ...bits.map((bit) => (bit === '1' ? alternate : password)),
    ),
  )
  const p = repeated(hash(repeated(password, password.length ** 2)), password.length)
  const s = repeated(hash(repeated(salt, salt.length * (16 + (digest[0] as number)))), salt.length)

  // What a round hashes depends on its number modulo 2, 3 and 7: 42 texts, each with a place for the digest before it.
  const texts = Array.from({ length: 42 }, (_, i) => {
    const middle = joined(i % 3 ? s : NOTHING, i % 7 ? p : NOTHING)
    return i % 2
      ? { text: joined(p, middle, digest), at: p.length + middle.length }
      : { text: joined(digest, middle, p), at: 0 }
  })
  for (let round = 0; round < rounds; round++) {
    const { text, at } = texts[round % 42] as (typeof texts)[number]
    text.set(digest, at)
    digest = hash(text)
  }
  return shuffled(digest, scheme)
}

const NOTHING = new Uint8Array()

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const repeated = (bytes: Uint8Array, length: number) =>
  Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] ?? 0)

/** The digest in crypt's own base 64: three bytes in an order of their own become four characters, the lowest bits first. */
function shuffled(digest: Uint8Array, scheme: CryptHash['scheme']): string {
  const { groups, turn, bytes } = SCHEMES[scheme]
  const byte = (at: number) => digest[at] as number
  let text = ''
  for (let group = 0; group < groups; group++) {
    const [first, second, third] = [0, 1, 2].map((i) => byte(group + groups * ((i + turn * group) % 3)))
    text += characters(((first as number) << 16) | ((second as number) << 8) | (third as number), 4)
  }
  return text + (bytes === 64 ? characters(byte(63), 2) : characters((byte(31) << 8) | byte(30), 3))
}

const characters = (value: number, count: number) =>
  Array.from({ length: count }, (_, i) => ALPHABET[(value >> (6 * i)) & 63]).join('')
