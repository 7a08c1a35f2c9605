/** A leaderboard of a hundred thousand players, from the first to the last. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { last, newFolder, probe } from './probe.ts'
import { inWorld } from './world.ts'

const PLAYERS = 100_000
const PAGE = 100
/** A page is about 100 KB while it is read. */
const MAX_GROWTH = 2_000_000

inWorld(
  (world, runtime) => {
    test('the pager shows each player once, ranks never fall, and memory stays flat', async () => {
      const walked = last(
        await probe(runtime, { dir: newFolder(), url: world.service.url }, ['pages', 'blockXp', String(PAGE)]),
      )
      assert.ok(walked.ok, JSON.stringify(walked))
      assert.deepEqual([walked.count, walked.names], [PLAYERS, PLAYERS])
      assert.ok(Number(walked.grownBy) < MAX_GROWTH, `${walked.grownBy} bytes`)
      const around = last(
        await probe(runtime, { dir: newFolder(), url: world.service.url }, [
          'around',
          'blockXp',
          String(walked.last),
          '3',
        ]),
      )
      assert.equal((around.names as string[]).length, 4)
      assert.equal((around.names as string[]).at(-1), walked.last)
    })

    test('goes back to the pages that were seen', async () => {
      const back = last(await probe(runtime, { dir: newFolder(), url: world.service.url }, ['back', 'blockXp', '10']))
      assert.deepEqual(back.back, back.first)
      assert.notDeepEqual(back.second, back.first)
    })

    test('shows the players around the first, and not_found for who is not listed', async () => {
      const { name, device } = await world.player(runtime)
      const top = (await world.service.call('GET', '/api/leaderboards/blockXp?limit=4')).entries
      const first = top[0].username
      const [around, unlisted] = await probe(
        runtime,
        device,
        ['around', 'blockXp', first, '3'],
        ['around', 'blockXp', name, '3'],
      )
      assert.deepEqual(
        around?.names,
        top.map(({ username }: { username: string }) => username),
      )
      assert.deepEqual([unlisted?.code, unlisted?.status], ['not_found', 404])
    })
  },
  { vars: { BOARD: String(PLAYERS) } },
)
