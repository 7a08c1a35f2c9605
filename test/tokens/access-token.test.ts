import { expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { sha256, toBase64Url, utf8 } from '../../src/lib/bytes.ts'
import { SECOND } from '../../src/lib/time.ts'
import {
  ACCESS_TOKEN_SECONDS,
  accessTokenEnd,
  looksLikeAccessToken,
  readAccessToken,
  signAccessToken,
} from '../../src/tokens/access-token.ts'

const SECRET = 'the-first-secret-of-these-tests-0123456789'
const OTHER = 'another-secret-of-these-tests-0123456789'
const NOW = Date.parse('2027-01-15T12:00:00.700Z')
const IDENTITY = { userId: 7, version: 3, sessionId: 'ses_abc' }

const json = (value: unknown) => toBase64Url(utf8(JSON.stringify(value)))
const kidOf = async (secret: string) => (await sha256(`kid\0${secret}`)).slice(0, 16)

/** A token made by hand, so that each part of it can be wrong. */
async function forge(header: object, payload: unknown, secret = SECRET, hash = 'SHA-256') {
  const head = `${json(header)}.${json(payload)}`
  const key = await crypto.subtle.importKey('raw', utf8(secret), { name: 'HMAC', hash }, false, ['sign'])
  return `${head}.${toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(head))))}`
}

const goodHeader = async () => ({ alg: 'HS256', typ: 'JWT', kid: await kidOf(SECRET) })
const goodPayload = {
  iss: 'statkeep',
  sub: '7',
  ver: 3,
  iat: NOW / 1000,
  exp: Math.floor(NOW / 1000) + ACCESS_TOKEN_SECONDS,
}
const code = (token: string, secrets = [SECRET], now = NOW) =>
  readAccessToken(secrets, token, now).then(
    () => 'accepted',
    (error) => error.code,
  )

test('reads what it signed, to the second at which it expires', async () => {
  const token = await signAccessToken([SECRET], IDENTITY, NOW)
  const expiresAt = accessTokenEnd(NOW)
  expect(expiresAt).toBe(NOW - (NOW % SECOND) + ACCESS_TOKEN_SECONDS * SECOND)
  expect(await readAccessToken([SECRET], token, NOW)).toEqual({ ...IDENTITY, expiresAt })
  expect(await readAccessToken([SECRET], token, expiresAt - 1)).toEqual({ ...IDENTITY, expiresAt })
  expect(await code(token, [SECRET], expiresAt)).toBe('token_expired')
})

test('a token without a session says so', async () => {
  const token = await signAccessToken([SECRET], { ...IDENTITY, sessionId: undefined }, NOW)
  expect((await readAccessToken([SECRET], token, NOW)).sessionId).toBeUndefined()
})

test('contains only user, version, session and times', async () => {
  const token = await signAccessToken([SECRET], IDENTITY, NOW)
  const [header, payload] = token.split('.').map((part) => {
    try {
      return JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')))
    } catch {
      return undefined
    }
  })
  expect(header).toEqual({ alg: 'HS256', typ: 'JWT', kid: await kidOf(SECRET) })
  expect(Object.keys(payload).sort()).toEqual(['exp', 'iat', 'iss', 'sid', 'sub', 'ver'])
})

test('two secrets are valid at once, and the first one signs', async () => {
  const old = await signAccessToken([OTHER], IDENTITY, NOW)
  expect(await code(old, [SECRET])).toBe('unauthenticated')
  expect(await code(old, [SECRET, OTHER])).toBe('accepted')
  const fresh = await signAccessToken([SECRET, OTHER], IDENTITY, NOW)
  expect(await code(fresh, [SECRET])).toBe('accepted')
  expect(await code(fresh, [OTHER])).toBe('unauthenticated')
})

test('the hand-made token of these tests is accepted if every part is right', async () => {
  expect(await code(await forge(await goodHeader(), goodPayload))).toBe('accepted')
})

test.each([
  ['alg none', { alg: 'none' }],
  ['alg NONE', { alg: 'NONE' }],
  ['alg HS512', { alg: 'HS512' }],
  ['alg RS256', { alg: 'RS256' }],
  ['no alg', { alg: undefined }],
  ['an unknown kid', { kid: '0000000000000000' }],
  ['no kid', { kid: undefined }],
  ['a kid that is a number', { kid: 0 }],
  ['a critical extension', { crit: ['exp'] }],
])('refuses a token with %s', async (_, wrong) => {
  const header = { ...(await goodHeader()), ...wrong }
  expect(await code(await forge(header, goodPayload))).toBe('unauthenticated')
  expect(await code(`${json(header)}.${json(goodPayload)}.`)).toBe('unauthenticated')
})

test.each([
  ['no exp', { exp: undefined }],
  ['an exp that is text', { exp: '99999999999' }],
  ['an exp that is no whole number', { exp: goodPayload.exp + 0.5 }],
  ['an exp of null', { exp: null }],
  ['another issuer', { iss: 'someone' }],
  ['no issuer', { iss: undefined }],
  ['no subject', { sub: undefined }],
  ['a subject that is a number', { sub: 7 }],
  ['a subject of 0', { sub: '0' }],
  ['a subject with SQL', { sub: '1 OR 1=1' }],
  ['no version', { ver: undefined }],
  ['a version that is text', { ver: '3' }],
  ['a session that is a number', { sid: 5 }],
])('refuses a correctly signed token with %s', async (_, wrong) => {
  expect(await code(await forge(await goodHeader(), { ...goodPayload, ...wrong }))).toBe('unauthenticated')
})

test.each([
  ['null', null],
  ['a list', []],
  ['a text', 'x'],
  ['a number', 5],
])('refuses the correctly signed payload %s', async (_, payload) => {
  expect(await code(await forge(await goodHeader(), payload))).toBe('unauthenticated')
})

test('refuses a token signed with another key, or by another hash, or with an edited payload', async () => {
  const header = await goodHeader()
  expect(await code(await forge(header, goodPayload, OTHER))).toBe('unauthenticated')
  expect(await code(await forge(header, goodPayload, SECRET, 'SHA-512'))).toBe('unauthenticated')
  const [head, , signature] = (await forge(header, goodPayload)).split('.')
  expect(await code(`${head}.${json({ ...goodPayload, sub: '1' })}.${signature}`)).toBe('unauthenticated')
  expect(await code(`${head}.${json(goodPayload)}.${signature?.slice(0, -2)}`)).toBe('unauthenticated')
})

test.each([['.'], ['..'], ['...'], ['a.b.c'], ['e30.e30.e30'], ['🐍.🐍.🐍'], ['x'.repeat(500)], ['']])(
  'refuses %s',
  async (text) => {
    expect(await code(text)).toBe('unauthenticated')
  },
)

test('refuses a megabyte of payload without parsing it', async () => {
  const token = await forge(await goodHeader(), { ...goodPayload, more: 'x'.repeat(2 ** 20) })
  expect(await code(token)).toBe('unauthenticated')
})

test('the refusal contains no part of the token', async () => {
  const token = await forge(await goodHeader(), goodPayload, OTHER)
  const error: Error = await readAccessToken([SECRET], token, NOW).catch((e) => e)
  expect(error).toBeInstanceOf(AppError)
  for (const part of token.split('.')) expect(`${error.message} ${error.stack} ${error.cause}`).not.toContain(part)
})

test('no user name looks like a token', async () => {
  const token = await signAccessToken([SECRET], IDENTITY, NOW)
  expect(looksLikeAccessToken(token)).toBe(true)
  expect(looksLikeAccessToken('a'.repeat(30))).toBe(false)
  expect(looksLikeAccessToken(`${'a'.repeat(28)}.b.c`)).toBe(false)
})
