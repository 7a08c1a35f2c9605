import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { Queryable } from '../../src/db/wrapped.ts'
import { SECOND } from '../../src/lib/time.ts'
import { insertKey, type Service, startService } from '../support/service.ts'

const PUBLIC = [
  '/api/users',
  '/api/users/',
  '/api/users?limit=1',
  '/api/users/kicksent',
  '/api/users/1/',
  '/api/users/kicksent/stats',
  '/api/stats',
  '/api/leaderboards/sizeXp',
  '/openapi.json',
  '/problems/conflict',
  '/docs',
  '/docs/start.js',
]

test.each(PUBLIC)('answers %s with an ETag, and 304 for that ETag', async (path) => {
  const { call, user } = startService()
  await user()
  const first = await call(path)
  const etag = first.headers.get('ETag') as string
  expect([first.status, first.headers.get('Cache-Control')]).toEqual([200, 'public, no-cache'])
  expect(etag).toMatch(/^"[^"]+"$/)

  const again = await call(path, { headers: { 'If-None-Match': etag } })
  expect([again.status, again.text, again.headers.get('ETag')]).toEqual([304, '', etag])
  expect(again.headers.get('Cache-Control')).toBe('public, no-cache')
  expect((await call(path, { headers: { 'If-None-Match': '"another"' } })).status).toBe(200)
})

test('compares ETags by RFC 9110: weakly, in a list, or *', async () => {
  const { call, user } = startService()
  await user()
  const etag = (await call('/api/users/kicksent')).headers.get('ETag')
  for (const tags of [`W/${etag}`, `"a", ${etag}`, `"a",W/${etag} , "b"`, '*']) {
    expect([tags, (await call('/api/users/kicksent', { headers: { 'If-None-Match': tags } })).status]).toEqual([
      tags,
      304,
    ])
  }
})

test('answers HEAD as GET, without a body', async () => {
  const { call, user } = startService()
  await user()
  for (const path of [...PUBLIC, '/health', '/api/users/me']) {
    const caller = { basic: 'kicksent:python' }
    const [get, head] = [await call(path, caller), await call(path, { ...caller, method: 'HEAD' })]
    expect([path, head.status, head.text]).toEqual([path, get.status, ''])
    for (const name of ['Content-Type', 'ETag', 'Cache-Control', 'Access-Control-Allow-Origin']) {
      expect([path, name, head.headers.get(name)]).toEqual([path, name, get.headers.get(name)])
    }
  }
})

test('changes the ETag if the answer changes', async () => {
  const service = startService()
  const { call, user } = service
  await user()
  const before = (await call('/api/users/kicksent')).headers.get('ETag') as string
  await addSize(service)
  const after = await call('/api/users/kicksent', { headers: { 'If-None-Match': before } })
  expect([after.status, after.body.stats.sizeXp]).toEqual([200, 5])
})

test('never makes a personal answer public, nor gives it to another caller', async () => {
  const { call, user, token } = startService()
  await user()
  const bearer = await token()
  const personal = [
    '/api/users/me',
    '/api/users/%6De',
    '/api/users/me/stats',
    '/api/users/me/export',
    '/api/resource',
    '/api/sessions',
    '/api/keys',
    '/api/credits',
    '/api/leaderboards/sizeXp/around/me',
  ]
  for (const path of personal) {
    for (const service of [startService(), { call }]) {
      const mine = await service.call(path, { bearer })
      expect([path, mine.status >= 500, mine.headers.get('Cache-Control')]).toEqual([path, false, 'no-store'])
      expect(mine.headers.get('ETag')).toBeNull()
      expect([path, (await service.call(path)).status]).toEqual([path, 401])
    }
  }
})

test('never makes an error public', async () => {
  const { call } = startService()
  for (const path of ['/api/users/nobody', '/api/users?limit=0', '/problems/none', '/api/leaderboards/none']) {
    const { headers } = await call(path)
    expect([path, headers.get('Cache-Control'), headers.get('ETag')]).toEqual([path, 'no-store', null])
  }
})

test('reads the database once in CACHE_SECONDS, and again within ten seconds', async () => {
  const service = startService()
  const { call, clock, cost, user } = service
  await user()
  await call('/api/stats') // reads the control rows, which are no part of this
  expect((await cost(() => call('/api/users/kicksent'))).roundTrips).toBe(1)
  expect((await cost(() => call('/api/users/kicksent'))).roundTrips).toBe(0)
  await rename('another')
  expect(await nameOf(service, 1)).toBe('another')
  expect(await nameOf(service, 'kicksent')).toBe('kicksent')
  clock.now += 10 * SECOND
  expect((await call('/api/users/kicksent')).status).toBe(404)
})

test('reads the database again for no-cache', async () => {
  const service = startService()
  await service.user()
  expect(await nameOf(service, 1)).toBe('kicksent')
  await rename('another')
  expect(await nameOf(service, 1, { 'Cache-Control': 'max-age=0, No-Cache' })).toBe('another')
  expect(await nameOf(service, 1)).toBe('another')
})

test('caches nothing from before a write of its own', async () => {
  const service = startService()
  const { call, user } = service
  await user()
  expect((await call('/api/users')).body.users).toEqual(['kicksent'])
  expect((await call('/api/users/kicksent/stats')).body.stats.sizeXp).toBe(0)
  expect((await call('/api/leaderboards/sizeXp')).body.entries).toEqual([])
  await addSize(service)
  await user('second')
  expect((await call('/api/users')).body.users).toEqual(['kicksent', 'second'])
  expect((await call('/api/users/kicksent/stats')).body.stats.sizeXp).toBe(5)
  expect((await call('/api/leaderboards/sizeXp')).body.entries).toHaveLength(1)
})

test('does not cache a response that was read before a write that ended first', async () => {
  const admin = await insertKey(['admin'])
  let meanwhile: (() => Promise<unknown>) | undefined
  const service = startService({ database: (d1) => afterProfile(d1, () => meanwhile?.()) })
  await service.user()
  meanwhile = () => {
    meanwhile = undefined
    return service.call('/api/users/1', { method: 'DELETE', bearer: admin })
  }
  expect(await nameOf(service, 1)).toBe('kicksent') // it was there when it was read
  expect((await service.call('/api/users/1')).status).toBe(404)
})

const nameOf = async ({ call }: Service, user: string | number, headers = {}) =>
  (await call(`/api/users/${user}`, { headers })).body.username

/** Past the service, as another isolate would. */
const rename = (username: string) => env.DB.prepare('UPDATE users SET username = ?').bind(username).run()

const addSize = async ({ call }: Service) =>
  call('/api/users/kicksent/stats', {
    method: 'PATCH',
    body: { changes: { sizeXp: 5 } },
    bearer: await insertKey(['stats:write']),
  })

/** Does `work` after a profile was read, and before it is answered. */
function afterProfile(d1: Queryable, work: () => Promise<unknown> | undefined): Queryable {
  const watched = (statement: D1PreparedStatement): D1PreparedStatement =>
    ({
      bind: (...values: unknown[]) => watched(statement.bind(...values)),
      all: async () => {
        const result = await statement.all()
        await work()
        return result
      },
    }) as unknown as D1PreparedStatement
  return {
    prepare: (query: string) => (query.includes('createdAt') ? watched(d1.prepare(query)) : d1.prepare(query)),
    batch: (statements: D1PreparedStatement[]) => d1.batch(statements),
  } as D1Database
}
