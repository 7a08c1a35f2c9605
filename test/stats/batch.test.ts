import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Scope } from '../../src/keys/scopes.ts'
import { addUsers, giveAll } from '../support/players.ts'
import { insertKey, type Service, startService } from '../support/service.ts'

const MAX = Number.MAX_SAFE_INTEGER

let service: Service
let key: string
beforeEach(async () => {
  service = startService()
  await service.user('Kicksent')
  await service.user('other')
  key = await insertKey(['stats:write'])
})

const batch = (changes: unknown, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  service.call('/api/stats/batch', { bearer: key, body: { changes, ...more }, headers })

const stored = async () =>
  (await env.DB.prepare('SELECT username, stat, value FROM stats JOIN users ON id = user_id ORDER BY id, stat').all())
    .results

const xp = (change: number, who: Record<string, unknown>, stat = 'sizeXp') => ({ ...who, stat, change })
const [kicksent, other] = [{ username: 'kicksent' }, { userId: 2 }]

describe('a batch', () => {
  test('changes stats of many users, by name or id, with a result for each in order', async () => {
    const { status, body } = await batch([xp(5, other), xp(120, kicksent), xp(7, kicksent, 'healthXp')])
    expect(status).toBe(200)
    const same = { previousLevel: 1, level: 1, leveledUp: false, nextLevelXp: 100 }
    expect(body).toEqual({
      results: [
        { index: 0, ok: true, username: 'other', stat: 'sizeXp', change: 5, previous: 0, value: 5, ...same },
        {
          index: 1,
          ok: true,
          username: 'Kicksent',
          stat: 'sizeXp',
          change: 120,
          previous: 0,
          value: 120,
          previousLevel: 1,
          level: 2,
          leveledUp: true,
          nextLevelXp: 300,
        },
        { index: 2, ok: true, username: 'Kicksent', stat: 'healthXp', change: 7, previous: 0, value: 7, ...same },
      ],
    })
    expect(await stored()).toEqual([
      { username: 'Kicksent', stat: 'healthXp', value: 7 },
      { username: 'Kicksent', stat: 'sizeXp', value: 120 },
      { username: 'other', stat: 'sizeXp', value: 5 },
    ])
  })

  test('lets what is unknown, refused or out of bounds fail for itself, and says why', async () => {
    const { status, body } = await batch([
      xp(1, kicksent),
      xp(1, { username: 'nobody' }),
      xp(1, { userId: 77 }),
      xp(1, kicksent, 'luckXp'),
      xp(1, { username: 'no body' }),
      xp(1, { username: 'me' }),
      xp(1, { username: '12' }),
      xp(-1, other),
      xp(2, other, 'healthXp'),
    ])
    expect(status).toBe(200)
    expect(body.results.map(({ ok, code }: any) => (ok ? 'ok' : code))).toEqual([
      'ok',
      'not_found',
      'not_found',
      'invalid_request',
      'invalid_request',
      'invalid_request',
      'invalid_request',
      'out_of_bounds',
      'ok',
    ])
    expect(body.results[3]).toEqual({ index: 3, ok: false, code: 'invalid_request', detail: 'There is no such stat.' })
    expect(body.results[4].detail).toContain('user name')
    expect(body.results[7].detail).toBe(`sizeXp has to stay from 0 to ${MAX}.`)
    expect(await stored()).toHaveLength(2)
    expect((await service.call('/api/users')).body.users).toHaveLength(2)
  })

  test('takes changes of one user and stat together, whichever way the user is named: their sum counts', async () => {
    const { body } = await batch([
      xp(-3, kicksent),
      xp(10, { username: 'KICKSENT' }),
      xp(1, other),
      xp(-2, { userId: 1 }),
    ])
    expect(body.results.map(({ ok, previous, value }: any) => [ok, previous, value])).toEqual([
      // On the way it passes the bound; at the end it does not.
      [true, 0, 0],
      [true, 0, 7],
      [true, 0, 1],
      [true, 7, 5],
    ])
    const failed = await batch([xp(-3, kicksent), xp(4, other), xp(-3, { userId: 1 }), xp(9, kicksent, 'healthXp')])
    expect(failed.body.results.map(({ ok, code }: any) => (ok ? 'ok' : code))).toEqual([
      'out_of_bounds',
      'ok',
      'out_of_bounds',
      'ok',
    ])
    expect(await stored()).toEqual([
      { username: 'Kicksent', stat: 'healthXp', value: 9 },
      { username: 'Kicksent', stat: 'sizeXp', value: 5 },
      { username: 'other', stat: 'sizeXp', value: 5 },
    ])
  })

  test('adds up exactly, however large the numbers', async () => {
    const changes = [...Array(250)].flatMap(() => [
      xp(MAX, kicksent),
      xp(MAX, kicksent),
      xp(-MAX, kicksent),
      xp(-MAX, kicksent),
    ])
    const { body } = await batch([...changes.slice(1), xp(MAX, kicksent)])
    expect(body.results.at(-1)).toMatchObject({ ok: true, value: 0 })
    const odd = await batch(
      [...Array(500)]
        .map(() => xp(MAX, kicksent))
        .concat(
          [...Array(499)].map(() => xp(-MAX, kicksent)),
          xp(-1, kicksent),
        ),
    )
    expect(odd.body.results.at(-1)).toMatchObject({ ok: true, value: MAX - 1 })
    expect((await batch([xp(1, kicksent), xp(1, kicksent)])).body.results.map(({ code }: any) => code)).toEqual([
      'out_of_bounds',
      'out_of_bounds',
    ])
    expect((await batch([xp(1, kicksent)])).body.results[0]).toMatchObject({ ok: true, value: MAX })
  })

  test('keeps nothing of a stat that is back at its default', async () => {
    await batch([xp(5, kicksent), xp(5, other)])
    await batch([xp(-5, kicksent), xp(0, other), xp(0, other, 'healthXp')])
    expect(await stored()).toEqual([{ username: 'other', stat: 'sizeXp', value: 5 }])
  })

  test('counts an empty name and an id of 0 as absent', async () => {
    const { body } = await batch([xp(1, { username: 'kicksent', userId: 0 }), xp(1, { username: '', userId: 2 })])
    expect(body.results.map(({ username }: any) => username)).toEqual(['Kicksent', 'other'])
  })

  test.each([
    ['no user', [xp(1, {})], 'changes.0'],
    ['an empty user', [xp(1, { username: '', userId: 0 })], 'changes.0'],
    ['two users', [xp(1, kicksent), xp(1, { ...kicksent, ...other })], 'changes.1'],
    ['a user that is no text', [xp(1, { username: 7 })], 'changes.0.username'],
    ['an id that is no integer', [xp(1, { userId: 1.5 })], 'changes.0.userId'],
    ['a change of 2^53', [xp(2 ** 53, kicksent)], 'changes.0.change'],
    ['a change as text', [{ ...kicksent, stat: 'sizeXp', change: '1' }], 'changes.0.change'],
    ['no stat', [{ ...kicksent, change: 1 }], 'changes.0.stat'],
    ['an unknown field', [{ ...xp(1, kicksent), force: true }], 'changes.0.force'],
    ['no changes', [], 'changes'],
    ['1,001 changes', [...Array(1001)].map(() => xp(1, kicksent)), 'changes'],
    ['no list', 7, 'changes'],
  ])('is 400 as a whole for %s', async (_, changes, path) => {
    const { status, body } = await batch(changes)
    expect([status, body.code]).toEqual([400, 'invalid_request'])
    expect(body.errors[0].path).toBe(path)
    expect(await stored()).toEqual([])
  })

  test('takes up to 256 KiB', async () => {
    const changes = [...Array(1000)].map(() => xp(1, { username: 'x'.repeat(200) }))
    expect((await batch(changes)).status).toBe(200)
    expect((await batch([xp(1, { username: 'x'.repeat(256 * 1024) })])).status).toBe(413)
  })
})

describe('createMissing', () => {
  const createMissing = true
  beforeEach(async () => {
    key = await insertKey(['stats:write', 'users:write'])
  })

  test('makes users without a password of unknown names, each once, as the name is first given', async () => {
    const { body } = await batch([xp(1, { username: 'NewOne' }), xp(2, kicksent), xp(3, { username: 'newone' })], {
      createMissing,
    })
    expect(body.results.map(({ username, value }: any) => [username, value])).toEqual([
      ['NewOne', 1],
      ['Kicksent', 2],
      ['NewOne', 4],
    ])
    expect((await service.call('/api/users/newone')).body).toMatchObject({
      id: 3,
      username: 'NewOne',
      createdAt: '2027-01-15T12:00:00.000Z',
      stats: { sizeXp: 4 },
    })
    const { results } = await env.DB.prepare('SELECT password_hash FROM users WHERE id = 3').all()
    expect(results).toEqual([{ password_hash: null }])
  })

  test('makes nobody of a refused name, an unknown id, or a change that fails', async () => {
    const { body } = await batch(
      [
        xp(1, { username: 'new one' }),
        xp(1, { username: 'lookup' }),
        xp(1, { userId: 9 }),
        xp(-1, { username: 'newone' }),
        xp(1, { username: 'newtwo' }, 'luckXp'),
      ],
      { createMissing },
    )
    expect(body.results.map(({ code }: any) => code)).toEqual([
      'invalid_request',
      'invalid_request',
      'not_found',
      'out_of_bounds',
      'invalid_request',
    ])
    expect((await service.call('/api/users')).body.users).toHaveLength(2)
  })

  test('makes each user once where two calls come at once', async () => {
    const answers = await Promise.all([1, 2].map(() => batch([xp(1, { username: 'newone' })], { createMissing })))
    expect(answers.map(({ body }) => body.results[0].value).sort()).toEqual([1, 2])
  })

  test('needs users:write as well', async () => {
    for (const scopes of [['stats:write'], ['users:write']] as Scope[][]) {
      key = await insertKey(scopes)
      const { status, body } = await batch([xp(1, { username: 'newone' })], { createMissing })
      expect([status, body.code]).toEqual([403, 'forbidden'])
      expect(body.requiredScope).toBe(scopes[0] === 'stats:write' ? 'users:write' : 'stats:write')
    }
    expect((await service.call('/api/users')).body.users).toHaveLength(2)
  })
})

describe('an Idempotency-Key', () => {
  const headers = { 'Idempotency-Key': 'a-batch' }

  test('changes once, however many come at once, and gives each the same results, failures included', async () => {
    key = await insertKey(['admin'])
    const changes = [
      xp(60, kicksent),
      xp(1, { userId: 77 }),
      xp(5, { username: 'newone' }),
      xp(-1, other),
      xp(60, kicksent),
    ]
    const send = () => batch(changes, { createMissing: true }, headers)
    const answers = await Promise.all(Array.from({ length: 20 }, send))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    await batch([xp(500, kicksent), xp(5, other)])
    expect((await send()).text).toBe(answers[0]?.text)
    expect((await send()).headers.get('Idempotency-Replayed')).toBe('true')
    expect(await stored()).toEqual([
      { username: 'Kicksent', stat: 'sizeXp', value: 620 },
      { username: 'other', stat: 'sizeXp', value: 5 },
      { username: 'newone', stat: 'sizeXp', value: 5 },
    ])
  })

  test('gives away no name of a user who was deleted since', async () => {
    await batch([xp(60, kicksent), xp(5, other)], {}, headers)
    await service.call('/api/users/kicksent', { method: 'DELETE', bearer: await insertKey(['admin']) })
    const { text, body } = await batch([xp(60, kicksent), xp(5, other)], {}, headers)
    expect(text).not.toMatch(/kicksent/i)
    expect(body.results[1]).toMatchObject({ username: 'other', value: 5 })
    const { results } = await env.DB.prepare('SELECT outcome FROM idempotency_records').all()
    expect(JSON.stringify(results)).not.toMatch(/kicksent/i)
  })
})

test('is for keys with stats:write alone', async () => {
  const body = { changes: [xp(1, kicksent)] }
  expect((await service.call('/api/stats/batch', { body })).status).toBe(401)
  const playersWrite = startService({ vars: { PLAYERS_WRITE_STATS: 'true' } })
  for (const calling of [service, playersWrite]) {
    expect(await calling.call('/api/stats/batch', { body, basic: 'kicksent:python' })).toMatchObject({
      status: 403,
      body: { requiredScope: 'stats:write' },
    })
  }
})

describe('the cost', () => {
  beforeEach(async () => {
    service = startService()
    await env.DB.prepare('DELETE FROM users').run()
    await addUsers(10_000)
    await giveAll('sizeXp', '1 + id % 5000')
    key = await insertKey(['admin'])
    await batch([xp(1, { username: 'player1' })])
  })
  const players = (prefix: string) => [...Array(1000)].map((_, i) => xp(1, { username: `${prefix}${i + 1}` }))

  test('of 1,000 changes among 10,000 players is one round trip, and two rows written each', async () => {
    const cost = await service.cost(() => batch(players('player')))
    expect(cost).toMatchObject({ roundTrips: 1, rowsWritten: 2000 })
    expect(cost.rowsRead).toBeLessThan(45_000)
  })

  test('of 1,000 new users is one round trip, and at most nine rows written each', async () => {
    const cost = await service.cost(() => batch(players('new'), { createMissing: true }))
    expect(cost.roundTrips).toBe(1)
    expect(cost.rowsWritten).toBeLessThan(9010)
    expect(cost.rowsRead).toBeLessThan(60_000)
  })
})
