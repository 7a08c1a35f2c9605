/** The calls that are measured, as a game, a website or a script makes them, and what each may cost. */
import { DATASET, entryKey, playerKey, playerName, SERVER_KEY } from './world.ts'

export type Request = { method: string; path: string; headers: Record<string, string>; body?: string }

/** What one call may cost with a warm KV, without the shared state, which an isolate reads every few seconds. */
export type Budget = { roundTrips: number; rowsRead: number; rowsWritten: number; kvReads: number; kvWrites: number }

export type Endpoint = {
  name: string
  /** The `n`-th call, of which no two are of the same player for a while. */
  request: (n: number, world: World) => Request
  budget: Budget
  /** Costs hundreds of milliseconds of CPU, so it is measured with fewer calls. */
  hashes?: true
  /** What a game calls often: one round trip, with an Idempotency-Key too. */
  oneTrip?: true
  /** Written by the committer. */
  grouped?: true
}

export type World = {
  players: number
  /** Access tokens of the first players. */
  tokens: string[]
  /** More than a run has calls, because each works only once. */
  refreshTokens: string[]
  /** A cursor of the leaderboard's second page. */
  cursor: string
}

/** Not from the isolate's cache of the last seconds. */
const ANEW = { 'Cache-Control': 'no-cache' }

