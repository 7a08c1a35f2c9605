import { env } from 'cloudflare:workers'
import { expect, test, vi } from 'vitest'
import { IDEMPOTENCY_RECORD_DAYS, MIN_ANONYMOUS_KEY_LENGTH } from '../../src/idempotency/idempotent.ts'
import { DAY, SECOND } from '../../src/lib/time.ts'
import { everyCall } from '../support/every-call.ts'
import { connectionLost, failing } from '../support/failing.ts'
import { wholeDatabase } from '../support/rows.ts'
import { type Call, insertKey, type Service, startService } from '../support/service.ts'

vi.setConfig({ testTimeout: 60_000 }) // hundreds of calls

const KEY = 'a-key-that-nobody-guesses'
const keyed = (key: string, more: Call = {}): Call => ({
  ...more,
  headers: { 'Idempotency-Key': key, ...more.headers },
})

/** Adds 5 to a stat of kicksent, which shows whether it was done twice. */
const add = ({ call }: Service, key: string, more: Call = {}) =>
  call('/api/users/kicksent/stats', keyed(key, { method: 'PATCH', body: { changes: { sizeXp: 5 } }, ...more }))
const sizeOf = async ({ call }: Service) =>
  (await call('/api/users/kicksent', { headers: { 'Cache-Control': 'no-cache' } })).body.stats.sizeXp

async function withWriter() {
  const service = startService()
  await service.user()
  return { service, bearer: await insertKey(['stats:write']) }
}

test('takes keys of 1 to 255 visible characters', async () => {
  const { service, bearer } = await withWriter()
  for (const key of ['', ' ', 'x'.repeat(256), 'x'.repeat(10_000), 'a b', 'a\tb', 'ü', '\u00a0', '\u007f']) {
    const { status, body } = await add(service, key, { bearer })
    expect([key.slice(0, 9), status, body.errors?.[0].path]).toEqual([key.slice(0, 9), 400, 'Idempotency-Key'])
  }
  expect(await wholeDatabase()).toMatchObject({ stats: [], idempotency_records: [] })
  for (const key of ['x', '~', 'x'.repeat(255), '"quoted"', '{}:;,']) {
    expect([key, (await add(service, key, { bearer })).status]).toEqual([key, 200])
  }
})

test('never receives a key with a line break', () => {
  expect(() => new Headers({ 'Idempotency-Key': 'a\nb' })).toThrow()
  expect(() => new Headers({ 'Idempotency-Key': 'a\r\nX-Other: b' })).toThrow()
})

test('wants a long key without credentials, so that nobody guesses it', async () => {
  const { call } = startService()
  const create = (key: string) => call('/api/users', keyed(key, { body: {} }))
  expect((await create('x'.repeat(MIN_ANONYMOUS_KEY_LENGTH - 1))).body.errors).toEqual([
    { path: 'Idempotency-Key', message: expect.stringContaining(String(MIN_ANONYMOUS_KEY_LENGTH)) },
  ])
  expect((await create('x'.repeat(MIN_ANONYMOUS_KEY_LENGTH))).status).toBe(201)
})

test('gives the first answer again, whatever has happened since', async () => {
  const { service, bearer } = await withWriter()
  const first = await add(service, KEY, { bearer })
  await add(service, 'another', { bearer })
  const again = await add(service, KEY, { bearer })
  expect(first.headers.get('Idempotency-Replayed')).toBeNull()
  expect([again.status, again.text]).toEqual([first.status, first.text])
  expect(again.headers.get('Idempotency-Replayed')).toBe('true')
  expect(again.headers.get('X-Request-Id')).not.toBe(first.headers.get('X-Request-Id'))
  expect(await sizeOf(service)).toBe(10)
})

test('does the work once when fifty ask at once', async () => {
  const { service, bearer } = await withWriter()
  const answers = await Promise.all(Array.from({ length: 50 }, () => add(service, KEY, { bearer })))
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(answers[0]?.status).toBe(200)
  expect(answers.filter(({ headers }) => headers.get('Idempotency-Replayed') === 'true')).toHaveLength(49)
  expect(await sizeOf(service)).toBe(5)
})

