import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_USERS, MAX_LOOKUP, MAX_USERS } from '../../src/users/users.schema.ts'
import { accessToken } from '../support/access-token.ts'
import { insertKey, NOON, type Service, startService } from '../support/service.ts'

const insertUsers = (usernames: string[]) =>
  env.DB.prepare('INSERT INTO users (username, created_at) SELECT value, ? FROM json_each(?)')
    .bind(NOON, JSON.stringify(usernames))
    .run()

const insertStats = (userId: number, stats: Record<string, number>) =>
  env.DB.prepare('INSERT INTO stats (user_id, stat, value) SELECT ?, key, value FROM json_each(?)')
    .bind(userId, JSON.stringify(stats))
    .run()

/** What every isolate reads each few seconds is none of a call's cost. */
const readSharedState = (call: Service['call']) => call('/api/users/nobody')

describe('a profile', () => {
  test('shows each stat under its own name, and its level', async () => {
    const { call, user } = startService()
    const values = {
      meleeAtkXp: 1,
      magicAtkXp: 2,
      rangeAtkXp: 3,
      healthXp: 400,
      shieldXp: 5,
      evasionXp: 6,
      sizeXp: 7,
      blockXp: 8,
      resistXp: 9,
      speedXp: 10,
    }
    await insertStats(await user('kicksent', 'python', { email: 'a@example.com' }), values)
    const { status, body, text } = await call('/api/users/kicksent')
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['id', 'username', 'createdAt', 'stats', 'levels'])
    expect(body.stats).toEqual(values)
    expect(body.levels).toHaveLength(10)
    expect(body.levels).toContainEqual({ stat: 'healthXp', xp: 400, level: 3, levelXp: 300, nextLevelXp: 600 })
    expect(body.levels).toContainEqual({ stat: 'shieldXp', xp: 5, level: 1, levelXp: 0, nextLevelXp: 100 })
    expect(text).not.toMatch(/email|example|mageAtkXp|ResistXp/)
  })

  test('does not show what is no longer in the catalog', async () => {
    const { call, user } = startService()
    await insertStats(await user(), { mageAtkXp: 7 })
    expect(Object.values((await call('/api/users/kicksent')).body.stats)).toEqual(Array(10).fill(0))
  })

  test('is found by name in any case and by id, and a missing one is 404', async () => {
    const { call, user } = startService()
    const id = await user('KickSent')
    for (const ref of ['KickSent', 'kicksent', 'KICKSENT', id])
      for (const slash of ['', '/'])
        expect((await call(`/api/users/${ref}${slash}`)).body).toMatchObject({ id, username: 'KickSent' })
    for (const ref of ['nobody', id + 1, '0', `0${id}`, '9007199254740993', '-1', '1.0'])
      expect((await call(`/api/users/${ref}`)).status, String(ref)).toBe(404)
  })

  test('costs one round trip, and none when it was asked for in the last seconds', async () => {
    const { call, user, cost, clock } = startService()
    await insertStats(await user(), { healthXp: 7 })
    await insertUsers(Array.from({ length: 10_000 }, (_, i) => `user${i}`))
    const ask = () => call('/api/users/kicksent')
    const wait = async (milliseconds: number) => {
      clock.now += milliseconds
      await readSharedState(call)
    }
    await readSharedState(call)
    expect(await cost(ask)).toMatchObject({ roundTrips: 1, rowsRead: 2, rowsWritten: 0 })
    expect((await cost(ask)).roundTrips).toBe(0)
    await wait(7_000)
    expect((await cost(ask)).roundTrips).toBe(0)
    await wait(3_000)
    expect((await cost(ask)).roundTrips).toBe(1)
    expect(
      (await cost(() => call('/api/users/kicksent', { headers: { 'Cache-Control': 'no-cache' } }))).roundTrips,
    ).toBe(1)
  })

  test('shows a write of the same isolate at once, and is not read anew for a look-up', async () => {
    const { call, user, cost } = startService()
    await user()
    await call('/api/users/kicksent')
    await call('/api/users/lookup', { body: { usernames: ['kicksent'] } })
    expect((await cost(() => call('/api/users/kicksent'))).roundTrips).toBe(0)
    await call('/api/users/kicksent', {
      method: 'PATCH',
      bearer: await insertKey(['admin']),
      body: { username: 'renamed' },
    })
    expect((await call('/api/users/kicksent')).status).toBe(404)
    expect((await call('/api/users/1')).body.username).toBe('renamed')
  })

  test('gives 304 to who has it already', async () => {
    const { call, user } = startService()
    await user()
    const { headers } = await call('/api/users/kicksent')
    expect(headers.get('Cache-Control')).toBe('public, no-cache')
    const again = await call('/api/users/kicksent', { headers: { 'If-None-Match': headers.get('ETag') as string } })
    expect([again.status, again.text]).toEqual([304, ''])
  })
})

