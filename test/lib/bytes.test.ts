import { createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  equalDigests,
  fromBase64,
  fromUtf8,
  hmac,
  seal,
  sha256,
  toBase64,
  toBase64Url,
  toHex,
  unseal,
  utf8,
} from '../../src/lib/bytes.ts'

const every = Uint8Array.from({ length: 256 }, (_, i) => i)
const nonce = () => crypto.getRandomValues(new Uint8Array(12))

test('UTF-8 survives a round trip, and invalid bytes give undefined', () => {
  for (const text of ['', 'kicksent', 'Ünïcödé 🐍', '\0']) expect(fromUtf8(utf8(text))).toBe(text)
  for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]])
    expect(fromUtf8(Uint8Array.from(bytes))).toBeUndefined()
  expect(fromUtf8(utf8('a').buffer)).toBe('a')
})

test('hex has two digits a byte', () => {
  expect(toHex(Uint8Array.of(0, 1, 0xab, 0xff))).toBe('0001abff')
})

test('base64 agrees with RFC 4648, and base64url has neither padding nor + nor /', () => {
  const vectors = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy']
  for (const [length, encoded] of vectors.entries()) {
    const bytes = utf8('foobar'.slice(0, length))
    expect(toBase64(bytes)).toBe(encoded)
    expect(toBase64Url(bytes)).toBe(encoded.replaceAll('=', ''))
    expect(fromBase64(encoded)).toEqual(bytes)
  }
  expect(toBase64Url(every)).toMatch(/^[\w-]+$/)
  expect(fromBase64(toBase64(every))).toEqual(every)
  expect(fromBase64(toBase64Url(every))).toEqual(every)
})

test.each(['A', 'AAAAA', 'a b', 'a\n', 'ä', '====', 'AA=A', 'AA===', '%41', 'AA.A'])('%j is not base64', (text) => {
  expect(fromBase64(text)).toBeUndefined()
})

test('SHA-256 and HMAC agree with node:crypto', async () => {
  for (const text of ['', 'kicksent', 'Ünïcödé 🐍', 'x'.repeat(1000)]) {
    expect(await sha256(text)).toBe(createHash('sha256').update(text).digest('hex'))
    const key = `purpose\0secret`
    expect(toHex(await hmac('secret', 'purpose', text))).toBe(createHmac('sha256', key).update(text).digest('hex'))
    expect(await hmac('secret', 'purpose', utf8(text))).toEqual(await hmac('secret', 'purpose', text))
  }
})

test('an HMAC differs for each secret, purpose and message', async () => {
  const all = [
    await hmac('s', 'p', 'm'),
    await hmac('t', 'p', 'm'),
    await hmac('s', 'q', 'm'),
    await hmac('s', 'p', 'n'),
  ]
  expect(new Set(all.map(toHex)).size).toBe(4)
})

test('digests are equal only if every byte is', () => {
  expect(equalDigests(every, every.slice())).toBe(true)
  expect(equalDigests(new Uint8Array(), new Uint8Array())).toBe(true)
  expect(equalDigests(every, every.slice(1))).toBe(false)
  for (const at of [0, 100, 255]) expect(equalDigests(every, every.with(at, 7 ^ at))).toBe(false)
})

test('a sealed text opens under the same secret and purpose only', async () => {
  for (const text of ['', 'rst_x', 'Ünïcödé 🐍', 'x'.repeat(10_000)]) {
    const sealed = await seal('secret', 'purpose', text, nonce())
    expect(await unseal('secret', 'purpose', sealed)).toBe(text)
    if (text) expect(sealed).not.toContain(text)
    expect(await unseal('another', 'purpose', sealed)).toBeUndefined()
    expect(await unseal('secret', 'another', sealed)).toBeUndefined()
  }
  expect(await seal('secret', 'purpose', 'text', nonce())).not.toBe(await seal('secret', 'purpose', 'text', nonce()))
})

test('an edited sealed text does not open', async () => {
  const sealed = await seal('secret', 'purpose', 'text', nonce())
  const other = (text: string) => (text[0] === 'A' ? 'B' : 'A') + text.slice(1)
  const [first = '', second = ''] = sealed.split('.')
  for (const text of [
    `${other(first)}.${second}`,
    `${first}.${other(second)}`,
    first,
    `${first}.`,
    `.${second}`,
    '',
    '.',
    '..',
    'no base64!.x',
    `${sealed}AAAA`,
  ])
    expect(await unseal('secret', 'purpose', text), text).toBeUndefined()
})
