import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { noteEvents } from '../../src/alerts/outbox.ts'
import { batchRows } from '../../src/db/client.ts'
import { NOON } from '../support/service.ts'
import { startAlerts } from './receivers.ts'

const fiveHundredUsers = () =>
  env.DB.prepare(`INSERT INTO users (username, created_at) SELECT 'user' || key, 1 FROM json_each(?)`)
    .bind(JSON.stringify(Array(500).fill(0)))
    .run()

test('inserts an event for each endpoint that subscribes to it', async () => {
  const { endpoint, note, deliveries } = await startAlerts()
  const [one, two] = [await endpoint('https://one.example/'), await endpoint('https://two.example/')]
  await endpoint('https://three.example/', ['service.stopped'])
  expect(await note('credits.low', { data: { username: 'kicksent', balance: 9 } })).toBe(2)
  const noted = await deliveries()
  expect(noted.map(({ webhookId }) => webhookId).sort()).toEqual([one.id, two.id].sort())
  expect(noted[0]).toMatchObject({
    event: 'credits.low',
    status: 'pending',
    attempts: 0,
    lastStatus: 0,
    lastError: '',
    createdAt: '2027-01-15T12:00:00.000Z',
    nextAttemptAt: '2027-01-15T12:00:00.000Z',
    deliveredAt: '',
    payload: {
      type: 'credits.low',
      timestamp: '2027-01-15T12:00:00.000Z',
      data: { username: 'kicksent', balance: 9 },
    },
  })
})

test('stores one event for each once_key', async () => {
  const { endpoint, note } = await startAlerts()
  await endpoint('https://one.example/')
  const noted = await Promise.all(Array.from({ length: 5 }, () => note('credits.low', { onceKey: 'the same' })))
  expect(noted.sort()).toEqual([0, 0, 0, 0, 1])
})

test('stores nothing for a disabled endpoint', async () => {
  const { admin, endpoint, note } = await startAlerts()
  const { id } = await endpoint('https://one.example/')
  await admin(`/api/webhooks/${id}`, { method: 'PATCH', body: { enabled: false } })
  expect(await note('credits.low')).toBe(0)
  await admin(`/api/webhooks/${id}`, { method: 'PATCH', body: { enabled: true } })
  expect(await note('credits.low')).toBe(1)
})

test('gives each row of a source its own event id, the same at every endpoint, and its user', async () => {
  const { deps, endpoint } = await startAlerts()
  await endpoint('https://one.example/')
  await endpoint('https://two.example/')
  await fiveHundredUsers()
  const source = sql`SELECT id AS user_id, 'k' || id AS once_key, json_object('username', username) AS data FROM users WHERE id <= 3`
  await batchRows(deps.db, [
    noteEvents({ event: 'credits.low', eventId: sql`'evt_a_' || s.user_id`, source, now: NOON }),
  ])
  const { results } = await env.DB.prepare(
    'SELECT user_id, event_id, COUNT(*) AS n FROM deliveries GROUP BY user_id, event_id ORDER BY user_id',
  ).all()
  expect(results).toEqual([
    { user_id: 1, event_id: 'evt_a_1', n: 2 },
    { user_id: 2, event_id: 'evt_a_2', n: 2 },
    { user_id: 3, event_id: 'evt_a_3', n: 2 },
  ])
})

test('reads few rows and writes none while no endpoint subscribes to the event', async () => {
  const { endpoint } = await startAlerts()
  const { deps } = await startAlerts()
  await fiveHundredUsers()
  const source = sql`SELECT NULL AS user_id, 'k' AS once_key, json_group_array(username) AS data FROM users`
  const statement = noteEvents({ event: 'credits.reset', eventId: 'evt_a', source, now: NOON })
  await batchRows(deps.db, [statement]) // the first one ever starts the table's sequence
  const before = { ...deps.tally }
  await batchRows(deps.db, [statement])
  expect(deps.tally.rowsRead - before.rowsRead).toBeLessThanOrEqual(6)
  await endpoint('https://one.example/', ['credits.low'])
  await batchRows(deps.db, [statement])
  expect(deps.tally.rowsRead - before.rowsRead).toBeLessThanOrEqual(14)
  expect(deps.tally.rowsWritten - before.rowsWritten).toBe(0)
})

test("deletes a user's events together with the user", async () => {
  const { admin, deps, deliveries, endpoint, user } = await startAlerts()
  await endpoint('https://one.example/', ['credits.low', 'credits.reset'])
  const id = await user('Kicksent')
  const about = sql`SELECT ${id} AS user_id, 'a' AS once_key, '{}' AS data`
  const naming = sql`SELECT NULL AS user_id, 'b' AS once_key, ${JSON.stringify({ accounts: [{ username: 'Kicksent' }] })} AS data`
  await batchRows(deps.db, [
    noteEvents({ event: 'credits.low', eventId: 'evt_a', source: about, now: NOON }),
    noteEvents({ event: 'credits.reset', eventId: 'evt_b', source: naming, now: NOON }),
  ])
  expect(await deliveries()).toHaveLength(2)
  expect((await admin('/api/users/kicksent', { method: 'DELETE' })).status).toBe(204)
  const left = await deliveries()
  expect(left.map(({ event }) => event)).toEqual(['credits.reset'])
  expect(JSON.stringify(left)).not.toMatch(/kicksent/i)
})
