import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { MAX_EMAIL_LENGTH } from '../../src/users/users.schema.ts'
import { accessToken } from '../support/access-token.ts'
import { wholeDatabase } from '../support/rows.ts'
import { insertKey, startService } from '../support/service.ts'

const key = { 'Idempotency-Key': 'a-key-that-nobody-guesses' }

/** Every write of the room, each with a body that it takes. */
async function writes() {
  const service = startService()
  const bearer = await accessToken(await service.user('kicksent', 'python'))
  const admin = await insertKey(['admin'])
  // Its first use is noted in its row; from then on nothing is for an hour.
  await service.call('/api/users/nobody', { method: 'DELETE', bearer: admin })
  return {
    ...service,
    bearer,
    admin,
    writes: [
      { path: '/api/users', method: 'POST', valid: { username: 'new', password: 'python', email: 'a@example.com' } },
      { path: '/api/users/lookup', method: 'POST', valid: { usernames: ['kicksent'] } },
      {
        path: '/api/users/update',
        method: 'POST',
        valid: { username: 'kicksent', password: 'python', new_password: 'python3' },
      },
      { path: '/api/users/me', method: 'PATCH', valid: { currentPassword: 'python', newPassword: 'python3' }, bearer },
      { path: '/api/users/me', method: 'DELETE', valid: { currentPassword: 'python' }, bearer },
      { path: '/api/users/kicksent', method: 'PATCH', valid: { username: 'renamed', disabled: true }, bearer: admin },
      { path: '/api/password-reset', method: 'POST', valid: { token: 'rst_x', newPassword: 'python3' } },
    ],
  }
}

/** With something short enough for a title in front. */
const titled = (text: string): [string, string] => [
  text.length > 50 ? `of ${text.length} characters` : JSON.stringify(text),
  text,
]

const nested = (depth: number) => `${'{"username":'.repeat(depth)}1${'}'.repeat(depth)}`

/** What is no body of any call -> the status it gets. */
const noBodies: [string, string | Uint8Array, number][] = [
  ['null', 'null', 400],
  ['[]', '[]', 400],
  ['"x"', '"x"', 400],
  ['1', '1', 400],
  ['true', 'true', 400],
  ['blank', ' ', 400],
  ['cut off', '{"username":"kick', 400],
  ['two objects', '{}{}', 400],
  ['NaN', '{"username":NaN}', 400],
  ['nested a thousand deep', nested(1000), 400],
  ['arrays nested a thousand deep', `${'['.repeat(1000)}${']'.repeat(1000)}`, 400],
  ['no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), 400],
  ['an unknown field', '{"role":"admin"}', 400],
  [
    '__proto__',
    '{"__proto__":{"username":"proto","usernames":["a"],"currentPassword":"python","password":"python"}}',
    400,
  ],
  ['constructor', '{"constructor":{"prototype":{"admin":true}}}', 400],
  ['65 KiB', JSON.stringify({ username: 'x'.repeat(65 * 1024) }), 413],
]

test.each(noBodies)('a body that is %s is refused by every call, and leaves no trace', async (_, body, status) => {
  const { call, writes: calls } = await writes()
  const before = await wholeDatabase()
  for (const { path, method, bearer } of calls) {
    const answer = await call(path, { method, body, headers: key, ...(bearer && { bearer }) })
    expect(answer.status, `${method} ${path}`).toBe(status)
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
  }
  expect(await wholeDatabase()).toEqual(before)
})

test('a body that is not declared as JSON is refused by every call', async () => {
  const { call, writes: calls } = await writes()
  const before = await wholeDatabase()
  for (const { path, method, valid, bearer } of calls)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', '']) {
      const answer = await call(path, {
        method,
        body: valid,
        headers: { 'Content-Type': type },
        ...(bearer && { bearer }),
      })
      expect(answer.status, `${method} ${path} ${type}`).toBe(415)
    }
  expect(await wholeDatabase()).toEqual(before)
})

