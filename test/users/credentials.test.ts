import { env } from 'cloudflare:workers'
import { afterEach, expect, test, vi } from 'vitest'
import type { Queryable } from '../../src/db/wrapped.ts'
import { MINUTE } from '../../src/lib/time.ts'
import * as password from '../../src/users/password.ts'
import { hasCost, hashPassword } from '../../src/users/password.ts'
import { insertKey, type Service, startService } from '../support/service.ts'

const basic = 'kicksent:python'
const tokenFor = (service: Service, credentials: string, headers: Record<string, string> = {}) =>
  service.call('/api/token', { basic: credentials, headers })
const storedHash = () => env.DB.prepare('SELECT password_hash FROM users WHERE id = 1').first<string>('password_hash')

/** Which stored hashes were checked, and how often a new one was made. The real functions do the work. */
function watchHashing() {
  const verify = vi.spyOn(password, 'verifyPassword')
  const hash = vi.spyOn(password, 'hashPassword')
  return { checked: () => verify.mock.calls.map(([, stored]) => stored), made: () => hash.mock.calls.length }
}

afterEach(() => vi.restoreAllMocks())

const withoutRequestId = (text: string) => text.replace(/"requestId":"[^"]+"/, '')

test('an unknown user, a wrong password and a user without a password get the same answer, after the same hash', async () => {
  const service = startService()
  await service.user()
  await service.user('passwordless', 'python')
  await env.DB.prepare("UPDATE users SET password_hash = NULL WHERE username = 'passwordless'").run()
  const seen = watchHashing()
  const answers = []
  for (const credentials of ['kicksent:wrong', 'nobody:wrong', 'passwordless:wrong', 'no name at all!:wrong']) {
    answers.push(await tokenFor(service, credentials))
  }
  expect(new Set(answers.map(({ status, text }) => `${status} ${withoutRequestId(text)}`)).size).toBe(1)
  expect(answers[0]?.body.code).toBe('invalid_credentials')
  const headerNames = answers.map(({ headers }) => [...headers.keys()].join())
  expect(new Set(headerNames).size).toBe(1)

  const costs = seen.checked().map((hash) => hash.split('$')[2])
  expect(costs).toEqual(Array(4).fill('ln=4,r=8,p=1'))
  expect(new Set(seen.checked()).size).toBe(2) // the user's own, and the decoy
  expect(seen.made()).toBe(0)
})

test('a second call with the same Basic costs one row and no hash, for a minute', async () => {
  const service = startService()
  await service.user()
  await tokenFor(service, basic)
  const seen = watchHashing()
  const again = await service.cost(() => tokenFor(service, basic))
  expect(again).toMatchObject({ roundTrips: 1, rowsRead: 1, rowsWritten: 0 })
  expect(seen.checked()).toHaveLength(0)
  service.clock.now += MINUTE
  expect((await tokenFor(service, basic)).status).toBe(200)
  expect(seen.checked()).toHaveLength(1)
})

test('the cache of verified credentials does not accept another password or name', async () => {
  const service = startService()
  await service.user()
  await service.user('other', 'python2')
  await tokenFor(service, basic)
  for (const credentials of ['kicksent:python2', 'kicksent:Python', 'kicksent:', 'other:python', 'kicksen:tpython'])
    expect((await tokenFor(service, credentials)).status).toBe(401)
  expect((await tokenFor(service, 'KICKSENT:python')).status).toBe(200)
})

test('the old password is refused at once after a change, though it is cached as verified', async () => {
  const here = startService()
  await here.user()
  const there = startService()
  for (const service of [here, there]) expect((await tokenFor(service, basic)).status).toBe(200)
  const body = { currentPassword: 'python', newPassword: 'python3' }
  await here.call('/api/users/me', { method: 'PATCH', basic, body })
  for (const service of [here, there]) {
    expect((await tokenFor(service, basic)).status).toBe(401)
    expect((await tokenFor(service, 'kicksent:python3')).status).toBe(200)
  }
})

test('a deleted user is refused, even after somebody else takes the name', async () => {
  const here = startService()
  await here.user()
  const there = startService()
  await tokenFor(there, basic)
  await here.call('/api/users/me', { method: 'DELETE', basic, body: { currentPassword: 'python' } })
  expect((await tokenFor(there, basic)).status).toBe(401)
  await here.user('kicksent', 'another')
  expect((await tokenFor(there, basic)).status).toBe(401)
})

test('a disabled user is refused, though cached as verified, and a wrong password does not reveal that', async () => {
  const service = startService()
  await service.user()
  await tokenFor(service, basic)
  await service.call('/api/users/kicksent', {
    method: 'PATCH',
    bearer: await insertKey(['admin']),
    body: { disabled: true },
  })
  const refused = await tokenFor(service, basic)
  expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
  expect((await tokenFor(service, 'kicksent:wrong')).body.code).toBe('invalid_credentials')
})

test('replaces a hash of another cost at the next log-in of its user', async () => {
  const service = startService()
  await service.user()
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
  const old = hashPassword({ random }, 'python', { ln: 6, r: 4, p: 2 })
  await env.DB.prepare('UPDATE users SET password_hash = ?').bind(old).run()

  await tokenFor(service, 'kicksent:wrong')
  expect(await storedHash()).toBe(old)
  expect((await tokenFor(service, basic)).status).toBe(200)
  const rewritten = (await storedHash()) as string
  expect(hasCost(rewritten, { ln: 4, r: 8, p: 1 })).toBe(true)

  const seen = watchHashing()
  expect((await tokenFor(service, basic)).status).toBe(200)
  expect(seen.checked()).toHaveLength(0)
  expect((await tokenFor(startService(), basic)).status).toBe(200)
  expect(await storedHash()).toBe(rewritten)
})

