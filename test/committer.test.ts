/** Writes by way of the committer, the Durable Object that wrangler.toml declares: exact, and many in one commit. */
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { NO_ANSWER } from '../src/db/failures.ts'
import type { RemoteCommitter } from '../src/db/writer.ts'
import type { Env } from '../src/env.ts'
import { sha256 } from '../src/lib/bytes.ts'
import { expectBooksToAddUp, fillDataset, rows, spender } from './support/credits.ts'
import { type Answer, insertKey, startService } from './support/service.ts'

const vars = { WRITE_GROUPING: 'true', SERVER_TIMING: 'true' }

/** The committer of the tests' environment, called through `around`. */
const committer = (
  around: (write: () => ReturnType<RemoteCommitter['write']>) => ReturnType<RemoteCommitter['write']>,
) => ({
  getByName: (name: string) => ({
    write: (...args: Parameters<RemoteCommitter['write']>) =>
      around(
        async () =>
          (env as unknown as Env).COMMITTER?.getByName(name).write(...args) as ReturnType<RemoteCommitter['write']>,
      ),
  }),
})

const statuses = (answers: Answer[]) => {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** How many writes were in the batch of the one that was answered. */
const batchItems = ({ headers }: Answer) => Number(/of (\d+) writes/.exec(headers.get('Server-Timing') ?? '')?.[1])

test('a hundred concurrent spends of one account take what there is, and no more', async () => {
  const service = startService({ vars: { ...vars, MONTHLY_CREDITS: '60' } })
  const { key, id } = await spender(service)
  const spend = () => service.call('/api/credits/spend', { bearer: key, body: { amount: 1 } })
  const answers = await Promise.all(Array.from({ length: 100 }, spend))
  expect(statuses(answers)).toEqual({ 201: 60, 402: 40 })
  const balances = answers.filter(({ status }) => status === 201).map(({ body }) => body.balance)
  expect(balances.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i))
  expect(await rows('SELECT COUNT(*) AS n FROM ledger WHERE user_id = ? AND kind = ?', id, 'spend')).toEqual([
    { n: 60 },
  ])
  await expectBooksToAddUp()
  expect(Math.max(...answers.map(batchItems))).toBeGreaterThan(10)
})

test('calls of different kinds and people share commits, each with its own answer', async () => {
  const service = startService({ vars })
  await fillDataset()
  const players = []
  for (let i = 0; i < 10; i++) players.push(await spender(service, `player${i}`))
  const server = await insertKey(['stats:write'])
  const answers = await Promise.all(
    players.flatMap(({ key, username }, i) => [
      service.call('/api/v1.0/banks_data/EBILAEAD', { bearer: key }),
      service.call('/api/credits/spend', { bearer: key, body: { amount: i + 1 } }),
      service.call('/api/credits/holds', { bearer: key, body: { amount: 2, expiresInSeconds: 60 } }),
      service.call(`/api/users/${username}/stats`, {
        method: 'PATCH',
        bearer: server,
        body: { changes: { sizeXp: i } },
      }),
      service.call(`/api/users/${username}/stats`, {
        method: 'PATCH',
        bearer: server,
        body: { changes: { sizeXp: 1 } },
      }),
    ]),
  )
  expect(statuses(answers)).toEqual({ 200: 30, 201: 20 })
  for (const [i, { username, key }] of players.entries()) {
    expect((await service.call(`/api/users/${username}/stats`)).body.stats.sizeXp).toBe(i + 1)
    expect((await service.call('/api/credits', { bearer: key })).body.balance).toBe(100 - 1 - (i + 1) - 2)
  }
  await expectBooksToAddUp()
  expect(Math.max(...answers.map(batchItems))).toBeGreaterThan(5)
})

test('the same call under one Idempotency-Key, many times at once, counts once', async () => {
  const service = startService({ vars })
  const { key, username } = await spender(service)
  const server = await insertKey(['stats:write'])
  const headers = { 'Idempotency-Key': 'once' }
  const spends = Array.from({ length: 20 }, () =>
    service.call('/api/credits/spend', { bearer: key, headers, body: { amount: 3 } }),
  )
  const changes = Array.from({ length: 20 }, () =>
    service.call(`/api/users/${username}/stats`, {
      method: 'PATCH',
      bearer: server,
      headers,
      body: { changes: { sizeXp: 7 } },
    }),
  )
  for (const calls of [spends, changes]) {
    const answers = await Promise.all(calls)
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.get('Idempotency-Replayed') === 'true').length).toBe(19)
  }
  expect((await service.call('/api/credits', { bearer: key })).body.balance).toBe(97)
  expect((await service.call(`/api/users/${username}/stats`)).body.stats.sizeXp).toBe(7)
})

