import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Scope } from '../../src/keys/scopes.ts'
import { STAT_NAMES } from '../../src/stats/catalog.ts'
import { addUsers, giveAll } from '../support/players.ts'
import { insertKey, type Service, startService } from '../support/service.ts'

const MAX = Number.MAX_SAFE_INTEGER

let service: Service
let key: string
beforeEach(async () => {
  service = startService()
  await service.user()
  key = await insertKey(['stats:write'])
})

const patch = (changes: unknown, { user = 'kicksent', bearer = key, headers = {} } = {}) =>
  service.call(`/api/users/${user}/stats`, { method: 'PATCH', bearer, body: { changes }, headers })

const valuesOf = async (user = 'kicksent') =>
  (await service.call(`/api/users/${user}/stats`, { headers: { 'Cache-Control': 'no-cache' } })).body.stats

const rowsOf = async () => (await env.DB.prepare('SELECT stat, value FROM stats ORDER BY stat').all()).results

test('lists the catalog with its rules', async () => {
  const { status, body, headers } = await service.call('/api/stats')
  expect(status).toBe(200)
  expect(headers.get('ETag')).toMatch(/^"/)
  expect(body.stats.map(({ stat }: { stat: string }) => stat)).toEqual(
    'meleeAtkXp magicAtkXp rangeAtkXp healthXp shieldXp evasionXp sizeXp blockXp resistXp speedXp'.split(' '),
  )
  expect(body.stats[1]).toEqual({ stat: 'magicAtkXp', min: 0, max: MAX, default: 0, maxChange: 10_000, topLevel: 100 })
})

describe('a look at stats', () => {
  test('shows every stat of the catalog and its level, to anyone', async () => {
    await patch({ meleeAtkXp: 250 })
    const { status, body, headers } = await service.call('/api/users/KICKSENT/stats/')
    expect(status).toBe(200)
    expect(headers.get('Cache-Control')).toBe('public, no-cache')
    expect(Object.keys(body.stats)).toEqual(STAT_NAMES)
    expect(body.stats).toMatchObject({ meleeAtkXp: 250, healthXp: 0 })
    expect(body.levels[0]).toEqual({ stat: 'meleeAtkXp', xp: 250, level: 2, levelXp: 100, nextLevelXp: 300 })
    expect(body.levels).toHaveLength(STAT_NAMES.length)
  })

  test('shows each stat under its own name: shieldXp is not healthXp, and mageAtkXp and ResistXp are gone', async () => {
    await patch(Object.fromEntries(STAT_NAMES.map((stat, index) => [stat, index + 1])))
    const expected = Object.fromEntries(STAT_NAMES.map((stat, index) => [stat, index + 1]))
    expect(await valuesOf()).toEqual(expected)
    const profile = await service.call('/api/users/kicksent')
    expect(profile.body.stats).toEqual(expected)
    expect(profile.body.stats.shieldXp).not.toBe(profile.body.stats.healthXp)
    expect(profile.text).not.toMatch(/mageAtkXp|ResistXp":/)
  })

  test('is personal where it asks for "me", and 404 where there is no such user', async () => {
    const own = await service.call('/api/users/me/stats', { basic: 'kicksent:python' })
    expect([own.status, own.headers.get('Cache-Control')]).toEqual([200, 'no-store'])
    expect((await service.call('/api/users/me/stats')).status).toBe(401)
    for (const user of ['nobody', '2', '0', '99999999999999999', 'no%20body', '..%2f']) {
      expect((await service.call(`/api/users/${user}/stats`)).status, user).toBe(404)
    }
  })

  test('shows nothing of a stat that is no longer in the catalog', async () => {
    await env.DB.prepare("INSERT INTO stats VALUES (1, 'luckXp', 5)").run()
    expect(Object.keys(await valuesOf())).toEqual(STAT_NAMES)
  })
})

describe('a change', () => {
  test('adds, and tells what it did to the values and levels', async () => {
    await patch({ meleeAtkXp: 90 })
    const { status, body } = await patch({ healthXp: 25, meleeAtkXp: 15, sizeXp: 0 })
    expect(status).toBe(200)
    expect(body.stats).toMatchObject({ meleeAtkXp: 105, healthXp: 25, sizeXp: 0 })
    const same = { level: 1, previousLevel: 1, leveledUp: false, nextLevelXp: 100 }
    expect(body.changes).toEqual([
      {
        stat: 'meleeAtkXp',
        change: 15,
        previous: 90,
        value: 105,
        previousLevel: 1,
        level: 2,
        leveledUp: true,
        nextLevelXp: 300,
      },
      { stat: 'healthXp', change: 25, previous: 0, value: 25, ...same },
      { stat: 'sizeXp', change: 0, previous: 0, value: 0, ...same },
    ])
    expect(await valuesOf()).toEqual(body.stats)
    expect(await rowsOf()).toHaveLength(2)
  })

  test('takes away, also a level, and keeps nothing of a stat that is back at its default', async () => {
    await patch({ meleeAtkXp: 100 })
    const { body } = await patch({ meleeAtkXp: -100 })
    expect(body.changes[0]).toMatchObject({ value: 0, previousLevel: 2, level: 1, leveledUp: false })
    expect(await rowsOf()).toEqual([])
  })

  test('stays within the bounds, up to the very last number', async () => {
    expect((await patch({ meleeAtkXp: MAX })).body.stats.meleeAtkXp).toBe(MAX)
    const over = await patch({ meleeAtkXp: 1 })
    expect([over.status, over.body.code]).toEqual([422, 'out_of_bounds'])
    expect((await patch({ meleeAtkXp: MAX })).status).toBe(422)
    expect((await patch({ meleeAtkXp: -MAX })).body.changes[0]).toMatchObject({
      previous: MAX,
      value: 0,
      previousLevel: 100,
    })
    const under = await patch({ healthXp: -1 })
    expect([under.status, under.body.code]).toEqual([422, 'out_of_bounds'])
    expect(await rowsOf()).toEqual([])
  })

  test('is made as a whole or not at all, and says which stat would pass which bound', async () => {
    await patch({ meleeAtkXp: 10, sizeXp: 5 })
    const { status, body } = await patch({ meleeAtkXp: 5, sizeXp: -6, healthXp: -1, blockXp: -0 })
    expect(status).toBe(422)
    expect(body.errors).toEqual(
      ['healthXp', 'sizeXp'].map((stat) => ({ path: `changes.${stat}`, message: `has to stay from 0 to ${MAX}` })),
    )
    expect(body.detail).toContain('sizeXp')
    expect(await valuesOf()).toMatchObject({ meleeAtkXp: 10, sizeXp: 5, healthXp: 0 })
  })

  test('of nothing is answered alike and writes nothing', async () => {
    await patch({ meleeAtkXp: 7 })
    const { rowsWritten } = await service.cost(async () => {
      const { status, body } = await patch({ meleeAtkXp: 0, healthXp: 0 })
      expect(status).toBe(200)
      expect(body.stats).toMatchObject({ meleeAtkXp: 7, healthXp: 0 })
      expect(body.changes[0]).toMatchObject({ change: 0, previous: 7, value: 7, leveledUp: false })
    })
    expect(rowsWritten).toBe(0)
  })

  test.each([
    ['an unknown stat', '{"changes":{"luckXp":1}}', 'changes.luckXp'],
    ['an old name', '{"changes":{"mageAtkXp":1}}', 'changes.mageAtkXp'],
    ['__proto__', '{"changes":{"__proto__":1,"sizeXp":1}}', 'changes.__proto__'],
    ['constructor', '{"changes":{"constructor":1}}', 'changes.constructor'],
    ['a number as text', '{"changes":{"meleeAtkXp":"1"}}', 'changes.meleeAtkXp'],
    ['a fraction', '{"changes":{"meleeAtkXp":0.5}}', 'changes.meleeAtkXp'],
    ['1e400', '{"changes":{"meleeAtkXp":1e400}}', 'changes.meleeAtkXp'],
    ['2^53', '{"changes":{"meleeAtkXp":9007199254740992}}', 'changes.meleeAtkXp'],
    ['-2^53', '{"changes":{"meleeAtkXp":-9007199254740992}}', 'changes.meleeAtkXp'],
    ['nothing but null', '{"changes":{"meleeAtkXp":null}}', 'changes'],
    ['no change', '{"changes":{}}', 'changes'],
    ['a list', '{"changes":[]}', 'changes'],
    ['another field', '{"changes":{"sizeXp":1},"force":true}', 'force'],
    ['no field', '{}', 'changes'],
    ['no body', '', 'changes'],
    ['NaN', '{"changes":{"meleeAtkXp":NaN}}', ''],
    ['a truncated body', '{"changes":{"sizeXp":1}', ''],
    ['null alone', 'null', ''],
    ['a list alone', '[]', ''],
    ['text alone', '"x"', ''],
    ['a thousand levels', `{"changes":${'{"sizeXp":'.repeat(1000)}1${'}'.repeat(1000)}}`, 'changes.sizeXp'],
  ])('is 400 and leaves no trace for %s', async (_, body, path) => {
    const answer = await service.call('/api/users/kicksent/stats', { method: 'PATCH', bearer: key, body })
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request'])
    expect(answer.body.errors[0].path).toBe(path)
    expect(await rowsOf()).toEqual([])
  })

  test('is 404 for a user that there is not, and possible for a disabled one', async () => {
    expect((await patch({ sizeXp: 1 }, { user: 'nobody' })).status).toBe(404)
    expect((await patch({ sizeXp: 1 }, { user: '77' })).status).toBe(404)
    const admin = await insertKey(['admin'])
    await service.call('/api/users/1', { method: 'PATCH', bearer: admin, body: { disabled: true } })
    expect((await patch({ sizeXp: 1 }, { user: '1' })).status).toBe(200)
  })

  test('a thousand at once make a thousand', async () => {
    const answers = await Promise.all(Array.from({ length: 1000 }, () => patch({ meleeAtkXp: 1 })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await valuesOf()).toMatchObject({ meleeAtkXp: 1000 })
    // Each saw a value of its own, so none was made on top of an old one.
    expect(new Set(answers.map(({ body }) => body.changes[0].value)).size).toBe(1000)
  }, 60_000)
})

describe('an Idempotency-Key', () => {
  const headers = { 'Idempotency-Key': 'a-change' }

  test('changes once, however many come at once, and gives all of them the first answer', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => patch({ meleeAtkXp: 60 }, { headers })))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers.filter((answer) => answer.headers.get('Idempotency-Replayed') === 'true')).toHaveLength(49)
    await patch({ meleeAtkXp: 60, healthXp: 3 })
    const later = await patch({ meleeAtkXp: 60 }, { headers })
    expect(later.text).toBe(answers[0]?.text)
    expect(await valuesOf()).toMatchObject({ meleeAtkXp: 120, healthXp: 3 })
  })

  test('keeps no refusal: the same call may succeed later', async () => {
    expect((await patch({ meleeAtkXp: -5 }, { headers })).status).toBe(422)
    await patch({ meleeAtkXp: 5 })
    expect((await patch({ meleeAtkXp: -5 }, { headers })).status).toBe(200)
    expect(await valuesOf()).toMatchObject({ meleeAtkXp: 0 })
  })

  test('is refused for other changes', async () => {
    await patch({ meleeAtkXp: 5 }, { headers })
    const other = await patch({ meleeAtkXp: 6 }, { headers })
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
  })

  test('leaves nothing of a deleted user', async () => {
    await patch({ meleeAtkXp: 5 }, { headers })
    await service.call('/api/users/1', { method: 'DELETE', bearer: await insertKey(['admin']) })
    const { results } = await env.DB.prepare('SELECT 1 FROM idempotency_records UNION ALL SELECT 1 FROM stats').all()
    expect(results).toEqual([])
  })
})