test('gives away the same made-up password to each of fifty, and makes one account', async () => {
  const { call } = startService()
  const answers = await Promise.all(Array.from({ length: 50 }, () => call('/api/users', keyed(KEY, { body: {} }))))
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(answers[0]?.body.password).toEqual(expect.any(String))
  expect((await call('/api/users')).body.users).toHaveLength(1)
})

test('refuses a key that belongs to another request: another body, path or method', async () => {
  const { service, bearer } = await withWriter()
  await service.user('second')
  await add(service, KEY, { bearer })
  const changes = { changes: { sizeXp: 5 } }
  const others: [string, Call][] = [
    ['/api/users/kicksent/stats', { method: 'PATCH', body: { changes: { sizeXp: 6 } } }],
    ['/api/users/kicksent/stats', { method: 'PATCH', body: `${JSON.stringify(changes)} ` }],
    ['/api/users/second/stats', { method: 'PATCH', body: changes }],
    ['/api/stats/batch', { body: { changes: [{ username: 'kicksent', stat: 'sizeXp', change: 5 }] } }],
  ]
  for (const [path, options] of others) {
    const { status, body } = await service.call(path, keyed(KEY, { bearer, ...options }))
    expect([path, status, body.code]).toEqual([path, 422, 'idempotency_key_reused'])
  }
  const slash = await service.call('/api/users/kicksent/stats/', keyed(KEY, { bearer, method: 'PATCH', body: changes }))
  expect([slash.status, slash.headers.get('Idempotency-Replayed')]).toEqual([200, 'true'])
  expect(await sizeOf(service)).toBe(5)
})

test('keeps keys per account, whichever credentials it uses; per key where nobody owns it', async () => {
  const service = startService({ vars: { PLAYERS_WRITE_STATS: 'true' } })
  const [id] = [await service.user(), await service.user('second')]
  const own = { bearer: await insertKey(['stats:write'], id) }
  const basic = { basic: 'kicksent:python' }
  const token = { bearer: await service.token() }
  const nobodys = [{ bearer: await insertKey(['stats:write']) }, { bearer: await insertKey(['stats:write']) }]

  const replayed = async (caller: Call) =>
    (await add(service, KEY, caller)).headers.get('Idempotency-Replayed') === 'true'
  expect(await replayed(basic)).toBe(false)
  for (const caller of [basic, token, own]) expect(await replayed(caller)).toBe(true)
  for (const caller of nobodys) expect([await replayed(caller), await replayed(caller)]).toEqual([false, true])
  expect(await sizeOf(service)).toBe(15)

  const email = (basic: string) =>
    service.call(
      '/api/users/me',
      keyed('mail', { method: 'PATCH', basic, body: { currentPassword: 'python', email: '' } }),
    )
  for (const name of ['kicksent:python', 'second:python']) {
    expect((await email(name)).headers.get('Idempotency-Replayed')).toBeNull()
  }
})

test('keeps a record for IDEMPOTENCY_RECORD_DAYS', async () => {
  const { service, bearer } = await withWriter()
  const begin = service.clock.now
  await add(service, KEY, { bearer })
  service.clock.now = begin + IDEMPOTENCY_RECORD_DAYS * DAY - SECOND
  expect((await add(service, KEY, { bearer })).headers.get('Idempotency-Replayed')).toBe('true')
  service.clock.now = begin + IDEMPOTENCY_RECORD_DAYS * DAY
  expect((await add(service, KEY, { bearer })).headers.get('Idempotency-Replayed')).toBeNull()
  expect(await sizeOf(service)).toBe(10)
})

test('keeps a record across a change of the server secret', async () => {
  const { service, bearer } = await withWriter()
  await add(service, KEY, { bearer })
  const TOKEN_SECRET_PREVIOUS = 'a-secret-for-tests-only-0123456789'
  const later = startService({
    vars: { TOKEN_SECRET: 'another-secret-of-32-characters-at-least', TOKEN_SECRET_PREVIOUS },
  })
  expect((await add(later, KEY, { bearer })).headers.get('Idempotency-Replayed')).toBe('true')
})