test('replacing a hash does not undo a concurrent change of the password', async () => {
  const service = startService()
  await service.user()
  const dearer = startService({
    vars: { SCRYPT_LN: '5' },
    database: (d1) =>
      new Proxy(d1, {
        get(target, name) {
          if (name !== 'prepare') return Reflect.get(target, name).bind(target)
          return (query: string) => {
            const changesHash = /^update "users" set "password_hash"/i.test(query)
            return changesHash ? changedFirst(target, query) : target.prepare(query)
          }
        },
      }),
  })
  await tokenFor(dearer, basic)
  expect(await storedHash()).toBe('changed')
})

/** The statement, before whose run another call changes the password. */
function changedFirst(d1: Queryable, query: string): D1PreparedStatement {
  const statement = d1.prepare(query)
  return {
    bind: (...values: unknown[]) => {
      const bound = statement.bind(...values)
      const first = () => d1.prepare("UPDATE users SET password_hash = 'changed'").run()
      return new Proxy(bound, {
        get: (target, name) =>
          name === 'all' || name === 'run'
            ? async () => {
                await first()
                return target[name]()
              }
            : Reflect.get(target, name),
      })
    },
  } as unknown as D1PreparedStatement
}

test('counts each attempt before any hash, by name and address, and answers 429 past the limit', async () => {
  const counted: string[] = []
  const limitTo = (name: string, most: number) => {
    const seen = new Map<string, number>()
    return async (key: string) => {
      counted.push(`${name} ${key}`)
      seen.set(key, (seen.get(key) ?? 0) + 1)
      return (seen.get(key) as number) <= most
    }
  }
  const free = async () => true
  const service = startService({
    limits: {
      loginPair: limitTo('pair', 3),
      loginName: limitTo('name', 5),
      loginAddress: limitTo('address', 7),
      signupAddress: free,
    },
  })
  await service.user()
  const seen = watchHashing()
  const from = (address: string, credentials: string) => tokenFor(service, credentials, { 'CF-Connecting-IP': address })
  const statuses = async (...calls: [string, string][]) => {
    const all = []
    for (const [address, credentials] of calls) all.push((await from(address, credentials)).status)
    return all
  }

  // A name from an address: 3. Whatever its case, for a name that does not exist too.
  expect(
    await statuses(
      ['192.0.2.1', 'kicksent:no'],
      ['192.0.2.1', 'KICKSENT:no'],
      ['192.0.2.1', 'Kicksent:no'],
      ['192.0.2.1', 'kicksent:no'],
    ),
  ).toEqual([401, 401, 401, 429])
  expect(seen.checked()).toHaveLength(3)
  const refused = await from('192.0.2.1', basic)
  expect([refused.status, refused.body.code, refused.headers.get('Retry-After')]).toEqual([429, 'rate_limited', '60'])
  expect(seen.checked()).toHaveLength(3)
  // The name: 5 in all, from wherever; those above counted.
  expect(await statuses(['192.0.2.2', basic])).toEqual([429])
  // An address: 7, an IPv6 address by its /64.
  const names = Array.from({ length: 8 }, (_, i) => [`2001:db8::${i}`, `nobody${i}:no`] as [string, string])
  expect(await statuses(...names)).toEqual([401, 401, 401, 401, 401, 401, 401, 429])
  expect(await statuses(['2001:db8:0:1::1', 'nobody9:no'])).toEqual([401])
  // Nothing that is counted contains a name or a password.
  expect(counted.join()).not.toMatch(/kicksent|nobody|python/i)
})

test('a refused attempt gets the same answer for known and unknown names', async () => {
  const never = async () => false
  const service = startService({
    limits: { loginPair: never, loginName: never, loginAddress: never, signupAddress: async () => true },
  })
  await service.user()
  const seen = watchHashing()
  const answers = [await tokenFor(service, basic), await tokenFor(service, 'nobody:python')]
  expect(new Set(answers.map(({ status, text }) => `${status} ${withoutRequestId(text)}`)).size).toBe(1)
  expect(answers[0]?.status).toBe(429)
  expect(seen.checked()).toHaveLength(0)
})

test('cached credentials do not count as an attempt', async () => {
  let attempts = 0
  const limit = async () => ++attempts <= 3
  const service = startService({
    limits: { loginPair: limit, loginName: limit, loginAddress: limit, signupAddress: async () => true },
  })
  await service.user()
  for (let i = 0; i < 5; i++) expect((await tokenFor(service, basic)).status).toBe(200)
  expect(attempts).toBe(3)
})

test('the limits of wrangler.toml apply: 429 after ten attempts for a name from an address', async () => {
  const service = startService({ limits: undefined })
  const statuses: number[] = []
  // More than twice ten, should the minute turn in between.
  for (let i = 0; i < 22; i++) {
    statuses.push((await tokenFor(service, 'somebody:no', { 'CF-Connecting-IP': '198.51.100.7' })).status)
  }
  expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401))
  expect(statuses).toContain(429)
  const elsewhere = await tokenFor(service, 'somebody:no', { 'CF-Connecting-IP': '198.51.100.8' })
  expect(elsewhere.status).toBe(401)
})

test('a password in the body is limited too', async () => {
  const never = async () => false
  const service = startService({
    limits: { loginPair: never, loginName: never, loginAddress: never, signupAddress: async () => true },
  })
  await service.user()
  const body = { username: 'kicksent', password: 'python', email: 'a@example.com' }
  expect((await service.call('/api/users/update', { body })).status).toBe(429)
})
