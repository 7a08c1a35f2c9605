import { expect, test } from 'vitest'
import { deliverDue } from '../../src/alerts/deliver.ts'
import { DAY } from '../../src/lib/time.ts'
import { startAlerts, status } from './receivers.ts'

const ONE = 'https://one.example/hook'

const dead = async (service: Awaited<ReturnType<typeof startAlerts>>) => {
  for (let i = 0; i < 10; i++, service.clock.now += 2 * DAY) await deliverDue(service.deps)
  const [delivery] = await service.deliveries('?status=dead')
  return delivery
}

test('lists deliveries, the newest first, by status and in pages', async () => {
  const { admin, deliveries, deps, endpoint, network, note } = await startAlerts()
  await endpoint(ONE)
  for (let i = 0; i < 5; i++) await note('credits.low', { data: { i } })
  network.answer = ({ json }) => new Response(null, { status: json.data.i % 2 ? 400 : 200 })
  await deliverDue(deps)
  expect((await deliveries()).map(({ id }) => id)).toEqual(['dlv_5', 'dlv_4', 'dlv_3', 'dlv_2', 'dlv_1'])
  expect((await deliveries('?status=')).length).toBe(5)
  expect((await deliveries('?status=delivered')).map(({ id }) => id)).toEqual(['dlv_5', 'dlv_3', 'dlv_1'])
  expect((await deliveries('?status=pending')).map(({ id }) => id)).toEqual(['dlv_4', 'dlv_2'])
  expect(await deliveries('?status=dead')).toEqual([])

  const first = (await admin('/api/webhooks/deliveries?limit=2&status=delivered')).body
  expect(first.deliveries.map(({ id }: any) => id)).toEqual(['dlv_5', 'dlv_3'])
  const second = await admin(`/api/webhooks/deliveries?limit=2&status=delivered&cursor=${first.nextCursor}`)
  expect(second.body).toMatchObject({ deliveries: [{ id: 'dlv_1' }], nextCursor: '' })
  for (const query of [`cursor=${first.nextCursor}`, 'cursor=nonsense', 'status=lost', 'limit=201', 'limit=0']) {
    expect((await admin(`/api/webhooks/deliveries?${query}`)).status, query).toBe(400)
  }
})

test('replays a dead delivery from its first attempt, under the same id', async () => {
  const service = await startAlerts({ answer: status(500) })
  const { admin, clock, deliveries, deps, endpoint, network, note } = service
  await endpoint(ONE)
  await note('credits.low', { data: { username: 'kicksent' } })
  const { id, eventId } = await dead(service)
  const tried = network.received.length
  expect(tried).toBe(10)

  // A receiver that is still down makes it wait, from the start of the schedule.
  const replayed = await admin(`/api/webhooks/deliveries/${id}/replay`, { method: 'POST' })
  expect(replayed.status).toBe(202)
  expect(replayed.body).toMatchObject({ id, eventId, status: 'pending', attempts: 0, lastStatus: 0, lastError: '' })
  expect(network.received).toHaveLength(tried + 1)
  expect(await deliveries()).toMatchObject([{ status: 'pending', attempts: 1, lastStatus: 500 }])

  clock.now += 60_000
  network.answer = status(204)
  await deliverDue(deps)
  expect(await deliveries()).toMatchObject([{ id, status: 'delivered', attempts: 2, lastStatus: 204, lastError: '' }])
  expect(new Set(network.received.map(({ headers }) => headers.get('webhook-id')))).toEqual(new Set([eventId]))
  expect(new Set(network.received.map(({ body }) => body)).size).toBe(1)
})

test('sends a replay now, also of what was delivered, and to a receiver that asked for a pause', async () => {
  const { admin, clock, deliveries, deps, endpoint, network, note } = await startAlerts()
  await endpoint(ONE)
  await note('credits.low')
  await deliverDue(deps)
  network.answer = status(429, { 'Retry-After': '86400' })
  await note('credits.low')
  await deliverDue(deps)
  network.answer = status(204)
  clock.now += 1000
  await admin('/api/webhooks/deliveries/dlv_1/replay', { method: 'POST' })
  expect(network.received).toHaveLength(3)
  expect((await deliveries())[1]).toMatchObject({ status: 'delivered', deliveredAt: new Date(clock.now).toISOString() })
})

test('replays once for the same Idempotency-Key', async () => {
  const { admin, deps, endpoint, network, note } = await startAlerts()
  await endpoint(ONE)
  await note('credits.low')
  await deliverDue(deps)
  const replay = () =>
    admin('/api/webhooks/deliveries/dlv_1/replay', { method: 'POST', headers: { 'Idempotency-Key': 'k1' } })
  const [first, second] = [await replay(), await replay()]
  expect(second.text).toBe(first.text)
  expect(second.headers.get('Idempotency-Replayed')).toBe('true')
  expect(network.received).toHaveLength(2)
})

test('replays nothing that is being sent, whose endpoint is disabled, or that never was', async () => {
  const { admin, deps, endpoint, network, note } = await startAlerts()
  const { id } = await endpoint(ONE)
  await note('credits.low')
  const replay = (delivery: string) =>
    admin(`/api/webhooks/deliveries/${delivery}/replay`, { method: 'POST', headers: { 'Idempotency-Key': delivery } })
  let replayedMeanwhile: number | undefined
  network.answer = async () => {
    replayedMeanwhile = (await replay('dlv_1')).status
    return new Response(null, { status: 204 })
  }
  await deliverDue(deps)
  expect(replayedMeanwhile).toBe(409)
  expect(network.received).toHaveLength(1)
  await admin(`/api/webhooks/${id}`, { method: 'PATCH', body: { enabled: false } })
  expect((await replay('dlv_1')).status).toBe(409)
  for (const delivery of ['dlv_2', 'dlv_0', 'dlv_', '1', 'dlv_1e3', `dlv_${'9'.repeat(16)}`]) {
    expect((await replay(delivery)).status, delivery).toBe(404)
  }
  expect(network.received).toHaveLength(1)
  expect((await deps.db.$client.prepare('SELECT * FROM idempotency_records').all()).results).toEqual([])
})

test('deletes an idempotency record about a user together with the user', async () => {
  const { admin, deps, endpoint, note, user } = await startAlerts()
  await endpoint(ONE)
  await user('Kicksent')
  await note('credits.low', { data: { username: 'Kicksent' } })
  await deliverDue(deps)
  await admin('/api/webhooks/deliveries/dlv_1/replay', { method: 'POST', headers: { 'Idempotency-Key': 'k1' } })
  const records = async () =>
    JSON.stringify((await deps.db.$client.prepare('SELECT * FROM idempotency_records').all()).results)
  expect(await records()).toContain('Kicksent')
  await admin('/api/users/kicksent', { method: 'DELETE' })
  expect(await records()).not.toContain('Kicksent')
})