describe('me', () => {
  test('is the caller, with email, at both paths and in any form of credentials, and never public', async () => {
    const { call, user } = startService()
    const id = await user('kicksent', 'python', { email: 'a@example.com' })
    const token = await accessToken(id)
    for (const path of ['/api/users/me', '/api/users/me/', '/api/resource', '/api/resource/']) {
      for (const credentials of [{ bearer: token }, { basic: `${token}:unused` }, { basic: 'kicksent:python' }]) {
        const { status, headers, body } = await call(path, credentials)
        expect([status, body.id, body.username, body.email], path).toEqual([200, id, 'kicksent', 'a@example.com'])
        expect([headers.get('Cache-Control'), headers.get('ETag')]).toEqual(['no-store', null])
      }
    }
  })

  test('needs credentials of a user', async () => {
    const { call, user } = startService()
    const key = await insertKey(['metered:read'], await user())
    for (const path of ['/api/users/me', '/api/resource']) {
      const refused = await call(path)
      expect([refused.status, refused.body.code]).toEqual([401, 'unauthenticated'])
      expect(refused.headers.get('WWW-Authenticate')).toMatch(/^Bearer/)
      expect((await call(path, { bearer: key })).status).toBe(403)
    }
  })

  test('is nobody else in another spelling, whoever asked before', async () => {
    const { call, user } = startService()
    const bearer = await accessToken(await user())
    for (const path of ['/api/users/ME', '/api/users/Me', '/api/users/m%65']) {
      await call(path, { bearer })
      const { status, text } = await call(path)
      expect(status, path).toBeGreaterThanOrEqual(400)
      expect(text).not.toContain('kicksent')
    }
  })
})

describe('a look-up', () => {
  test('gives those who exist, each once, in the order asked for', async () => {
    const { call, user } = startService()
    for (const username of ['anna', 'Bert', 'carl'])
      await user(username, 'python', { email: `${username}@example.com` })
    await insertStats(3, { healthXp: 7 })
    const { status, body, text } = await call('/api/users/lookup', {
      body: { usernames: ['CARL', 'nobody', 'bert', 'anna', 'Carl', 'me', '1', '', 'no name', 'x'.repeat(10_000)] },
    })
    expect(status).toBe(200)
    expect(body.users.map(({ username }: { username: string }) => username)).toEqual(['carl', 'Bert', 'anna'])
    expect(body.users[0]).toEqual((await call('/api/users/carl')).body)
    expect(text).not.toMatch(/email|example/)
  })

  test('takes up to MAX_LOOKUP names in one round trip', async () => {
    const { call, cost } = startService()
    await insertUsers(Array.from({ length: 10_000 }, (_, i) => `user${i}`))
    const usernames = Array.from({ length: MAX_LOOKUP }, (_, i) => `user${i * 7}`)
    await readSharedState(call)
    let answer: Awaited<ReturnType<typeof call>> | undefined
    const { roundTrips, rowsRead } = await cost(async () => {
      answer = await call('/api/users/lookup', { body: { usernames } })
    })
    expect(answer?.body.users).toHaveLength(MAX_LOOKUP)
    expect(roundTrips).toBe(1)
    expect(rowsRead).toBeLessThan(10 * MAX_LOOKUP)
    expect((await call('/api/users/lookup', { body: { usernames: [...usernames, 'one'] } })).status).toBe(400)
    expect((await call('/api/users/lookup', { body: { usernames: [] } })).body).toEqual({ users: [] })
  })

  test.each([{}, { usernames: 'kicksent' }, { usernames: [1] }, { usernames: [null] }, { usernames: [], more: 1 }])(
    'refuses %j',
    async (body) => {
      expect((await startService().call('/api/users/lookup', { body })).body.code).toBe('invalid_request')
    },
  )
})