test('a field too many is named, and the rest of the call not done', async () => {
  const { call, writes: calls } = await writes()
  const before = await wholeDatabase()
  for (const { path, method, valid, bearer } of calls) {
    const { status, body } = await call(path, { method, body: { ...valid, isAdmin: true }, ...(bearer && { bearer }) })
    expect([status, body.errors], `${method} ${path}`).toEqual([
      400,
      [{ path: 'isAdmin', message: expect.any(String) }],
    ])
  }
  expect(await wholeDatabase()).toEqual(before)
})

test('a field of another type is refused, whatever it is', async () => {
  const { call, writes: calls } = await writes()
  const before = await wholeDatabase()
  for (const { path, method, valid, bearer } of calls)
    for (const field of Object.keys(valid))
      for (const value of ['1', '{}', '["x"]', '1e400', '9007199254740992', field === 'disabled' ? '"true"' : 'true']) {
        if (field === 'usernames' && value === '["x"]') continue
        const others = Object.entries(valid).filter(([name]) => name !== field)
        const body = `{${[...others.map(([name, text]) => `"${name}":${JSON.stringify(text)}`), `"${field}":${value}`]}}`
        const answer = await call(path, { method, body, ...(bearer && { bearer }) })
        expect(answer.status, `${method} ${path} ${body}`).toBe(400)
        expect(answer.body.errors[0].path).toMatch(new RegExp(`^${field}`))
      }
  expect(await wholeDatabase()).toEqual(before)
})

const noNames = [
  '',
  'x'.repeat(33),
  'x'.repeat(10_000),
  '123',
  '1',
  '.',
  '..',
  '-_.',
  'a/b',
  'a b',
  ' a',
  'a\n',
  'a\0',
  'аdmin',
  'ａｂｃ',
  'kıck',
  'ſ',
  'İstanbul',
  'e\u0301',
  '\u202eabc',
  '🐍a',
  'me',
  'ME',
  'update',
  'Lookup',
  '<b>',
  'a"b',
  "a'--",
  'a%20b',
]

test.each(noNames.map(titled))('the name %s is given to nobody, and finds nobody', async (_, username) => {
  const { call, admin, bearer } = await writes()
  const before = await wholeDatabase()
  const created = await call('/api/users', { body: { username, password: 'python' } })
  expect([created.status, created.body.errors?.[0].path]).toEqual([400, 'username'])
  if (username !== '') {
    const renamed = await call('/api/users/kicksent', { method: 'PATCH', bearer: admin, body: { username } })
    expect(renamed.status).toBe(400)
  }
  expect((await call('/api/users/lookup', { body: { usernames: [username] } })).body).toEqual({ users: [] })
  const shown = await call(`/api/users/${encodeURIComponent(username)}`)
  const expected: Record<string, number> = { '': 200, '.': 200, '..': 404, me: 401, update: 405, '1': 200 }
  expect(shown.status).toBe(expected[username] ?? 404)
  const old = await call('/api/users/update', { body: { username, password: 'python' } })
  expect(old.status).toBe(username === '' || username.length > 128 ? 400 : 401)
  expect((await call('/api/users/me', { basic: `${username}:python` })).status).toBe(401)
  expect((await call('/api/users/me', { bearer })).status).toBe(200)
  expect(await wholeDatabase()).toEqual(before)
})

test.each([
  'x',
  'x'.repeat(32),
  'a1',
  '1a',
  '_a',
  '.a.',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'meme',
  'lookup2',
])('the name %j is like any other', async (username) => {
  const { call, user } = startService()
  const id = await user(username)
  expect((await call(`/api/users/${username.toUpperCase()}`)).body).toMatchObject({ id, username })
  expect((await call('/api/users/lookup', { body: { usernames: [username] } })).body.users).toHaveLength(1)
  expect((await call('/api/users')).body.users).toEqual([username])
  expect((await call('/api/users/me', { basic: `${username}:python` })).body.id).toBe(id)
})

