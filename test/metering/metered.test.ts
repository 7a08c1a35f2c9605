import { env } from 'cloudflare:workers'
import type { Hono } from 'hono'
import { expect, test } from 'vitest'
import { accountOf } from '../../src/credits/account.ts'
import { PRICES } from '../../src/credits/prices.ts'
import { expectBooksToAddUp, fillDataset, rows, spender } from '../support/credits.ts'
import { insertKey, startService } from '../support/service.ts'

const PATH = '/api/v1.0/banks_data/EBILAEAD'

async function start(vars: Parameters<typeof startService>[0] = {}) {
  const service = startService(vars)
  await fillDataset()
  return { ...service, ...(await spender(service)) }
}

test("answers the old app's calls with real data, each for one credit", async () => {
  const { call, key, username } = await start()
  const answers = [
    await call(`${PATH}/?token=${username}:${key}`),
    await call(`${PATH}/`, { headers: { Authorization: `${username}:${key}` } }),
    await call(PATH, { bearer: key }),
    await call(PATH, { basic: `${username}:python` }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(answers[0]?.body).toEqual({ dataset: 'banks_data', key: 'EBILAEAD', data: { name: 'Emirates NBD' } })
  const { headers } = answers[2] as { headers: Headers }
  expect(Object.fromEntries([...headers].filter(([name]) => /credits|ratelimit/.test(name)))).toEqual({
    'x-credits-cost': '1',
    'x-credits-remaining': '97',
    'x-credits-reset': '2027-02-01T00:00:00.000Z',
    'ratelimit-policy': '"credits";q=100',
    ratelimit: `"credits";r=97;t=${16.5 * 86_400}`,
  })
  expect(await rows("SELECT DISTINCT operation FROM ledger WHERE kind = 'spend'")).toEqual([
    { operation: 'banks_data.read' },
  ])
})

test('refuses in one call what no credit is left for, with the old text', async () => {
  const { call, key } = await start({ vars: { MONTHLY_CREDITS: '1' } })
  expect((await call(PATH, { bearer: key })).status).toBe(200)
  const refused = await call(PATH, { bearer: key })
  expect([refused.status, refused.body.balance, refused.body.required]).toEqual([402, 0, 1])
  expect(refused.body.detail).toContain('No enough credit for this account')
  expect([refused.headers.get('X-Credits-Cost'), refused.headers.get('X-Credits-Remaining')]).toEqual(['0', '0'])
})

test.each([
  ['several colons', 'kicksent:a:b:c'],
  ['nothing after the colon', 'kicksent:'],
  ['no colon', 'kicksent'],
  ['nobody before it', ':secret'],
  ['nothing at all', ''],
])('answers 401 to a token with %s', async (_, token) => {
  const { call } = await start()
  expect((await call(`${PATH}?token=${encodeURIComponent(token)}`)).status).toBe(401)
  if (token) expect((await call(PATH, { headers: { Authorization: token } })).status).toBe(401)
  expect(await rows('SELECT * FROM ledger')).toEqual([])
})

test("answers 401 to another user's token, and to an imported one as Bearer", async () => {
  const { call, key, user } = await start()
  const other = await user('other')
  expect((await call(`${PATH}?token=other:${key}`)).status).toBe(401)
  const imported = await insertKey(['metered:read'], other)
  await env.DB.prepare('UPDATE api_keys SET imported = 1 WHERE user_id = ?').bind(other).run()
  expect((await call(PATH, { bearer: imported })).status).toBe(401)
  expect((await call(`${PATH}?token=OTHER:${imported}`)).status).toBe(200)
})

test('costs nothing where there is no such dataset or entry, and does not know HEAD', async () => {
  const { call, key } = await start()
  expect((await call('/api/v1.0/banks_data/NOWHERE', { bearer: key })).status).toBe(404)
  expect((await call('/api/v1.0/nothing/EBILAEAD', { bearer: key })).status).toBe(404)
  const head = await call(PATH, { method: 'HEAD', bearer: key })
  expect([head.status, head.headers.get('Allow')]).toEqual([405, 'GET'])
  expect(await rows('SELECT * FROM ledger')).toEqual([])
})

test('wants metered:read, an owner, and no wide key in the query or in a browser', async () => {
  const { call, id, username } = await start()
  const [spend, unowned, wide] = [
    await insertKey(['credits:spend'], id),
    await insertKey(['metered:read']),
    await insertKey(['admin'], id),
  ]
  expect((await call(PATH, { bearer: spend })).body.requiredScope).toBe('metered:read')
  expect((await call(PATH, { bearer: unowned })).status).toBe(403)
  expect((await call(`${PATH}?token=${username}:${wide}`)).status).toBe(403)
  expect((await call(PATH, { bearer: wide, headers: { Origin: 'https://game.example' } })).status).toBe(403)
  expect((await call(PATH, { bearer: wide })).status).toBe(200)
})

test('is one D1 round trip and two rows written once it has been called before', async () => {
  const { call, key, cost } = await start()
  await call(PATH, { bearer: key })
  await call(PATH, { bearer: key })
  const { roundTrips, rowsWritten, rowsRead } = await cost(() => call(PATH, { bearer: key }))
  expect({ roundTrips, rowsWritten }).toEqual({ roundTrips: 1, rowsWritten: 2 })
  expect(rowsRead).toBeLessThan(80)
})

test('charges once under one Idempotency-Key, and reads the data anew', async () => {
  const { call, key } = await start()
  const again = () => call(PATH, { bearer: key, headers: { 'Idempotency-Key': 'k' } })
  const answers = await Promise.all(Array.from({ length: 20 }, again))
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(answers.filter(({ headers }) => headers.get('Idempotency-Replayed'))).toHaveLength(19)
  expect(await rows("SELECT COUNT(*) AS n FROM ledger WHERE kind = 'spend'")).toEqual([{ n: 1 }])
})

test('never lets a revoked or an expired key through, however fresh the memory of it', async () => {
  const { call, key } = await start()
  for (let i = 0; i < 3; i++) expect((await call(PATH, { bearer: key })).status).toBe(200)
  await env.DB.prepare('UPDATE api_keys SET expires_at = 1').run()
  expect((await call(PATH, { bearer: key })).status).toBe(401)
  await env.DB.prepare('DELETE FROM api_keys').run()
  expect((await call(PATH, { bearer: key })).status).toBe(401)
  expect(await rows("SELECT COUNT(*) AS n FROM ledger WHERE kind = 'spend'")).toEqual([{ n: 3 }])
})

test('charges rightly when its memory of the account is stale', async () => {
  const { call, key, id } = await start()
  await call(PATH, { bearer: key })
  // Changed behind KV's back, as another location would.
  await env.DB.prepare(
    "INSERT INTO credit_accounts (user_id, version, anchor_day, time_zone) VALUES (?, 7, 20, 'Asia/Tokyo') ON CONFLICT DO UPDATE SET version = 7, anchor_day = 20, time_zone = 'Asia/Tokyo'",
  )
    .bind(id)
    .run()
  expect((await call(PATH, { bearer: key })).headers.get('X-Credits-Remaining')).toBe('98')
  expect(await rows('SELECT COUNT(*) AS n FROM grants')).toEqual([{ n: 1 }])
  await expectBooksToAddUp()
})

test('works as before when KV fails', async () => {
  const { key } = await start()
  const failing = { get: () => Promise.reject(new Error('KV')), put: () => Promise.reject(new Error('KV')) }
  const { call } = startService({ vars: { CACHE: failing } })
  expect((await call(PATH, { bearer: key })).headers.get('X-Credits-Remaining')).toBe('99')
})

test('remembers no key that does not exist', async () => {
  const { call, id } = await start()
  const secret = 'sk_later'
  expect((await call(PATH, { bearer: secret })).status).toBe(401)
  const key = await insertKey(['metered:read'], id)
  await env.DB.prepare('UPDATE api_keys SET secret_hash = ? WHERE last_four = ?')
    .bind(await (await import('../../src/lib/bytes.ts')).sha256(secret), key.slice(-4))
    .run()
  expect((await call(PATH, { bearer: secret })).status).toBe(200)
})

test('gives the credit back when the answer is no success, and frees the Idempotency-Key', async () => {
  const service = await start()
  const { answering } = await import('../support/metered.ts')
  const app = answering(service, () => new Response('no', { status: 418 }))
  const ask = (app: Hono<any>) =>
    app.request(
      'https://statkeep.test/x',
      { headers: { Authorization: `Bearer ${service.key}`, 'Idempotency-Key': 'k' } },
      env,
    )
  expect((await ask(app)).status).toBe(418)
  expect((await service.call('/api/credits', { bearer: service.key })).body.balance).toBe(100)
  const answer = await ask(answering(service, () => new Response('yes')))
  expect([
    answer.status,
    answer.headers.get('X-Credits-Remaining'),
    answer.headers.get('Idempotency-Replayed'),
  ]).toEqual([200, '99', null])
  expect((await service.call('/api/credits/usage', { bearer: service.key })).body.days).toMatchObject([
    { calls: 1, credits: 1 },
  ])
  await expectBooksToAddUp()
})

test('gives the credit back when the handler throws', async () => {
  const service = await start()
  const { answering } = await import('../support/metered.ts')
  const app = answering(service, () => {
    throw new TypeError('a bug')
  })
  expect(
    (await app.request('https://statkeep.test/x', { headers: { Authorization: `Bearer ${service.key}` } }, env)).status,
  ).toBe(500)
  expect((await service.call('/api/credits', { bearer: service.key })).body.balance).toBe(100)
})

test('asks D1 once for an account, then KV once a minute', async () => {
  const { deps, id, clock } = await start()
  const deferred: Promise<unknown>[] = []
  const d = { ...deps(), defer: (work: Promise<unknown>) => void deferred.push(work) }
  const costs = () => [d.tally.roundTrips, d.tally.kvReads, d.tally.kvWrites]
  await accountOf(d, id)
  await Promise.all(deferred)
  for (let i = 0; i < 3; i++)
    expect(await accountOf(d, id)).toEqual({ userId: id, version: 0, anchorDay: 1, timeZone: 'UTC' })
  expect(costs()).toEqual([1, 1, 1])
  clock.now += 60_000
  await accountOf(d, id)
  expect(costs()).toEqual([1, 2, 1])
})

test.each(Object.entries(PRICES))('charges %s at its price of %i', async (operation, price) => {
  const service = startService()
  const { key } = await spender(service)
  // Another operation than a dataset's read needs a route here that charges it.
  expect(operation).toMatch(/\.read$/)
  const dataset = operation.replace(/\.read$/, '')
  await fillDataset(dataset)
  const bought = await service.call(`/api/v1.0/${dataset}/EBILAEAD`, { bearer: key })
  expect([bought.status, bought.headers.get('X-Credits-Cost')]).toEqual([200, String(price)])
})

test('sells a changed entry under a new Idempotency-Key only', async () => {
  const service = startService()
  const { key } = await spender(service)
  await fillDataset()
  const buy = (idempotencyKey: string) =>
    service.call('/api/v1.0/banks_data/EBILAEAD', { bearer: key, headers: { 'Idempotency-Key': idempotencyKey } })
  await buy('first')
  expect((await buy('first')).body.data).toEqual({ name: 'Emirates NBD' })
  const admin = await insertKey(['admin'])
  const put = (data: unknown) =>
    service.call('/api/datasets/banks_data/EBILAEAD', { method: 'PUT', bearer: admin, body: { data } })
  await put({ name: 'New' })
  const { status, body } = await buy('first')
  expect([status, body.code]).toEqual([409, 'conflict'])
  expect((await buy('second')).body.data).toEqual({ name: 'New' })
  await put({ name: 'Emirates NBD' })
  expect((await buy('first')).status).toBe(200)
  expect(await rows("SELECT COUNT(*) AS n FROM ledger WHERE kind = 'spend'")).toEqual([{ n: 2 }])
})

test.each(['revoked', 'expired', 'disabled'])('gives nothing again to a key that is %s', async (state) => {
  const service = startService()
  const { key, id, username } = await spender(service)
  await fillDataset()
  const buy = () => service.call('/api/v1.0/banks_data/EBILAEAD', { bearer: key, headers: { 'Idempotency-Key': 'k' } })
  expect((await buy()).status).toBe(200)
  if (state === 'revoked') await env.DB.prepare('DELETE FROM api_keys WHERE user_id = ?').bind(id).run()
  else if (state === 'expired')
    await env.DB.prepare('UPDATE api_keys SET expires_at = 1 WHERE user_id = ?').bind(id).run()
  else {
    const admin = await insertKey(['admin'])
    await service.call(`/api/users/${username}`, { method: 'PATCH', bearer: admin, body: { disabled: true } })
  }
  expect((await buy()).status).toBe(401)
})
