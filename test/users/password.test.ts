import { env } from 'cloudflare:workers'
import { scryptSync } from 'node:crypto'
import { scrypt } from '@noble/hashes/scrypt.js'
import { expect, test } from 'vitest'
import { MAX_PASSWORD_LENGTH, readConfig } from '../../src/env.ts'
import { fromBase64, toBase64, toHex, utf8 } from '../../src/lib/bytes.ts'
import { decoyHash, hasCost, hashPassword, verifyPassword, verifyScrypt } from '../../src/users/password.ts'

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const unpadded = (bytes: Uint8Array) => toBase64(bytes).replaceAll('=', '')
const DEFAULT = { ln: 14, r: 8, p: 5 }
/** The default cost is dear on purpose, and the machine may be busy. */
const SLOW = 60_000
const CHEAP = { ln: 4, r: 8, p: 1 }

/** RFC 7914 section 12, but for the vector that needs a GiB. */
const VECTORS = [
  {
    password: '',
    salt: '',
    cost: { ln: 4, r: 1, p: 1 },
    hash: '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
  },
  {
    password: 'password',
    salt: 'NaCl',
    cost: { ln: 10, r: 8, p: 16 },
    hash: 'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
  },
  {
    password: 'pleaseletmein',
    salt: 'SodiumChloride',
    cost: { ln: 14, r: 8, p: 1 },
    hash: '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
  },
]

test.each(VECTORS)(
  'scrypt gives what RFC 7914 says for "$password"',
  ({ password, salt, cost, hash }) => {
    const { ln, r, p } = cost
    expect(toHex(scrypt(utf8(password), utf8(salt), { N: 2 ** ln, r, p, dkLen: 64 }))).toBe(hash)
    if (salt === '') return
    const bytes = Uint8Array.from(hash.match(/../g) as string[], (pair) => Number.parseInt(pair, 16))
    const stored = `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(utf8(salt))}$${unpadded(bytes)}`
    expect(verifyScrypt(password, stored)).toBe(true)
    expect(verifyScrypt(`${password}.`, stored)).toBe(false)
  },
  SLOW,
)

test.each([
  ['python', DEFAULT],
  ['', CHEAP],
  ['pässwörd ☃ 🐍', CHEAP],
  ['x'.repeat(MAX_PASSWORD_LENGTH), { ln: 5, r: 3, p: 7 }],
])(
  'hashes "%s" to the bytes that node:crypto gives',
  (password, cost) => {
    const hash = hashPassword({ random }, password, cost)
    const [, , costs, salt, digest] = hash.split('$')
    expect(costs).toBe(`ln=${cost.ln},r=${cost.r},p=${cost.p}`)
    expect(digest).not.toContain('=')
    const { ln, r, p } = cost
    const other = scryptSync(password.normalize('NFKC'), fromBase64(salt as string) as Uint8Array, 32, {
      N: 2 ** ln,
      r,
      p,
      maxmem: 2 ** 26,
    })
    expect(digest).toBe(unpadded(other))
    expect(verifyScrypt(password, hash)).toBe(true)
  },
  SLOW,
)

test('a cost whose hashes could not be checked is no configuration', () => {
  const configured = (SCRYPT_LN: string, SCRYPT_R: string, SCRYPT_P: string) => () =>
    readConfig({ ...env, SCRYPT_LN, SCRYPT_R, SCRYPT_P })
  for (const [ln, r, p] of [
    ['16', '8', '8'],
    ['15', '16', '8'],
    ['14', '8', '16'],
  ] as const) {
    expect(configured(ln, r, p)).not.toThrow()
    const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
    expect(hasCost(decoyHash(cost), cost)).toBe(true)
  }
  expect(configured('16', '9', '1')).toThrow(/SCRYPT_LN/)
  expect(configured('16', '8', '9')).toThrow(/SCRYPT_LN/)
})

test('salts each hash', () => {
  const hashes = Array.from({ length: 10 }, () => hashPassword({ random }, 'python', CHEAP))
  expect(new Set(hashes).size).toBe(10)
})

test('compares after NFKC: however a keyboard composes a letter', () => {
  const composed = hashPassword({ random }, 'caf\u00e9 \ufb01', CHEAP)
  expect(verifyScrypt('cafe\u0301 fi', composed)).toBe(true)
  expect(verifyScrypt('cafe fi', composed)).toBe(false)
  expect(verifyScrypt('CAF\u00c9 FI', composed)).toBe(false)
})

test('knows the cost that a hash was made at', () => {
  const hash = hashPassword({ random }, 'python', CHEAP)
  expect(hasCost(hash, CHEAP)).toBe(true)
  for (const other of [
    { ...CHEAP, ln: 5 },
    { ...CHEAP, r: 4 },
    { ...CHEAP, p: 2 },
  ])
    expect(hasCost(hash, other)).toBe(false)
})

test('the decoy costs what a real hash does, and no password opens it', async () => {
  expect(hasCost(decoyHash(CHEAP), CHEAP)).toBe(true)
  expect(decoyHash(CHEAP)).toHaveLength(hashPassword({ random }, 'python', CHEAP).length)
  for (const password of ['', 'python', '\0']) expect(await verifyPassword(password, decoyHash(CHEAP))).toBe(false)
})

test.each([
  ['2^17', '$scrypt$ln=17,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['r = 999', '$scrypt$ln=14,r=999,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['p = 999', '$scrypt$ln=14,r=8,p=999$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['ln = 0', '$scrypt$ln=0,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['r = 0', '$scrypt$ln=4,r=0,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['a short hash', '$scrypt$ln=4,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAA'],
  ['no hash', '$scrypt$ln=4,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$'],
  ['plain text', 'python'],
  ['nothing', ''],
])('a stored hash of %s opens to nobody, and is not computed', async (_, stored) => {
  expect(await verifyPassword('python', stored)).toBe(false)
})