describe('the list of names', () => {
  const list = async (call: Service['call'], query = '') => {
    const { status, body } = await call(`/api/users?${query}`)
    expect(status, query).toBe(200)
    return body as { users: string[]; nextCursor: string }
  }

  test('is empty, and no error, when nobody is there', async () => {
    const { call } = startService()
    for (const path of ['/api/users', '/api/users/', '/api/users?limit=&cursor=&prefix=']) {
      const { status, text } = await call(path)
      expect([status, text]).toEqual([200, '{"users":[],"nextCursor":""}'])
    }
  })

  test('is in the order of the alphabet whatever the case', async () => {
    const { call } = startService()
    await insertUsers(['delta', 'Bravo', 'alpha', 'Charlie'])
    expect(await list(call)).toEqual({ users: ['alpha', 'Bravo', 'Charlie', 'delta'], nextCursor: '' })
  })

  test.each([
    'limit=1001',
    'limit=0',
    'limit=-1',
    'limit=ten',
    'limit=1.5',
    'limit=1e2',
    'prefix=a%20b',
    'prefix=%25',
    `prefix=${'a'.repeat(33)}`,
  ])('refuses %s', async (query) => {
    expect((await startService().call(`/api/users?${query}`)).body.code).toBe('invalid_request')
  })

  test('takes a prefix in any case and literally', async () => {
    const { call } = startService()
    await insertUsers(['kick', 'KICKsent', 'kicz', 'ki', 'k_ck', 'k.ck', 'k-ck', 'kxck', 'l', 'K_ck2', 'zz'])
    expect((await list(call, 'prefix=kick')).users).toEqual(['kick', 'KICKsent'])
    expect((await list(call, 'prefix=KICK')).users).toEqual(['kick', 'KICKsent'])
    expect((await list(call, 'prefix=k_')).users).toEqual(['k_ck', 'K_ck2'])
    expect((await list(call, 'prefix=k.')).users).toEqual(['k.ck'])
    expect((await list(call, 'prefix=K-')).users).toEqual(['k-ck'])
    expect((await list(call, 'prefix=z')).users).toEqual(['zz'])
    expect((await list(call, 'prefix=zzz')).users).toEqual([])
  })

  describe('of 10,000', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `${['Ab', 'aC', 'b_', 'B.'][i % 4]}${i}`)
    beforeEach(() => insertUsers(names))

    test.each([
      ['', MAX_USERS, names],
      ['', 997, names],
      ['a', 500, names.filter((name) => /^a/i.test(name))],
      ['AC', 333, names.filter((name) => /^ac/i.test(name))],
      ['b_', MAX_USERS, names.filter((name) => /^b_/i.test(name))],
    ])(
      'with the prefix "%s", %i a page, gives each name once and reads a row more than it shows',
      async (prefix, limit, expected) => {
        const { call, cost } = startService()
        const found: string[] = []
        await readSharedState(call)
        for (let cursor = '', first = true; first || cursor !== ''; first = false) {
          let page = { users: [] as string[], nextCursor: '' }
          const { roundTrips, rowsRead } = await cost(async () => {
            page = await list(call, `prefix=${prefix}&limit=${limit}&cursor=${cursor}`)
          })
          expect(roundTrips).toBe(1)
          expect(rowsRead).toBeLessThanOrEqual(page.users.length + 1)
          expect(page.users.length).toBeLessThanOrEqual(limit)
          found.push(...page.users)
          cursor = page.nextCursor
        }
        expect(found).toEqual([...found].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)))
        expect(found.toSorted()).toEqual(expected.toSorted())
      },
    )

    test('is DEFAULT_USERS a page where no limit is given', async () => {
      expect((await list(startService().call)).users).toHaveLength(DEFAULT_USERS)
    })

    test('does not lose its place when the name at its end is deleted', async () => {
      const { call } = startService()
      const { users, nextCursor } = await list(call, 'limit=2')
      await env.DB.prepare('DELETE FROM users WHERE username = ?').bind(users[1]).run()
      const { users: next } = await list(call, `limit=1&cursor=${nextCursor}`)
      expect(next).toEqual((await list(startService().call, 'limit=2')).users.slice(1))
    })

    test('takes back only the cursor that it gave', async () => {
      const { call } = startService()
      const { nextCursor } = await list(call, 'prefix=a&limit=2')
      await list(call, `prefix=A&limit=5&cursor=${nextCursor}`)
      const at = nextCursor.length - 1
      const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      const neighbour = last[(last.indexOf(nextCursor[at] as string) + 1) % 64]
      const broken = [
        nextCursor.slice(0, at) + neighbour,
        `${nextCursor}=`,
        `${nextCursor}.`,
        `${nextCursor}.AAAA`,
        `A${nextCursor}`,
        `${btoa('"aa"')}.${nextCursor.split('.')[1]}`,
        nextCursor.split('.')[0],
        'AAAA',
        '.',
        '%00%ff',
        'x'.repeat(513),
      ]
      for (const cursor of broken) {
        const { status, body } = await call(`/api/users?prefix=a&cursor=${cursor}`)
        expect([status, body.errors?.[0]?.path], cursor).toEqual([400, 'cursor'])
      }
      for (const query of ['', 'prefix=b&', 'prefix=ab&'])
        expect((await call(`/api/users?${query}cursor=${nextCursor}`)).status, query).toBe(400)
    })
  })
})
