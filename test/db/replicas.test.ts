import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { CACHE_SECONDS } from '../../src/http/cached.ts'
import { SECOND } from '../../src/lib/time.ts'
import { SHARED_STATE_MAX_AGE_SECONDS } from '../../src/service/shared-state.ts'
import { fillDataset } from '../support/credits.ts'
import { laggingDatabase } from '../support/lagging.ts'
import { insertKey, startService } from '../support/service.ts'

const BOOKMARK = 'X-D1-Bookmark'

/** Two isolates with a user, a key, and a replica that has nothing of both yet. */
async function start() {
  const database = await laggingDatabase()
  const { DB } = database
  const [here, there] = [startService({ vars: { DB } }), startService({ vars: { DB } })]
  await here.user()
  const server = await insertKey(['stats:write'])
  await database.copyRows('api_keys')
  await fillDataset()
  return { ...database, here, there, server }
}

const addXp = ({ here, server }: Awaited<ReturnType<typeof start>>, sizeXp = 5) =>
  here.call('/api/users/kicksent/stats', { method: 'PATCH', bearer: server, body: { changes: { sizeXp } } })

test('public reads come from the replica, and may be behind for callers who wrote nothing', async () => {
  const world = await start()
  const { there, reads, catchUp } = world
  await catchUp()
  await addXp(world)
  reads.replica.length = 0
  // Has read the shared state long ago, so it knows nothing of the write.
  there.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND - 1
  expect((await there.call('/api/users/kicksent/stats')).status).toBe(200)
  expect(reads.replica.join()).toContain('stats')
})

test('who sends the bookmark of a write sees it, wherever it is read', async () => {
  const world = await start()
  const { there, behind } = world
  await there.call('/api/stats')
  for (const n of [1, 2, 3]) {
    const written = await addXp(world, 1)
    expect(behind()).toBeGreaterThan(0)
    const headers = { [BOOKMARK]: written.headers.get(BOOKMARK) ?? '' }
    for (const path of ['/api/users/kicksent/stats', '/api/users/kicksent', '/api/users/1']) {
      expect((await there.call(path, { headers })).body.stats.sizeXp, path).toBe(n)
    }
    const { entries } = (await there.call('/api/leaderboards/sizeXp', { headers })).body
    expect(entries).toEqual([expect.objectContaining({ username: 'kicksent', value: n })])
  }
})

test('an answer from the memory of an isolate is not older than the bookmark either', async () => {
  const world = await start()
  const { there } = world
  const read = (headers: Record<string, string> = {}) => there.call('/api/users/kicksent/stats', { headers })
  await world.catchUp()
  expect((await read()).body.stats.sizeXp).toBe(0)
  const written = await addXp(world)
  expect((await read()).body.stats.sizeXp).toBe(0)
  const headers = { [BOOKMARK]: written.headers.get(BOOKMARK) ?? '' }
  expect((await read(headers)).body.stats.sizeXp).toBe(5)
  // Now the memory has it, for everybody.
  world.reads.replica.length = 0
  expect((await read()).body.stats.sizeXp).toBe(5)
  expect((await read(headers)).body.stats.sizeXp).toBe(5)
  expect(world.reads.replica).toEqual([])
})

test('an isolate sees what it wrote itself, without any header', async () => {
  const world = await start()
  for (const n of [1, 2, 3]) {
    await addXp(world, 1)
    expect((await world.here.call('/api/users/kicksent/stats')).body.stats.sizeXp).toBe(n)
  }
})

test('nobody sees a state that is older than the contract allows, however far the replica is behind', async () => {
  const world = await start()
  const { there } = world
  await there.call('/api/stats')
  await addXp(world)
  // From the replica, just before this isolate asks the primary again.
  there.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND - 1
  const read = async () => (await there.call('/api/users/kicksent/stats')).body.stats.sizeXp
  expect(await read()).toBe(0)
  there.clock.now += (CACHE_SECONDS - SHARED_STATE_MAX_AGE_SECONDS) * SECOND + 1
  expect(await read()).toBe(5)
})