describe('who may change stats', () => {
  const refused = { status: 403, body: { code: 'forbidden', requiredScope: 'stats:write' } }

  test.each<Scope[]>([['stats:write'], ['admin'], ['metered:read', 'stats:write']])(
    'a key with %s',
    async (...scopes) => {
      expect((await patch({ sizeXp: 1 }, { bearer: await insertKey(scopes) })).status).toBe(200)
    },
  )

  test('no other key, no user, and nobody without credentials', async () => {
    for (const scopes of [['users:write'], ['credits:charge', 'credits:grant', 'metered:read']] as Scope[][]) {
      expect(await patch({ sizeXp: 1 }, { bearer: await insertKey(scopes, 1) })).toMatchObject(refused)
    }
    const changes = { changes: { sizeXp: 1 } }
    for (const user of ['me', 'kicksent']) {
      const own = { method: 'PATCH', basic: 'kicksent:python', body: changes }
      expect(await service.call(`/api/users/${user}/stats`, own)).toMatchObject(refused)
    }
    expect((await service.call('/api/users/kicksent/stats', { method: 'PATCH', body: changes })).status).toBe(401)
    expect(await rowsOf()).toEqual([])
  })

  describe('with PLAYERS_WRITE_STATS, players', () => {
    beforeEach(async () => {
      service = startService({ vars: { PLAYERS_WRITE_STATS: 'true' } })
      await service.user('other')
    })
    const play = (user: string, changes: unknown) =>
      service.call(`/api/users/${user}/stats`, { method: 'PATCH', basic: 'kicksent:python', body: { changes } })

    test('change their own, by whatever name', async () => {
      for (const user of ['me', 'kicksent', 'KickSent', '1']) expect((await play(user, { sizeXp: 1 })).status).toBe(200)
      const token = await service.token()
      expect((await patch({ sizeXp: 1 }, { user: 'me', bearer: token })).body.stats.sizeXp).toBe(5)
    })

    test("change nobody else's", async () => {
      for (const user of ['other', '2', 'nobody', '77'])
        expect(await play(user, { sizeXp: 1 }), user).toMatchObject(refused)
      expect(await rowsOf()).toEqual([])
    })

    test('change each stat by so much in one call, and no more, either way', async () => {
      expect((await play('me', { sizeXp: 10_000, healthXp: 10_000 })).status).toBe(200)
      expect((await play('me', { sizeXp: -10_000 })).status).toBe(200)
      for (const change of [10_001, -10_001, MAX]) {
        const { status, body } = await play('me', { healthXp: change, sizeXp: 1 })
        expect([status, body.code]).toEqual([422, 'out_of_bounds'])
        expect(body.errors).toEqual([{ path: 'changes.healthXp', message: 'changes by at most 10000 in one call' }])
      }
      expect(await valuesOf()).toMatchObject({ sizeXp: 0, healthXp: 10_000 })
    })

    test('and a key with stats:write changes any by any amount, as before', async () => {
      expect((await patch({ sizeXp: 1_000_000 }, { user: 'other' })).status).toBe(200)
    })
  })
})

