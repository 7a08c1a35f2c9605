import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/client.ts'
import { splitBuckets } from '../../src/leaderboards/buckets.ts'
import { DEFAULT_ENTRIES, DEFAULT_RADIUS, MAX_RADIUS } from '../../src/leaderboards/leaderboards.schema.ts'
import { addUsers, giveAll } from '../support/players.ts'
import { insertKey, type Service, startService } from '../support/service.ts'

type Entry = { rank: number; username: string; value: number; level: number }

let service: Service
beforeEach(() => {
  service = startService()
})

const top = (query = '', stat = 'sizeXp') => service.call(`/api/leaderboards/${stat}${query}`)
const around = (user: string, query = '', stat = 'sizeXp') =>
  service.call(`/api/leaderboards/${stat}/around/${user}${query}`)
const brief = (entries: Entry[]) => entries.map(({ rank, username, value }) => `${rank} ${username} ${value}`)

/** Players 1, 2, … with these values of sizeXp. */
async function players(...values: number[]) {
  await addUsers(values.length)
  await env.DB.prepare("INSERT INTO stats SELECT key + 1, 'sizeXp', value FROM json_each(?) WHERE value <> 0")
    .bind(JSON.stringify(values))
    .run()
}

describe('a leaderboard', () => {
  test('shows the highest value first, the oldest account first among equals, who share a rank', async () => {
    await players(300, 500, 0, 300, 120)
    const { status, body, headers } = await top()
    expect(status).toBe(200)
    expect(headers.get('Cache-Control')).toBe('public, no-cache')
    expect(body).toEqual({
      stat: 'sizeXp',
      entries: [
        { rank: 1, username: 'player2', value: 500, level: 3 },
        { rank: 2, username: 'player1', value: 300, level: 3 },
        { rank: 2, username: 'player4', value: 300, level: 3 },
        { rank: 4, username: 'player5', value: 120, level: 2 },
      ],
      nextCursor: '',
    })
    expect(
      (await service.call('/api/leaderboards/sizeXp/', { headers: { 'If-None-Match': headers.get('ETag') as string } }))
        .status,
    ).toBe(304)
  })

  test('is empty while nobody has the stat, and 404 for an unknown stat', async () => {
    expect((await top()).body).toEqual({ stat: 'sizeXp', entries: [], nextCursor: '' })
    for (const stat of ['luckXp', 'SizeXp', '__proto__', 'constructor', '%00'])
      expect((await top('', stat)).status, stat).toBe(404)
  })

  test('shows changes at once with no-cache, and lists nobody at the default value', async () => {
    await players(5, 3)
    const key = await insertKey(['stats:write'])
    const change = (user: string, by: number) =>
      service.call(`/api/users/${user}/stats`, { method: 'PATCH', bearer: key, body: { changes: { sizeXp: by } } })
    expect(brief((await top()).body.entries)).toEqual(['1 player1 5', '2 player2 3'])
    await change('player2', 4)
    expect(brief((await top()).body.entries)).toEqual(['1 player2 7', '2 player1 5'])
    await change('player2', -7)
    expect(brief((await top()).body.entries)).toEqual(['1 player1 5'])
  })

  test('has pages without gaps or repeats, even with equal values across their borders', async () => {
    await players(...Array.from({ length: 47 }, (_, i) => 1 + Math.floor(i / 6)))
    const whole: Entry[] = (await top('?limit=100')).body.entries
    expect(whole).toHaveLength(47)
    expect(whole.map(({ rank }) => rank)).toEqual([
      ...Array(5).fill(1),
      ...[6, 12, 18, 24, 30, 36, 42].flatMap((rank) => Array(6).fill(rank)),
    ])
    for (const limit of [1, 4, 6, 10, 46, 47]) {
      const paged: Entry[] = []
      let cursor = ''
      let pages = 0
      do {
        const { status, body } = await top(`?limit=${limit}&cursor=${cursor}`)
        expect(status).toBe(200)
        paged.push(...body.entries)
        cursor = body.nextCursor
        pages += 1
      } while (cursor)
      expect(paged).toEqual(whole)
      expect(pages).toBe(Math.ceil(47 / limit))
    }
  })

  test('continues after the last entry even if others have moved meanwhile', async () => {
    await players(60, 50, 40, 30, 20, 10)
    const { body } = await top('?limit=3')
    await env.DB.batch(
      ['UPDATE stats SET value = 70 WHERE user_id = 5', 'DELETE FROM users WHERE id = 3'].map((sql) =>
        env.DB.prepare(sql),
      ),
    )
    expect(brief((await top(`?limit=3&cursor=${body.nextCursor}`)).body.entries)).toEqual([
      '4 player4 30',
      '5 player6 10',
    ])
  })

  test('is in order while many players change at once', async () => {
    await players(...Array.from({ length: 40 }, (_, i) => i + 1))
    const key = await insertKey(['stats:write'])
    await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const user = `player${1 + (i % 40)}`
        await service.call(`/api/users/${user}/stats`, {
          method: 'PATCH',
          bearer: key,
          body: { changes: { sizeXp: (i * 7) % 13 } },
        })
        const { entries } = (await top('?limit=100')).body as { entries: Entry[] }
        expect(entries.map(({ value }) => value)).toEqual(entries.map(({ value }) => value).sort((a, b) => b - a))
        expect(entries.map(({ rank }) => rank)).toEqual(
          entries.map(({ value }) => 1 + entries.filter((other) => other.value > value).length),
        )
      }),
    )
  })

  test.each(['?limit=0', '?limit=101', '?limit=-1', '?limit=1.5', '?limit=ten', '?limit=1e1'])(
    'is 400 for %s',
    async (query) => {
      expect(await top(query)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ path: 'limit' }] },
      })
    },
  )

  test('is 400 for a cursor of another list, an edited one, and random bytes', async () => {
    await players(...Array.from({ length: 2 * DEFAULT_ENTRIES }, (_, i) => i + 1))
    await giveAll('healthXp', 'id')
    const { nextCursor } = (await top()).body
    const foreign = (await top('', 'healthXp')).body.nextCursor
    const usernames = (await service.call('/api/users?limit=5')).body.nextCursor
    const [text, signature] = nextCursor.split('.')
    const edited = [
      `${btoa(JSON.stringify({ value: 99, id: 0, rank: 1, position: 0 })).replaceAll('=', '')}.${signature}`,
      `${text}.${signature.slice(0, -2)}AA`,
      text,
      `${text}.`,
      `.${signature}`,
    ]
    for (const cursor of [foreign, usernames, ...edited, 'AAAA', '%00', '.', 'x'.repeat(600), '%F0%9F%98%80']) {
      const { status, body } = await top(`?cursor=${cursor}`)
      expect([status, body.code, body.errors?.[0].path], cursor).toEqual([400, 'invalid_request', 'cursor'])
    }
    expect((await top('?limit=&cursor=')).body.entries).toHaveLength(DEFAULT_ENTRIES)
  })
})

