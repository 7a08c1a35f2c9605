import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { type Budget, costOf, ENDPOINTS, type Endpoint, type World } from '../bench/endpoints.ts'
import { fillWorld, signTokens, startSessions } from '../bench/world.ts'
import { splitBuckets } from '../src/leaderboards/buckets.ts'
import { hashPassword } from '../src/users/password.ts'
import { NOON, startService } from './support/service.ts'

const PLAYERS = 10_000

/** The cost of each endpoint in D1's own counters, at ten thousand players, compared with its budget. */
test('each endpoint costs no more than its budget', { timeout: 60_000 }, async () => {
  const { call, deps } = startService({ vars: { SERVER_TIMING: 'true' } })
  const { config, random } = deps()
  await fillWorld(env.DB, {
    players: PLAYERS,
    now: NOON,
    passwordHash: hashPassword({ random }, 'python', config.scrypt),
  })
  while (await splitBuckets(deps())) {}
  const first = await call('/api/leaderboards/meleeAtkXp?limit=100')
  const world: World = {
    players: PLAYERS,
    tokens: await signTokens(config.tokenSecrets, PLAYERS, NOON),
    refreshTokens: await startSessions(env.DB, 2000, NOON),
    cursor: encodeURIComponent(first.body.nextCursor),
  }
  const ask = ({ request }: Endpoint, n: number, more: Record<string, string> = {}) => {
    const { method, path, headers, body } = request(n, world)
    return call(path, { method, headers: { ...headers, ...more }, body })
  }

  const over: string[] = []
  for (const endpoint of ENDPOINTS) {
    // There are a hundred keys and tokens, so call 1002 finds its key in KV.
    for (const n of [1, 2]) await ask(endpoint, n)
    const { status, text, headers } = await ask(endpoint, 1002)
    expect(status, `${endpoint.name}: ${text}`).toBeLessThan(300)
    const cost = costOf(headers.get('Server-Timing'))
    for (const [what, max] of Object.entries(endpoint.budget) as [keyof Budget, number][]) {
      if (cost[what] > max) over.push(`${endpoint.name}: ${cost[what]} ${what}, not ${max}`)
    }
    if (!endpoint.oneTrip) continue
    // The same player again, who is warm; but a refresh token works only once.
    const again = endpoint.name.includes('refresh') ? 1003 : 1002
    const keyed = await ask(endpoint, again, { 'Idempotency-Key': `warm-${endpoint.name}`.replaceAll(/[^!-~]/g, '') })
    expect(keyed.status, `${endpoint.name}: ${keyed.text}`).toBeLessThan(300)
    const trips = [cost, costOf(keyed.headers.get('Server-Timing'))].map(({ roundTrips }) => roundTrips)
    if (Math.max(...trips) > 1)
      over.push(`${endpoint.name}: ${trips.join(' and, with an Idempotency-Key, ')} round trips`)
  }
  expect(over).toEqual([])
})
