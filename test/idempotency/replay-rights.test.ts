/** A replay asks for the same right as the call itself, on every kind of path. */
import { expect, test } from 'vitest'
import { fillDataset } from '../support/credits.ts'
import { everyCall } from '../support/every-call.ts'
import { type Call, insertKey, NOON, startService } from '../support/service.ts'

const KEY = 'a-key-that-nobody-guesses'
const keyed = (call: Call): Call => ({ ...call, headers: { 'Idempotency-Key': KEY, ...call.headers } })
const METERED = '/api/v1.0/banks_data/EBILAEAD'
const SPEND = '/api/credits/spend'

async function started() {
  const service = startService({ vars: { PLAYERS_WRITE_STATS: 'true' } })
  const id = await service.user()
  await service.user('other')
  await fillDataset()
  const admin = await insertKey(['admin'])
  const disable = () =>
    service.call('/api/users/kicksent', { method: 'PATCH', bearer: admin, body: { disabled: true } })
  return { ...service, id, admin, disable }
}

type World = Awaited<ReturnType<typeof started>>

/** Makes the call and repeats it in another isolate. Then ends the right by `end`, and repeats the call in both. */
async function afterEnd(world: World, path: string, options: Call, end: () => Promise<unknown>) {
  const elsewhere = startService({ vars: { PLAYERS_WRITE_STATS: 'true' } })
  const first = await world.call(path, keyed(options))
  const again = await elsewhere.call(path, keyed(options))
  expect([first.status < 300, again.headers.get('Idempotency-Replayed')], first.text).toEqual([true, 'true'])
  await end()
  elsewhere.clock.now = world.clock.now
  return [(await world.call(path, keyed(options))).status, (await elsewhere.call(path, keyed(options))).status]
}

/** Calls by a key. */
const presented: [string, (key: string) => [string, Call]][] = [
  ['a spend', (bearer) => [SPEND, { bearer, body: { amount: 1 } }]],
  ['a hold', (bearer) => ['/api/credits/holds', { bearer, body: { amount: 1, expiresInSeconds: 60 } }]],
  ["a spend of somebody else's credits", (bearer) => [SPEND, { bearer, body: { amount: 1, username: 'other' } }]],
  ['a metered read', (bearer) => [METERED, { bearer }]],
  [
    'a stat change',
    (bearer) => ['/api/users/other/stats', { method: 'PATCH', bearer, body: { changes: { sizeXp: 1 } } }],
  ],
]
const named: typeof presented = [
  ['a metered read by name', (key) => [METERED, { headers: { Authorization: `kicksent:${key}` } }]],
  ['a metered read by query', (key) => [`${METERED}?token=kicksent:${key}`, {}]],
]

test.each([...presented, ...named])('%s is not replayed to a revoked or an expired key', async (kind, by) => {
  const world = await started()
  const scopes = kind.startsWith('a metered') ? ['metered:read'] : ['credits:charge', 'credits:spend', 'stats:write']
  const body = { name: 'k', scopes, username: 'kicksent', expiresAt: new Date(NOON + 60_000).toISOString() }
  const make = async () => (await world.call('/api/keys', { bearer: world.admin, body })).body
  const expiring = await make()
  const expire = async () => {
    world.clock.now += 60_000
  }
  expect(await afterEnd(world, ...by(expiring.key), expire)).toEqual([401, 401])

  const again = await makeShortKey(world, body)
  const revoke = () => world.call(`/api/keys/${again.id}`, { method: 'DELETE', bearer: world.admin })
  const [path, options] = by(again.key)
  const fresh = { ...options, headers: { ...options.headers, 'Idempotency-Key': `${KEY}-2` } }
  expect(await afterEnd(world, path, fresh, revoke)).toEqual([401, 401])
})

const makeShortKey = async ({ call, admin, clock }: World, body: object) =>
  (await call('/api/keys', { bearer: admin, body: { ...body, expiresAt: new Date(clock.now + 60_000).toISOString() } }))
    .body

test.each([...presented, ...named])('%s is not replayed to the key of a disabled user', async (kind, by) => {
  const world = await started()
  const scopes = kind.startsWith('a metered')
    ? (['metered:read'] as const)
    : (['credits:charge', 'credits:spend', 'stats:write'] as const)
  const key = await insertKey([...scopes], world.id)
  for (const status of await afterEnd(world, ...by(key), world.disable)) expect([401, 403]).toContain(status)
})

const OWN_STATS: [string, Call] = ['/api/users/me/stats', { method: 'PATCH', body: { changes: { sizeXp: 1 } } }]

test.each([
  ['a spend', [SPEND, { body: { amount: 1 } }]],
  ['a metered read', [METERED, {}]],
  ['a stat change', OWN_STATS],
  ['a new key', ['/api/keys', { body: { name: 'k', scopes: ['metered:read'] } }]],
] as [string, [string, Call]][])(
  '%s is not replayed to a revoked token, not even by an isolate that does not know it yet',
  async (_, [path, options]) => {
    const world = await started()
    const session = async () =>
      (await world.call('/api/token', { method: 'POST', basic: 'kicksent:python' })).body.token
    const bearer = await session()
    const end = () => world.call('/api/sessions', { method: 'DELETE', bearer })
    expect(await afterEnd(world, path, { ...options, bearer }, end)).toEqual([401, 401])
    const later = { ...options, bearer: await session(), headers: { 'Idempotency-Key': `${KEY}-2` } }
    expect(await afterEnd(world, path, later, world.disable)).toEqual([401, 401])
  },
)