test('Cache-Control: no-cache shows the latest state, without a bookmark', async () => {
  const world = await start()
  await world.there.call('/api/stats')
  await addXp(world)
  const headers = { 'Cache-Control': 'no-cache' }
  expect((await world.there.call('/api/users/kicksent/stats', { headers })).body.stats.sizeXp).toBe(5)
})

test('the pages of an account show what was changed elsewhere a moment ago', async () => {
  const { here, there, reads } = await start()
  await here.call('/api/stats')
  reads.replica.length = 0
  for (const path of ['/account', '/console', '/account/log-in']) await there.call(path)
  expect(reads.replica).toEqual([])
})

test('one sees oneself as one has just changed it, by the bookmark of the change', async () => {
  const { here, there } = await start()
  const { token } = (await here.call('/api/token', { method: 'POST', basic: 'kicksent:python' })).body
  await there.call('/api/users/me', { bearer: token })
  const body = { currentPassword: 'python', email: 'new@example.com' }
  const changed = await here.call('/api/users/me', { method: 'PATCH', bearer: token, body })
  const headers = { [BOOKMARK]: changed.headers.get(BOOKMARK) ?? '' }
  expect((await there.call('/api/users/me', { bearer: token, headers })).body.email).toBe('new@example.com')
})

test('credits, keys, log-ins and revocations never come from a replica', async () => {
  const { here, there, reads, catchUp } = await start()
  const key = await insertKey(['metered:read', 'credits:spend'], 1)
  await catchUp()
  reads.replica.length = 0
  const basic = 'kicksent:python'
  const { refreshToken, token } = (await there.call('/api/token', { method: 'POST', basic })).body
  await there.call('/api/credits/spend', { bearer: key, body: { amount: 1 } })
  expect((await here.call('/api/credits', { bearer: key })).body.balance).toBe(99)
  for (const path of ['/api/credits', '/api/credits/ledger', '/api/credits/usage', '/api/v1.0/banks_data/EBILAEAD'])
    expect((await there.call(path, { bearer: key })).status).toBe(200)
  for (const path of ['/api/sessions', '/api/keys', '/api/users/me/export'])
    expect((await there.call(path, { bearer: token })).status, path).toBe(200)
  await there.call('/api/token/refresh', { body: { refreshToken } })
  expect(reads.replica).toEqual([])

  await here.call('/api/sessions', { method: 'DELETE', basic })
  there.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND
  expect((await there.call('/api/users/me', { bearer: token })).status).toBe(401)
  await env.DB.prepare('DELETE FROM api_keys').run()
  expect((await there.call('/api/credits', { bearer: key })).status).toBe(401)
})

test.each(['first-unconstrained', 'first-primary', '', 'x'.repeat(129), "' OR 1=1"])(
  'refuses %j as a bookmark',
  async (bookmark) => {
    const { call } = startService()
    const { status, body } = await call('/api/stats', { headers: { [BOOKMARK]: bookmark } })
    expect([status, body.errors?.[0]?.path]).toEqual([400, BOOKMARK])
  },
)

test('works without replicas: D1 itself gives the bookmarks', async () => {
  const service = startService()
  await service.user()
  const server = await insertKey(['stats:write'])
  const written = await service.call('/api/users/kicksent/stats', {
    method: 'PATCH',
    bearer: server,
    body: { changes: { sizeXp: 5 } },
  })
  const bookmark = written.headers.get(BOOKMARK) ?? ''
  expect(bookmark).toMatch(/^[0-9a-f]{8}-/)
  const there = startService()
  const read = await there.call('/api/users/kicksent/stats', { headers: { [BOOKMARK]: bookmark } })
  expect(read.body.stats.sizeXp).toBe(5)
  expect((read.headers.get(BOOKMARK) ?? '') >= bookmark).toBe(true)
})