describe('the players around one', () => {
  test('have the same ranks as in the list', async () => {
    await players(...Array.from({ length: 60 }, (_, i) => 1 + ((i * 7) % 25)))
    const whole: Entry[] = (await top('?limit=100')).body.entries
    for (const [at, { username }] of whole.entries()) {
      const radius = at % 2 ? 50 : at % 7
      const { body } = await around(username, `?radius=${radius}`)
      expect(body).toEqual({ stat: 'sizeXp', entries: whole.slice(Math.max(0, at - radius), at + radius + 1) })
    }
  })

  test('are DEFAULT_RADIUS on each side by default, and fewer at the ends', async () => {
    await players(...Array.from({ length: 30 }, (_, i) => 30 - i))
    expect((await around('player15')).body.entries).toHaveLength(2 * DEFAULT_RADIUS + 1)
    expect(brief((await around('PLAYER1', '?radius=1')).body.entries)).toEqual(['1 player1 30', '2 player2 29'])
    expect(brief((await around('30', '?radius=1')).body.entries)).toEqual(['29 player29 2', '30 player30 1'])
  })

  test('are 404 for an unlisted player, an unknown player and an unknown stat', async () => {
    await players(5, 0)
    for (const user of ['player2', 'nobody', '99', '0', 'no%20body', '%2f', '%00'])
      expect((await around(user)).status, user).toBe(404)
    expect((await around('player1', '', 'luckXp')).status).toBe(404)
  })

  test.each([`?radius=${MAX_RADIUS + 1}`, '?radius=-1', '?radius=x'])('are 400 for %s', async (query) => {
    await players(5)
    expect((await around('player1', query)).status).toBe(400)
  })

  test('are found for "me", whose answer is not cached for others', async () => {
    await service.user()
    await env.DB.prepare("INSERT INTO stats VALUES (1, 'sizeXp', 5)").run()
    const own = await service.call('/api/leaderboards/sizeXp/around/me', { basic: 'kicksent:python' })
    expect(brief(own.body.entries)).toEqual(['1 kicksent 5'])
    expect(own.headers.get('Cache-Control')).toBe('no-store')
    expect((await around('me')).status).toBe(401)
    expect(
      (await service.call('/api/leaderboards/sizeXp/around/me', { bearer: await insertKey(['metered:read']) })).status,
    ).toBe(403)
  })
})

