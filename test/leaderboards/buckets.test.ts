import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/client.ts'
import { countedDatabase, newTally } from '../../src/db/tally.ts'
import { splitBucket } from '../../src/leaderboards/buckets.store.ts'
import { splitBuckets } from '../../src/leaderboards/buckets.ts'
import { addUsers, giveAll } from '../support/players.ts'

type Bucket = { floor: number; players: number }

const db = () => openDatabase(env.DB)
const run = (sql: string) => env.DB.prepare(sql).run()
const buckets = async () =>
  (await env.DB.prepare('SELECT floor, players FROM rank_buckets ORDER BY floor').all<Bucket>()).results

/** The buckets as they ought to be, counted from the players. */
const counted = async () =>
  (
    await env.DB.prepare(
      `SELECT floor, (SELECT COUNT(*) FROM stats WHERE value >= floor AND value < COALESCE(next, 9007199254740992)) AS players
       FROM (SELECT floor, LEAD(floor) OVER (ORDER BY floor) AS next FROM rank_buckets) ORDER BY floor`,
    ).all<Bucket>()
  ).results

async function splitAll() {
  let runs = 0
  while ((await splitBuckets({ db: db() })) > 0) runs += 1
  expect(runs).toBeLessThan(10)
}

/** Rows written by a statement. */
const written = async (sql: string) => (await run(sql)).meta.rows_written

describe('buckets', () => {
  beforeEach(() => addUsers(10_000))

  test('have all players at first, and at most a thousand after a split', async () => {
    await giveAll('sizeXp', 'id')
    expect(await buckets()).toEqual([{ floor: -Number.MAX_SAFE_INTEGER, players: 10_000 }])
    await splitAll()
    const split = await buckets()
    expect(split.length).toBeGreaterThanOrEqual(10)
    expect(split.length).toBeLessThanOrEqual(20)
    expect(Math.max(...split.map(({ players }) => players))).toBeLessThanOrEqual(1000)
    expect(split).toEqual(await counted())
  })

  test('with one value are not split, and cost nothing each minute', async () => {
    await giveAll('sizeXp', '1 + id / 5000 * 5')
    await splitAll()
    expect(await buckets()).toEqual(await counted())
    expect((await buckets()).filter(({ players }) => players > 1000)).toHaveLength(2)
    const tally = newTally()
    expect(await splitBuckets({ db: openDatabase(countedDatabase(env.DB, tally)) })).toBe(0)
    expect(tally).toMatchObject({ roundTrips: 1, rowsWritten: 0 })
    expect(tally.rowsRead).toBeLessThan(50)
  })

  test('may be larger if there are many, so that there are never too many', async () => {
    await giveAll('sizeXp', 'id % 1500')
    await run('DELETE FROM users WHERE id > 1500')
    const more = (count: number) =>
      run(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
           INSERT INTO rank_buckets SELECT 'sizeXp', 100000 + i, 1 FROM n`)
    await more(1600)
    expect(await splitBuckets({ db: db() })).toBe(0)
    await run('DELETE FROM rank_buckets WHERE floor > 100000')
    await more(1400)
    expect(await splitBuckets({ db: db() })).toBe(1)
  })

  test('are split in several runs if one would take too long', async () => {
    await giveAll('sizeXp', 'id')
    const [bucket] = await buckets()
    await splitBucket(db(), { stat: 'sizeXp', floor: bucket?.floor as number, players: 10_000, maxPlayers: 1000 }, 2000)
    const split = await buckets()
    expect(split.map(({ players }) => players)).toEqual([8000, 500, 500, 500, 500])
    expect(split).toEqual(await counted())
  })

  test('are exact with concurrent runs and changing players', async () => {
    await giveAll('sizeXp', 'id % 3000')
    await Promise.all([
      splitBuckets({ db: db() }),
      splitBuckets({ db: db() }),
      ...Array.from({ length: 50 }, (_, i) => run(`UPDATE stats SET value = ${i * 100} WHERE user_id = ${1 + i * 7}`)),
      run('DELETE FROM users WHERE id % 10 = 0'),
      splitBuckets({ db: db() }),
    ])
    expect(await buckets()).toEqual(await counted())
    await splitAll()
    expect(await buckets()).toEqual(await counted())
  })

  test('are joined if few players are left in them', async () => {
    await giveAll('sizeXp', 'id')
    await splitAll()
    await run('DELETE FROM users WHERE id BETWEEN 1000 AND 9000 AND id % 100 > 0')
    await run('UPDATE stats SET value = value + 20000 WHERE user_id < 1000')
    const before = (await buckets()).length
    // A bucket that is split makes room for it.
    await run("INSERT INTO users (username, created_at) SELECT 'late' || id, 1 FROM users")
    await run("INSERT INTO stats SELECT id, 'sizeXp', 50000 + id FROM users WHERE username LIKE 'late%'")
    await splitAll()
    await splitBucket(db(), { stat: 'sizeXp', floor: -Number.MAX_SAFE_INTEGER, players: 0, maxPlayers: 1000 }, 1)
    expect((await buckets()).length).toBeLessThan(before)
    expect(await buckets()).toEqual(await counted())
  })

  test('cost one row more for a new player, two for a change into another bucket, and none otherwise', async () => {
    await giveAll('sizeXp', 'id')
    await splitAll()
    const index = 2
    expect(await written("UPDATE stats SET value = value + 1 WHERE user_id = 20 AND stat = 'sizeXp'")).toBe(index)
    expect(await written("UPDATE stats SET value = value + 5000 WHERE user_id = 20 AND stat = 'sizeXp'")).toBe(
      index + 2,
    )
    expect(await written("DELETE FROM stats WHERE user_id = 20 AND stat = 'sizeXp'")).toBe(index)
    expect(await written("INSERT INTO stats VALUES (20, 'sizeXp', 20)")).toBe(index + 1)
    expect(await buckets()).toEqual(await counted())
  })
})

test('the migration counts the players from before it', async () => {
  await addUsers(50)
  await giveAll('sizeXp', 'id')
  await giveAll('healthXp', 'id')
  const before = await buckets()
  await run('DELETE FROM rank_buckets')
  const migration = env.TEST_MIGRATIONS.find(({ name }) => name.includes('ranks'))
  const fill = migration?.queries.find(
    (query) => query.includes('INSERT INTO rank_buckets') && !query.includes('TRIGGER'),
  )
  await run(fill as string)
  expect(await buckets()).toEqual(before)
})