test('records nothing but a 2xx', async () => {
  const { call, user } = startService()
  await user()
  const create = (username: string) => call('/api/users', keyed(KEY, { body: { username, password: 'python' } }))
  expect((await create('kicksent')).status).toBe(409)
  expect((await create('a/b')).status).toBe(400)
  expect((await call('/api/users', keyed(KEY, { body: 'nonsense' }))).status).toBe(400)
  expect((await wholeDatabase()).idempotency_records).toEqual([])
  expect((await create('second')).status).toBe(201)
  expect((await create('second')).headers.get('Idempotency-Replayed')).toBe('true')
})

test('is free again after a failure of the service, which leaves neither the work nor the record', async () => {
  const healthy = startService()
  await healthy.user()
  const bearer = await insertKey(['admin'])
  await healthy.call('/api/service', { bearer }) // notes when the key was last used
  const before = await wholeDatabase()
  const calls: [string, Call][] = [
    ['/api/users', { body: { username: 'second' } }],
    ['/api/users/kicksent/stats', { method: 'PATCH', body: { changes: { sizeXp: 5 } }, bearer }],
    ['/api/users/kicksent', { method: 'PATCH', body: { email: 'a@b.c' }, bearer }],
    ['/api/users/kicksent/password-reset', { method: 'POST', bearer }],
    ['/api/users/kicksent/credits/grants', { body: { amount: 5, reason: 'x' }, bearer }],
    ['/api/keys', { body: { name: 'k', scopes: ['metered:read'], username: 'kicksent' }, bearer }],
    ['/api/webhooks', { body: { url: 'https://example.com', events: ['credits.low'] }, bearer }],
    ['/stopServer', { method: 'POST', bearer }],
  ]
  const broken = startService({ database: failing(connectionLost, 'INSERT INTO idempotency_records'), log: () => {} })
  for (const [path, options] of calls) {
    expect([path, (await broken.call(path, keyed(KEY + path, options))).status]).toEqual([path, 503])
  }
  expect(await wholeDatabase()).toEqual(before)
  for (const [path, options] of calls) {
    const { status, headers } = await healthy.call(path, keyed(KEY + path, options))
    expect([path, status < 300, headers.get('Idempotency-Replayed')]).toEqual([path, true, null])
  }
})

test('makes every write repeatable, and what costs credits', async () => {
  const { service, calls } = await everyCall()
  const repeatable = calls.filter(
    ({ operation }) => /^(POST|PATCH) |^GET \/api\/v1\.0\//.test(operation) && operation !== 'POST /api/users/lookup',
  )
  for (const { operation, path, options } of repeatable) {
    const repeated = keyed(`${operation.replace(' ', '')}${KEY}`, options)
    const [first, again] = [await service.call(path, repeated), await service.call(path, repeated)]
    expect([operation, first.status < 300, first.headers.get('Idempotency-Replayed')]).toEqual([operation, true, null])
    expect([operation, again.status, again.text]).toEqual([operation, first.status, first.text])
    expect([operation, again.headers.get('Idempotency-Replayed')]).toEqual([operation, 'true'])
    expect([operation, again.headers.get('Location')]).toEqual([operation, first.headers.get('Location')])
  }
})

test('keeps neither the key, nor a password, nor anything by which one could be guessed', async () => {
  const { call } = startService()
  const password = 'hunter2-of-kicksent'
  const body = JSON.stringify({ username: 'kicksent', password })
  await call('/api/users', keyed(KEY, { body }))
  const { body: madeUp } = await call('/api/users', keyed(`${KEY}2`, { body: {} }))
  const { results } = await env.DB.prepare('SELECT * FROM idempotency_records').all<Record<string, string>>()
  expect(results).toHaveLength(2)
  const stored = JSON.stringify(results)
  for (const secret of [KEY, password, madeUp.password, 'scrypt']) expect(stored).not.toContain(secret)

  const bytes = (text: string) => new TextEncoder().encode(text)
  for (const text of [body, password, `POST\n/api/users\n\n${body}`]) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(text)))
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
    const base64 = btoa(String.fromCharCode(...digest))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
    for (const form of [hex, base64]) expect(stored).not.toContain(form)
  }
})