const JSON_BODY = { 'Content-Type': 'application/json' }
const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` })
const get = (path: string, headers: Record<string, string> = {}): Request => ({ method: 'GET', path, headers })
const send = (method: string, path: string, headers: Record<string, string>, body: unknown): Request => ({
  method,
  path,
  headers: { ...headers, ...JSON_BODY },
  body: JSON.stringify(body),
})

const token = (n: number, { tokens }: World) => bearer(tokens[n % tokens.length] ?? '')

/** Players far apart, so that no call is answered from a cache. */
const player = (n: number, { players }: World) => 1 + ((n * 7919) % players)

const costs = (roundTrips: number, rowsRead: number, rowsWritten = 0, kvReads = 0, kvWrites = 0): Budget => ({
  roundTrips,
  rowsRead,
  rowsWritten,
  kvReads,
  kvWrites,
})

export const ENDPOINTS: Endpoint[] = [
  {
    name: 'GET /api/users/{u}',
    request: (n, w) => get(`/api/users/${playerName(player(n, w))}`, ANEW),
    budget: costs(1, 4),
  },
  {
    name: 'GET /api/users/{u} again, from memory',
    request: () => get('/api/users/player1'),
    budget: costs(0, 0),
  },
  {
    name: 'GET /api/users?limit=100',
    request: (n, w) => get(`/api/users?limit=100&prefix=player${1 + (player(n, w) % 9)}`, ANEW),
    budget: costs(1, 101),
  },
  {
    name: 'POST /api/users/lookup, 10 names',
    request: (n, w) =>
      send(
        'POST',
        '/api/users/lookup',
        {},
        { usernames: Array.from({ length: 10 }, (_, i) => playerName(player(n + i, w))) },
      ),
    budget: costs(1, 70),
  },
  {
    name: 'GET /api/users/me by token',
    request: (n, w) => get('/api/users/me', token(n, w)),
    budget: costs(1, 4),
  },
  {
    name: 'GET /api/token by password',
    request: (n, w) => get('/api/token', { Authorization: `Basic ${btoa(`${playerName(player(n, w))}:python`)}` }),
    budget: costs(1, 1),
    hashes: true,
  },
  {
    name: 'POST /api/token, password verified a moment ago',
    request: (n, w) => ({
      ...get('/api/token', { Authorization: `Basic ${btoa(`${playerName(player(n, w))}:python`)}` }),
      method: 'POST',
    }),
    budget: costs(1, 30, 4),
    oneTrip: true,
    hashes: true,
  },
  {
    name: 'POST /api/token/refresh',
    request: (n, { refreshTokens }) =>
      send('POST', '/api/token/refresh', {}, { refreshToken: refreshTokens[n % refreshTokens.length] }),
    budget: costs(1, 16, 4),
    oneTrip: true,
  },
  {
    name: 'POST /api/users',
    request: (n) => send('POST', '/api/users', {}, { username: `new${n}`, password: 'python' }),
    budget: costs(1, 3, 6),
    hashes: true,
  },
  {
    name: 'GET /api/users/{u}/stats',
    request: (n, w) => get(`/api/users/${playerName(player(n, w))}/stats`, ANEW),
    budget: costs(1, 4),
  },
  {
    name: 'PATCH /api/users/{u}/stats by key',
    request: (n, w) =>
      send('PATCH', `/api/users/${playerName(player(n, w))}/stats`, bearer(SERVER_KEY), { changes: { meleeAtkXp: 1 } }),
    budget: costs(1, 65, 4),
    grouped: true,
    oneTrip: true,
  },
  {
    name: "PATCH /api/users/me/stats by the player's key",
    request: (n) => send('PATCH', '/api/users/me/stats', bearer(playerKey(n)), { changes: { meleeAtkXp: 1 } }),
    budget: costs(1, 66, 4),
    grouped: true,
    oneTrip: true,
  },
  {
    name: 'POST /api/stats/batch, 100 changes',
    request: (n, w) => {
      const changes = Array.from({ length: 100 }, (_, i) => ({
        userId: player(n * 100 + i, w),
        stat: 'healthXp',
        change: 1,
      }))
      return send('POST', '/api/stats/batch', bearer(SERVER_KEY), { changes })
    },
    budget: costs(1, 4000, 400),
    grouped: true,
  },
  {
    name: 'GET /api/leaderboards/{stat}',
    request: (n) => get(`/api/leaderboards/meleeAtkXp?limit=${10 + (n % 20)}`, ANEW),
    budget: costs(1, 60),
  },
  {
    name: 'GET /api/leaderboards/{stat}?cursor=',
    request: (n, w) => get(`/api/leaderboards/meleeAtkXp?limit=${10 + (n % 20)}&cursor=${w.cursor}`, ANEW),
    budget: costs(1, 62),
  },
  {
    name: 'GET /api/leaderboards/{stat}/around/{u}',
    request: (n, w) => get(`/api/leaderboards/meleeAtkXp/around/${playerName(player(n, w))}`, ANEW),
    budget: costs(1, 3000),
  },
  {
    name: 'GET /api/v1.0/{dataset}/{key}',
    request: (n) => get(`/api/v1.0/${DATASET}/${entryKey(n)}`, bearer(playerKey(n))),
    budget: costs(1, 75, 2, 1),
    grouped: true,
    oneTrip: true,
  },
  {
    name: 'GET /api/v1.0/{dataset}/{key} with Idempotency-Key',
    request: (n) =>
      get(`/api/v1.0/${DATASET}/${entryKey(n)}`, { ...bearer(playerKey(n)), 'Idempotency-Key': `bench-${n}` }),
    budget: costs(1, 98, 3, 1),
    grouped: true,
  },
  {
    name: 'POST /api/credits/spend by token',
    request: (n, w) => send('POST', '/api/credits/spend', token(n, w), { amount: 1 }),
    budget: costs(1, 82, 2, 1),
    grouped: true,
    oneTrip: true,
  },
  {
    name: 'POST /api/credits/holds by token',
    request: (n, w) => send('POST', '/api/credits/holds', token(n, w), { amount: 1, expiresInSeconds: 86_400 }),
    budget: costs(1, 105, 5, 1),
    grouped: true,
    oneTrip: true,
  },
  {
    name: 'GET /api/credits/usage',
    request: (n) => get('/api/credits/usage', bearer(playerKey(n))),
    budget: costs(2, 60),
  },
  {
    name: 'GET /api/credits',
    request: (n) => get('/api/credits', bearer(playerKey(n))),
    budget: costs(1, 11),
    oneTrip: true,
  },
  {
    name: 'GET /api/credits/ledger',
    request: (n) => get('/api/credits/ledger', bearer(playerKey(n))),
    budget: costs(2, 60),
  },
]

/** What a call cost, from its `Server-Timing`. */
export function costOf(serverTiming: string | null): Budget {
  const figures = [...(serverTiming ?? '').matchAll(/(\w+);desc="(\d+)"/g)].map(([, name, count]) => [
    name,
    Number(count),
  ])
  return Object.fromEntries(figures)
}
