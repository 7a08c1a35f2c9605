import { expect, test } from 'vitest'
import { beginsBurst } from '../../src/alerts/failing.ts'
import { MINUTE, SECOND } from '../../src/lib/time.ts'
import { callsThrough } from '../support/failing.ts'
import { startAlerts, status } from './receivers.ts'

const ALERTS = 'https://alerts.example/hook'

/** A database that fails while `broken.now`. */
function breakable() {
  const broken = { now: false }
  const database = callsThrough(async (work) => {
    if (broken.now) throw new Error('D1_ERROR: unreachable')
    return work()
  })
  return { broken, database }
}

const start = async (vars: Record<string, unknown> = { ALERT_URL: ALERTS }) => {
  const { broken, database } = breakable()
  const service = await startAlerts({ vars, database, log: () => {} })
  /** So many calls that are answered 5xx; gives their statuses. */
  const fails = async (times: number) => {
    broken.now = true
    const answers = []
    for (let i = 0; i < times; i++) answers.push((await service.call('/api/users/1')).status)
    broken.now = false
    return new Set(answers)
  }
  return { ...service, fails }
}

test('alerts ALERT_URL of a burst once, without the database', async () => {
  const { clock, fails, network } = await start()
  expect(await fails(9)).toEqual(new Set([503]))
  expect(network.received).toEqual([])
  clock.now += 30 * SECOND
  await fails(1)
  expect(network.received.map(({ url }) => url)).toEqual([ALERTS])
  expect(network.received[0]?.json).toEqual({
    type: 'service.failing',
    timestamp: '2027-01-15T12:00:30.000Z',
    data: { failures: 10, withinSeconds: 60, since: '2027-01-15T12:00:00.000Z' },
  })
  for (let i = 0; i < 10; i++) {
    clock.now += 30 * SECOND
    await fails(5)
  }
  expect(network.received).toHaveLength(1)
  // A minute without a failure ends the burst; the next one is told again.
  clock.now += MINUTE
  await fails(9)
  expect(network.received).toHaveLength(1)
  await fails(1)
  expect(network.received).toHaveLength(2)
})

test('takes no burst for errors that are far between', async () => {
  const { clock, fails, network } = await start()
  for (let i = 0; i < 30; i++, clock.now += 7 * SECOND) await fails(1)
  expect(network.received).toEqual([])
})

test('sends a sentence where ALERT_URL is a webhook of Slack', async () => {
  const { fails, network } = await start({ ALERT_URL: 'https://hooks.slack.com/services/T0/B0/abc' })
  await fails(10)
  expect(network.received[0]?.json.text).toBe(
    'The service is failing: 10 calls were answered with a server error within 60 seconds.',
  )
})

test('sends a sentence where ALERT_URL is a webhook of Discord', async () => {
  const { fails, network } = await start({ ALERT_URL: 'https://discord.com/api/webhooks/1/token' })
  await fails(10)
  expect(network.received[0]?.json).toEqual({
    content: 'The service is failing: 10 calls were answered with a server error within 60 seconds.',
    allowed_mentions: { parse: [] },
  })
})

test('never calls an ALERT_URL that alerts may not go to', async () => {
  const { fails, network } = await start({ ALERT_URL: 'http://169.254.169.254/' })
  await fails(10)
  expect(network.received).toEqual([])
})

test('tells the endpoints that asked for it, too, where the database is not what fails', async () => {
  const unlimited = async () => true
  const bug = () => Promise.reject(new Error('a bug'))
  const limits = { loginPair: unlimited, loginName: unlimited, loginAddress: unlimited, signupAddress: bug }
  const { call, clock, endpoint, network } = await startAlerts({ vars: { ALERT_URL: ALERTS }, limits, log: () => {} })
  await endpoint('https://one.example/', ['service.failing'])
  await endpoint('https://two.example/', ['credits.low'])
  const burst = async () => {
    for (let i = 0; i < 15; i++) expect((await call('/api/users', { body: {} })).status).toBe(500)
  }
  await burst()
  expect(network.received.map(({ url }) => url).sort()).toEqual([ALERTS, 'https://one.example/'])
  expect(network.received[0]?.json).toEqual(network.received[1]?.json)
  clock.now += MINUTE
  await burst()
  expect(network.to('https://one.example/')).toHaveLength(2)
})

test('does not count what is answered while the service is stopped, nor what a caller did wrong', async () => {
  const { call, clock, deps, network } = await start()
  await deps.db.$client.prepare('UPDATE service_state SET stopped_at = 1').run()
  clock.now += 10 * SECOND
  for (let i = 0; i < 12; i++) expect((await call('/api/users')).body.code).toBe('stopped')
  await deps.db.$client.prepare('UPDATE service_state SET stopped_at = NULL').run()
  clock.now += 10 * SECOND
  for (let i = 0; i < 12; i++) expect((await call('/api/users/1')).status).toBe(404)
  expect(network.received).toEqual([])
})

test('answers all the same when ALERT_URL fails or hangs', async () => {
  const { fails, network } = await start()
  network.answer = status(500)
  expect(await fails(12)).toEqual(new Set([503]))
  expect(network.received).toHaveLength(1)
})

test('a burst is ten failures within a minute, and over after a minute without', () => {
  const failures = { times: [], told: false }
  const at = (seconds: number) => beginsBurst(failures, seconds * SECOND)
  expect(Array.from({ length: 12 }, (_, i) => at(i)).map(Number)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0])
  expect(at(70)).toBe(false)
  expect(failures.times.length).toBeLessThanOrEqual(10)
  expect(Array.from({ length: 10 }, () => at(130)).filter(Boolean)).toHaveLength(1)
})