const paths = [
  '%2e',
  '%2e%2e',
  '%2E%2E%2Fme',
  'kicksent%2F',
  'kicksent%2Fme',
  '%00',
  'kicksent%00',
  '%ff',
  '%',
  '%zz',
  '%E0%A4%A',
  ';',
  '*',
  'kicksent;x',
  'kicksent%0d%0a',
  '\\..\\',
  "'",
  '1%27%20OR%201=1',
  '99999999999999999999',
]

test.each(paths)('the path /api/users/%s finds nobody and breaks nothing', async (path) => {
  const { call, admin } = await writes()
  const before = await wholeDatabase()
  for (const method of ['GET', 'PATCH', 'DELETE', 'PUT'])
    for (const end of ['', '/password-reset', '/export']) {
      const { status } = await call(`/api/users/${path}${end}`, {
        method,
        bearer: admin,
        ...(method === 'PATCH' && { body: { disabled: true } }),
      })
      expect(status === 200 ? method : status, `${method} ${path}${end}`).toSatisfy(
        (s) => s === 'GET' || s === 404 || s === 405 || s === 403,
      )
    }
  expect(await wholeDatabase()).toEqual(before)
})

const noEmails = [
  `${'x'.repeat(109)}@example.com`,
  'no-at',
  '@',
  'a@',
  '@b',
  'a@b@c',
  'a b@example.com',
  'a@exa mple.com',
  'a\n@example.com',
  'a\0@example.com',
  '\ud800@example.com',
]

test.each(noEmails.map(titled))('the email %s is refused', async (_, email) => {
  const { call, writes: calls } = await writes()
  const before = await wholeDatabase()
  for (const { path, method, valid, bearer } of calls.filter(
    ({ path, method }) => /users(\/update|\/kicksent)?$/.test(path) || method === 'PATCH',
  )) {
    const { status, body } = await call(path, { method, body: { ...valid, email }, ...(bearer && { bearer }) })
    expect([status, body.errors?.[0].path], path).toEqual([400, 'email'])
  }
  expect(await wholeDatabase()).toEqual(before)
})

test('the longest email is taken', async () => {
  const { call } = startService()
  const email = '@example.com'.padStart(MAX_EMAIL_LENGTH, 'x')
  expect((await call('/api/users', { body: { username: 'kicksent', password: 'python', email } })).status).toBe(201)
  expect((await call('/api/users/me', { basic: 'kicksent:python' })).body.email).toBe(email)
})

test.each(['x'.repeat(256), '', 'a b', '\u007f'].map(titled))('the Idempotency-Key %s is refused', async (_, text) => {
  const { call, writes: calls } = await writes()
  const before = await wholeDatabase()
  for (const { path, method, valid, bearer } of calls.filter(
    ({ path, method }) => method !== 'DELETE' && !path.endsWith('/lookup'),
  )) {
    const { status, body } = await call(path, {
      method,
      body: valid,
      headers: { 'Idempotency-Key': text },
      ...(bearer && { bearer }),
    })
    expect([status, body.errors?.[0].path], path).toEqual([400, 'Idempotency-Key'])
  }
  expect(await wholeDatabase()).toEqual(before)
})

test('what is sent as a password is in no answer and no log', async () => {
  const { call, logged, writes: calls } = await writes()
  const secret = 'correct-horse-battery-staple'
  for (const { path, method, bearer } of calls)
    for (const body of [
      { password: secret, currentPassword: secret, newPassword: secret, new_password: secret, token: secret },
      `{"password":"${secret}"`,
    ]) {
      const { text } = await call(path, { method, body, ...(bearer && { bearer }) })
      expect(text).not.toContain(secret)
    }
  await call('/api/users', { body: { username: 'new', password: secret } })
  await call('/api/users/me', { basic: `new:${secret}` })
  expect(JSON.stringify(logged)).not.toContain(secret)
  expect(JSON.stringify(await env.DB.prepare('SELECT * FROM users').all())).not.toContain(secret)
})