test('a revoked key and a bad change are refused alone, in a batch with good ones', async () => {
  const service = startService({ vars })
  await service.user('kicksent')
  const [good, revoked] = [await insertKey(['stats:write']), await insertKey(['stats:write'])]
  const patch = (bearer: string, changes: object) =>
    service.call('/api/users/kicksent/stats', { method: 'PATCH', bearer, body: { changes } })
  expect((await patch(revoked, { sizeXp: 1 })).status).toBe(200)
  await rows('DELETE FROM api_keys WHERE secret_hash = ?', await sha256(revoked))
  const answers = await Promise.all([
    ...Array.from({ length: 5 }, () => patch(good, { sizeXp: 1 })),
    patch(revoked, { sizeXp: 100 }),
    patch(good, { sizeXp: -1_000_000 }),
    ...Array.from({ length: 5 }, () => patch(good, { sizeXp: 1 })),
  ])
  expect(statuses(answers)).toEqual({ 200: 10, 401: 1, 422: 1 })
  expect((await service.call('/api/users/kicksent/stats')).body.stats.sizeXp).toBe(11)
})

test('a committer that is killed after its commit costs the caller nothing twice', async () => {
  let kills = 2
  const COMMITTER = committer(async (write) => {
    const written = await write()
    if (kills-- > 0) throw new Error('The Durable Object was reset.')
    return written
  })
  const service = startService({ vars: { ...vars, COMMITTER }, wait: async () => {} })
  const { key } = await spender(service)
  const { status, body } = await service.call('/api/credits/spend', { bearer: key, body: { amount: 5 } })
  expect([status, body.balance, kills]).toEqual([201, 95, -1])
  await expectBooksToAddUp()
})

test('a committer that never comes back is a 503 that says to try again', async () => {
  const COMMITTER = committer(() => Promise.reject(new Error('The Durable Object was reset.')))
  const service = startService({ vars: { ...vars, COMMITTER }, wait: async () => {}, log: () => {} })
  const { key, username } = await spender(service)
  const server = await insertKey(['stats:write'])
  for (const answer of [
    await service.call('/api/credits/spend', { bearer: key, body: { amount: 5 } }),
    await service.call(`/api/users/${username}/stats`, {
      method: 'PATCH',
      bearer: server,
      body: { changes: { sizeXp: 1 } },
    }),
  ]) {
    expect([answer.status, answer.body.code, answer.headers.get('Retry-After')]).toEqual([503, 'unavailable', '5'])
    expect(answer.text).not.toContain(NO_ANSWER)
  }
})

test.each([
  ['that is behind', () => Promise.resolve({ busy: 3 }), '3'],
  [
    'that the platform calls overloaded',
    () => Promise.reject(Object.assign(new Error('overloaded'), { overloaded: true })),
    '1',
  ],
])('a committer %s is a 503 with Retry-After, at once, and nothing is written', async (_, write, seconds) => {
  const service = startService({ vars: { ...vars, COMMITTER: committer(write) } })
  const { key } = await spender(service)
  const { status, body, headers } = await service.call('/api/credits/spend', { bearer: key, body: { amount: 5 } })
  expect([status, body.code, headers.get('Retry-After')]).toEqual([503, 'unavailable', seconds])
  expect((await service.call('/api/credits', { bearer: key })).body.balance).toBe(100)
})

test('a committer of another version of the code is passed by: the call goes straight to the database', async () => {
  const COMMITTER = committer(() => Promise.resolve({ unknownSet: true }))
  const service = startService({ vars: { ...vars, COMMITTER } })
  const { key } = await spender(service)
  expect((await service.call('/api/credits/spend', { bearer: key, body: { amount: 5 } })).body.balance).toBe(95)
})

test.each([{ WRITE_GROUPING: 'false' }, { COMMITTER: undefined }])('works without a committer: %j', async (without) => {
  const service = startService({ vars: { ...vars, ...without } })
  const { key } = await spender(service)
  const answer = await service.call('/api/credits/spend', { bearer: key, body: { amount: 5 } })
  expect([answer.body.balance, batchItems(answer)]).toEqual([95, Number.NaN])
})