describe('the cost among 10,000 players', () => {
  const db = () => openDatabase(env.DB)
  beforeEach(async () => {
    await addUsers(10_000)
    // Three equals of each value, in an order that has nothing to do with their ids.
    await giveAll('sizeXp', '1 + (id * 7919 % 10007) / 3')
    // What an isolate reads at most each five seconds.
    await service.call('/api/stats')
  })

  test('of any page is one round trip and at most two rows an entry and two more', async () => {
    for (const limit of [1, 10, 100]) {
      let cursor = ''
      for (let page = 0; page < 4; page++) {
        const cost = await service.cost(async () => {
          cursor = (await top(`?limit=${limit}&cursor=${cursor}`)).body.nextCursor
        })
        expect(cost.roundTrips).toBe(1)
        expect(cost.rowsRead).toBeLessThanOrEqual(2 * limit + 2)
      }
    }
  })

  test('of a page amid a thousand equal values is no higher', async () => {
    await giveAll('healthXp', '1 + id / 5000')
    let cursor = ''
    for (let page = 0; page < 12; page++) {
      const cost = await service.cost(async () => {
        cursor = (await top(`?limit=100&cursor=${cursor}`, 'healthXp')).body.nextCursor
      })
      expect(cost.rowsRead).toBeLessThanOrEqual(202)
    }
  })

  test('of the entries around a player is one round trip, and bounded once the buckets are split', async () => {
    const dearest = async () => {
      let rowsRead = 0
      for (const player of [1, 2, 1234, 5000, 5003, 8967, 9999]) {
        const cost = await service.cost(() => around(`player${player}`))
        expect(cost.roundTrips).toBe(1)
        rowsRead = Math.max(rowsRead, cost.rowsRead)
      }
      return rowsRead
    }
    // Right after an import everyone is in one bucket.
    expect(await dearest()).toBeGreaterThan(9000)
    while (await splitBuckets({ db: db() }));
    service.clock.now += 60_000
    await service.call('/api/stats')
    expect(await dearest()).toBeLessThan(1500)
  })

  test('is zero while the answer is cached', async () => {
    for (const ask of [() => top(), () => around('player5')]) {
      await ask()
      expect((await service.cost(ask)).roundTrips).toBe(0)
    }
  })
})