describe('the cost among 10,000 players', () => {
  beforeEach(async () => {
    service = startService()
    await env.DB.prepare('DELETE FROM users').run()
    await addUsers(10_000)
    await giveAll('meleeAtkXp', '1 + id % 5000')
    await giveAll('healthXp', '1 + id % 7')
    // What an isolate reads at most each five seconds.
    await service.call('/api/stats')
  })

  test.each(['/api/users/player5000', '/api/users/player5000/stats'])(
    'of %s is one round trip, and none when it was asked for in the last seconds',
    async (path) => {
      const first = await service.cost(() => service.call(path))
      expect(first.roundTrips).toBe(1)
      expect(first.rowsRead).toBeLessThan(10)
      expect((await service.cost(() => service.call(path))).roundTrips).toBe(0)
      service.clock.now += 10_000
      await service.call('/api/stats')
      expect((await service.cost(() => service.call(path))).roundTrips).toBe(1)
    },
  )

  test('of a change is one round trip, and two rows written', async () => {
    // The first call of an hour notes when the key was last used.
    await patch({ meleeAtkXp: 1 }, { user: 'player77' })
    const change = await service.cost(() => patch({ meleeAtkXp: 1 }, { user: 'player77' }))
    expect(change).toMatchObject({ roundTrips: 1, rowsWritten: 2 })
    expect(change.rowsRead).toBeLessThan(75)
    const three = await service.cost(() => patch({ meleeAtkXp: 1, healthXp: 1, sizeXp: 1 }, { user: 'player77' }))
    expect(three).toMatchObject({ roundTrips: 1, rowsWritten: 7 })
    expect(three.rowsRead).toBeLessThan(150)
  })
})
