import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Limit } from '../../src/deps.ts'
import { IDEMPOTENCY_RECORD_DAYS, MIN_ANONYMOUS_KEY_LENGTH } from '../../src/idempotency/idempotent.ts'
import { DAY } from '../../src/lib/time.ts'
import { accessToken } from '../support/access-token.ts'
import { insertKey, startService } from '../support/service.ts'

const usernames = async () =>
  (await env.DB.prepare('SELECT username FROM users').all()).results.map(({ username }) => username)

describe('POST /api/users', () => {
  test('makes an account by name and password, and shows no password that was given', async () => {
    const { call } = startService()
    for (const path of ['/api/users', '/api/users/']) {
      const username = `Kick.Sent-${path.length}_`
      const { status, headers, body } = await call(path, { body: { username, password: 'python', email: '' } })
      expect([status, Object.keys(body), body.username]).toEqual([201, ['id', 'username'], username])
      expect((await call(headers.get('Location') as string)).body.id).toBe(body.id)
    }
  })

  test('makes up the name, the password or both', async () => {
    const { call } = startService()
    const bodies = [{}, { password: '' }, { username: 'kicksent' }, { password: 'python' }]
    for (const sent of bodies) {
      const { status, body } = await call('/api/users', { body: sent })
      expect(status).toBe(201)
      expect('password' in body).toBe(sent.password !== 'python')
      const me = await call('/api/users/me', { basic: `${body.username}:${body.password ?? sent.password}` })
      expect(me.body.username).toBe(sent.username ?? body.username)
    }
  })

  test('wants at least {}', async () => {
    const { call } = startService()
    for (const body of [undefined, '']) {
      const { status } = await call('/api/users', { method: 'POST', body })
      expect(status).toBe(400)
    }
    expect(await usernames()).toEqual([])
  })

  test('keeps a name and an email for one user, whatever the case, also when two ask at once', async () => {
    const { call } = startService()
    const create = (username: string, email: string) =>
      call('/api/users', { body: { username, password: 'python', email } })
    const names = await Promise.all(['kick', 'KICK', 'Kick', 'kick'].map((name, i) => create(name, `${i}@example.com`)))
    expect(names.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
    for (const { body } of names.filter(({ status }) => status === 409)) expect(body.code).toBe('username_taken')

    const emails = await Promise.all(
      ['a@example.com', 'A@EXAMPLE.COM', 'a@Example.com'].map((email, i) => create(`user${i}`, email)),
    )
    expect(emails.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    for (const { body } of emails.filter(({ status }) => status === 409)) expect(body.code).toBe('email_taken')
    expect(await usernames()).toHaveLength(2)
  })

  test('shows nobody the email', async () => {
    const { call } = startService()
    const { text } = await call('/api/users', { body: { username: 'kicksent', email: 'a@example.com' } })
    expect(text).not.toContain('example')
  })
})

describe('SIGNUP=key', () => {
  const vars = { SIGNUP: 'key' }

  test('lets a key with users:write make accounts, and nobody else', async () => {
    const { call } = startService({ vars })
    const id = await startService().user('kicksent')
    const create = (by: object) => call('/api/users', { body: { username: 'new', password: 'python' }, ...by })
    expect((await create({})).body.code).toBe('unauthenticated')
    for (const by of [
      { bearer: await insertKey(['metered:read', 'stats:write']) },
      { bearer: await accessToken(id) },
      { basic: 'kicksent:python' },
    ])
      expect((await create(by)).body).toMatchObject({ status: 403, code: 'forbidden', requiredScope: 'users:write' })
    expect(await usernames()).toEqual(['kicksent'])
    expect((await create({ bearer: await insertKey(['users:write']) })).status).toBe(201)
  })

  test('is served by admin too', async () => {
    const { call } = startService({ vars })
    expect((await call('/api/users', { body: {}, bearer: await insertKey(['admin']) })).status).toBe(201)
  })
})

describe('the limit of new accounts', () => {
  /** So many calls a key. */
  function limited(most: number) {
    const counts = new Map<string, number>()
    const signupAddress: Limit = async (key) => {
      counts.set(key, (counts.get(key) ?? 0) + 1)
      return (counts.get(key) ?? 0) <= most
    }
    const any: Limit = async () => true
    return { counts, limits: { loginPair: any, loginName: any, loginAddress: any, signupAddress } }
  }

  test('counts by address, an IPv6 address by its /64, and refuses before it works', async () => {
    const { limits, counts } = limited(2)
    const { call, cost } = startService({ limits })
    const create = (address: string) => call('/api/users', { body: {}, headers: { 'CF-Connecting-IP': address } })
    for (const address of [
      '203.0.113.7',
      '203.0.113.7',
      '203.0.113.8',
      '2001:db8::1',
      '2001:db8:0:0:ffff::2',
      '2001:db8:0:1::1',
    ])
      expect((await create(address)).status, address).toBe(201)
    for (const address of ['203.0.113.7', '::ffff:203.0.113.7', '2001:DB8::3']) {
      const { status, body, headers } = await create(address)
      expect([status, body.code, headers.get('Retry-After')], address).toEqual([429, 'rate_limited', '60'])
    }
    expect((await cost(() => create('203.0.113.7'))).roundTrips).toBe(0)
    expect([...counts.keys()]).toEqual(['203.0.113.7', '203.0.113.8', '2001:db8:0:0::/64', '2001:db8:0:1::/64'])
    expect(await usernames()).toHaveLength(6)
  })

  test('does not hold for users:write, and does for every other caller', async () => {
    const { limits } = limited(0)
    const { call, user } = startService({ limits })
    await expect(user()).rejects.toThrow('rate_limited')
    const id = await startService().user()
    const create = async (by: object) => (await call('/api/users', { body: {}, ...by })).status
    expect(await create({ bearer: await insertKey(['users:write']) })).toBe(201)
    expect(await create({ bearer: await insertKey(['admin']) })).toBe(201)
    expect(await create({ bearer: await insertKey(['stats:write']) })).toBe(429)
    expect(await create({ bearer: await accessToken(id) })).toBe(429)
    expect(await create({ basic: 'kicksent:wrong!' })).toBe(401)
  })

  test('is sixty a minute for an address, as wrangler.toml has it', async () => {
    const allowed = async (address: string) => {
      const answers = await Promise.all(Array.from({ length: 61 }, () => env.SIGNUP_ADDRESS.limit({ key: address })))
      return answers.filter(({ success }) => success).length
    }
    // A second try for when a minute ended in between.
    expect([await allowed('198.51.100.1'), await allowed('198.51.100.2')]).toContain(60)
  })
})

describe('an Idempotency-Key', () => {
  const headers = { 'Idempotency-Key': 'a-key-that-nobody-guesses' }

  test('makes one account of many calls at once, with the same made-up password in each answer', async () => {
    const { call } = startService()
    for (const body of [
      {},
      { username: 'kicksent' },
      { username: 'other', password: 'python', email: 'a@example.com' },
    ]) {
      const key = { 'Idempotency-Key': `${JSON.stringify(body).replace(/[^a-z]/g, '')}-0123456789-0123456789` }
      const answers = await Promise.all(Array.from({ length: 6 }, () => call('/api/users', { body, headers: key })))
      expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201))
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
      expect(new Set(answers.map((answer) => answer.headers.get('Location'))).size).toBe(1)
      expect(answers.filter((answer) => answer.headers.get('Idempotency-Replayed') === 'true')).toHaveLength(5)
    }
    expect(await usernames()).toHaveLength(3)
  })

  test('holds for one request, and for IDEMPOTENCY_RECORD_DAYS', async () => {
    const { call, clock } = startService()
    const first = await call('/api/users', { body: {}, headers })
    expect((await call('/api/users', { body: { username: 'other' }, headers })).body.code).toBe(
      'idempotency_key_reused',
    )
    clock.now += IDEMPOTENCY_RECORD_DAYS * DAY - 1
    expect((await call('/api/users', { body: {}, headers })).text).toBe(first.text)
    clock.now += 1
    expect((await call('/api/users', { body: {}, headers })).body.id).toBe(first.body.id + 1)
  })

  test('does not keep a refusal', async () => {
    const { call, user } = startService()
    const id = await user('kicksent')
    const create = () => call('/api/users', { body: { username: 'kicksent', password: 'python' }, headers })
    expect((await create()).status).toBe(409)
    await call(`/api/users/${id}`, { method: 'DELETE', bearer: await insertKey(['admin']) })
    expect((await create()).status).toBe(201)
  })

  test('encrypts the password that was made up', async () => {
    const { call } = startService()
    const { body } = await call('/api/users', { body: {}, headers })
    const stored = JSON.stringify((await env.DB.prepare('SELECT * FROM idempotency_records').all()).results)
    expect(stored).toContain(body.username)
    expect(stored).not.toContain(body.password)
  })

  test('that is too short is refused without credentials, and taken with them', async () => {
    const { call } = startService()
    const create = (length: number, by: object = {}) =>
      call('/api/users', { body: {}, headers: { 'Idempotency-Key': 'k'.repeat(length) }, ...by })
    const short = await create(MIN_ANONYMOUS_KEY_LENGTH - 1)
    expect([short.status, short.body.errors[0].path]).toEqual([400, 'Idempotency-Key'])
    expect((await create(MIN_ANONYMOUS_KEY_LENGTH)).status).toBe(201)
    expect((await create(1, { bearer: await insertKey(['users:write']) })).status).toBe(201)
  })
})