test('a log-in is not replayed to a disabled user', async () => {
  const world = await started()
  const login = { method: 'POST', basic: 'kicksent:python' }
  expect(await afterEnd(world, '/api/token', login, world.disable)).toEqual([403, 403])
})

test('a refresh is not replayed once its session has ended', async () => {
  const world = await started()
  const { refreshToken } = (await world.call('/api/token', { method: 'POST', basic: 'kicksent:python' })).body
  const end = () => world.call('/api/sessions', { method: 'DELETE', basic: 'kicksent:python' })
  expect(await afterEnd(world, '/api/token/refresh', { body: { refreshToken } }, end)).toEqual([401, 401])
})

test('a change of the own account is not replayed to somebody who only knows the old password', async () => {
  const world = await started()
  const bearer = await insertKey(['users:write'])
  const setPassword = async () => {
    const { token } = (await world.call('/api/users/kicksent/password-reset', { method: 'POST', bearer })).body
    await world.call('/api/password-reset', { body: { token, newPassword: 'another' } })
  }
  const old = { body: { username: 'kicksent', password: 'python', email: 'a@example.com' } }
  const own = { method: 'PATCH', basic: 'kicksent:python', body: { currentPassword: 'python', email: 'b@example.com' } }
  await world.call('/api/users/me', keyed(own))
  expect(await afterEnd(world, '/api/users/update', old, setPassword)).toEqual([401, 401])
  expect((await world.call('/api/users/me', keyed({ ...own, basic: 'kicksent:another' }))).status).toBe(401)
})

test.each([
  [
    'the old form of a change',
    async () => ['/api/users/update', { username: 'kicksent', password: 'python', email: 'a@example.com' }],
  ],
  ['a sign-up', async () => ['/api/users', { username: 'kicksent', password: 'python' }]],
  [
    'a password reset',
    async ({ call, admin }: World) => {
      const { body } = await call('/api/users/kicksent/password-reset', { method: 'POST', bearer: admin })
      return ['/api/password-reset', { token: body.token, newPassword: 'python3' }]
    },
  ],
] as [string, (world: World) => Promise<[string, object]>][])(
  '%s is not replayed to a disabled user',
  async (kind, callOf) => {
    const world = await started()
    if (kind === 'a sign-up') await world.call('/api/users/kicksent', { method: 'DELETE', bearer: world.admin })
    const [path, body] = await callOf(world)
    for (const status of await afterEnd(world, path, { body }, world.disable)) expect([401, 403]).toContain(status)
  },
)

test('a change of a disabled user is replayed to the operator who made it', async () => {
  const world = await started()
  const again = await world.call(
    '/api/users/kicksent',
    keyed({ method: 'PATCH', bearer: world.admin, body: { disabled: true } }),
  )
  const last = await world.call(
    '/api/users/kicksent',
    keyed({ method: 'PATCH', bearer: world.admin, body: { disabled: true } }),
  )
  expect([last.status, last.text, last.headers.get('Idempotency-Replayed')]).toEqual([200, again.text, 'true'])
})

/** Every call that can be repeated, by a session's token where that is enough, else by an `admin` key that `third` owns. */
async function repeatableCalls() {
  const { service, calls } = await everyCall()
  const { token } = (await service.call('/api/token', { method: 'POST', basic: 'kicksent:python' })).body
  const key = await insertKey(['admin'], (await service.call('/api/users/third')).body.id)
  const isRepeatable = /^(POST|PATCH) |^GET \/api\/v1\.0\//
  const repeatable = calls
    .filter(({ operation }) => isRepeatable.test(operation) && operation !== 'POST /api/token')
    // Calls with the credentials in their body have tests of their own.
    .filter(({ options }) => options.bearer !== undefined || options.basic !== undefined)
    .map(({ operation, path, options: { basic: _, bearer, ...options } }) => ({
      operation,
      path,
      options: {
        ...options,
        bearer: bearer === undefined ? token : key,
        headers: { 'Idempotency-Key': operation.replace(' ', '') },
      },
    }))
  return { service, token, repeatable }
}

const admin = async (path: string, options: Call) =>
  startService().call(path, { ...options, bearer: await insertKey(['admin']) })

test.each<[string, () => Promise<unknown>]>([
  [
    'ended sessions and revoked keys',
    async () => {
      await startService().call('/api/sessions', { method: 'DELETE', basic: 'kicksent:python' })
      const [{ id }] = (await admin('/api/keys?username=third', {})).body.keys
      await admin(`/api/keys/${id}`, { method: 'DELETE' })
    },
  ],
  [
    'disabled users and their keys',
    async () => {
      for (const name of ['kicksent', 'third'])
        await admin(`/api/users/${name}`, { method: 'PATCH', body: { disabled: true } })
    },
  ],
])('no call of any path is replayed to %s', async (_, end) => {
  const { service, token, repeatable } = await repeatableCalls()
  expect(repeatable.length).toBeGreaterThan(20)
  for (const { operation, path, options } of repeatable)
    expect([operation, (await service.call(path, options)).status < 300]).toEqual([operation, true])

  await service.call('/api/stats') // caches the shared state
  await end()
  const accepted = await service.call('/api/sessions', { bearer: token })
  expect(accepted.status, 'this isolate does not know of the end yet').toBe(200)
  for (const { operation, path, options } of repeatable) {
    const { status, headers } = await service.call(path, options)
    expect([operation, status === 401 || status === 403, headers.get('Idempotency-Replayed')]).toEqual([
      operation,
      true,
      null,
    ])
  }
})
