import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/db/client.ts'
import { splitBucket } from '../../src/leaderboards/buckets.store.ts'
import { showAround, showTop } from '../../src/leaderboards/leaderboards.ts'
import { rankAround, rankPage } from '../../src/leaderboards/ranks.ts'
import { addUsers } from '../support/players.ts'

test('gives equal values one rank and skips as many ranks after them', () => {
  const entries = [9, 7, 7, 4].map((value) => ({ value }))
  expect(rankPage(entries, undefined).map(({ rank }) => rank)).toEqual([1, 2, 2, 4])
})

test('continues the rank of the page before if equal values are split between pages', () => {
  const entries = [7, 7, 4].map((value) => ({ value }))
  expect(rankPage(entries, { value: 7, rank: 2, position: 3 }).map(({ rank }) => rank)).toEqual([2, 2, 6])
})

test('counts the ranks around a player from the known ones', () => {
  const known = new Map([
    [9, 11],
    [5, 40],
    [3, 50],
  ])
  const entries = [9, 8, 8, 6, 5, 5, 3, 3, 2, 1].map((value) => ({ value, rank: known.get(value) ?? null }))
  expect(rankAround(entries, 5).map(({ rank }) => rank)).toEqual([11, 37, 37, 39, 40, 40, 50, 50, 52, 53])
})

const PLAYERS = 30
const id = fc.integer({ min: 1, max: PLAYERS })
// Few values, so that there are equals, and some far apart.
const value = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(1000, 2 ** 40, Number.MAX_SAFE_INTEGER))

/** A step: a new value, a deleted account, a bucket that is split and its neighbours joined. */
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('set' as const), id, value }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), id }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('split' as const),
      nth: fc.nat(12),
      maxPlayers: fc.integer({ min: 2, max: 12 }),
      reach: fc.integer({ min: 1, max: PLAYERS }),
    }),
  },
)

async function take(each: typeof step extends fc.Arbitrary<infer Step> ? Step : never, model: Map<number, number>) {
  const run = (sql: string, ...values: number[]) =>
    env.DB.prepare(sql)
      .bind(...values)
      .run()
  if (each.do === 'set') {
    model.set(each.id, each.value)
    await run(
      "INSERT INTO stats VALUES (?, 'sizeXp', CAST(? AS INTEGER)) ON CONFLICT DO UPDATE SET value = excluded.value",
      each.id,
      each.value,
    )
  } else if (each.do === 'delete') {
    model.delete(each.id)
    await run('DELETE FROM users WHERE id = ?', each.id)
    await run("INSERT INTO users (id, username, created_at) VALUES (?1, 'player' || CAST(?1 AS INTEGER), 1)", each.id)
  } else {
    const { results } = await env.DB.prepare('SELECT stat, floor, players FROM rank_buckets ORDER BY floor').all<any>()
    const bucket = results[each.nth % Math.max(1, results.length)]
    if (bucket) await splitBucket(openDatabase(env.DB), { ...bucket, maxPlayers: each.maxPlayers }, each.reach)
  }
}

/** A leaderboard, computed in the simplest way. */
function ranksOf(values: Map<number, number>) {
  const sorted = [...values].filter(([, value]) => value !== 0).sort(([a, x], [b, y]) => y - x || a - b)
  return sorted.map(([id, value]) => ({
    rank: 1 + sorted.filter(([, other]) => other > value).length,
    username: `player${id}`,
    value,
    level: expect.any(Number),
  }))
}

test('has correct ranks after any changes, deletions and splits of buckets, on any page and around any player', async () => {
  const db = openDatabase(env.DB)
  const pages = async (limit: number) => {
    const found = []
    for (let after: Awaited<ReturnType<typeof showTop>>['next']; ; ) {
      const { entries, next } = await showTop({ replica: db }, 'sizeXp', { after, limit })
      found.push(...entries)
      if (!next) return found
      after = next
    }
  }
  await addUsers(PLAYERS)
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 120, size: 'max' }),
      fc.integer({ min: 1, max: 12 }),
      fc.nat(12),
      async (steps, limit, radius) => {
        await env.DB.batch(['stats', 'rank_buckets'].map((table) => env.DB.prepare(`DELETE FROM ${table}`)))
        const model = new Map<number, number>()
        for (const each of steps) await take(each, model)

        const expected = ranksOf(model)
        expect(await pages(limit)).toEqual(expected)
        for (let id = 1; id <= PLAYERS; id += 3) {
          const around = showAround({ replica: db }, 'sizeXp', { id }, radius)
          const at = expected.findIndex(({ username }) => username === `player${id}`)
          if (at < 0) await expect(around).rejects.toMatchObject({ code: 'not_found' })
          else expect(await around).toEqual(expected.slice(Math.max(0, at - radius), at + radius + 1))
        }
      },
    ),
    { numRuns: 25 },
  )
}, 120_000)
