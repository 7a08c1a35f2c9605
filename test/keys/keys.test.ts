import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { MAX_KEY_NAME_LENGTH, MAX_OVERLAP_SECONDS } from '../../src/keys/keys.schema.ts'
import { MAX_KEYS, makeKey } from '../../src/keys/keys.ts'
import type { Scope } from '../../src/keys/scopes.ts'
import { sha256 } from '../../src/lib/bytes.ts'
import { DAY, HOUR, SECOND } from '../../src/lib/time.ts'
import { fillDataset } from '../support/credits.ts'
import { insertKey, NOON, type Service, startService } from '../support/service.ts'

const basic = 'kicksent:python'
type Credentials = { basic?: string; bearer?: string }
const own = { basic }

const make = (service: Service, body: object, credentials: Credentials = own, headers: Record<string, string> = {}) =>
  service.call('/api/keys', { body, headers, ...credentials })
const narrow = { name: 'overlay', scopes: ['metered:read'] }
const list = async (service: Service, credentials: Credentials = own, query = '') =>
  (await service.call(`/api/keys${query}`, credentials)).body.keys
const rotate = (service: Service, id: string, body?: object, credentials: Credentials = own) =>
  service.call(`/api/keys/${id}/rotate`, { method: 'POST', ...(body ? { body } : {}), ...credentials })
const revoke = (service: Service, id: string, credentials: Credentials = own) =>
  service.call(`/api/keys/${id}`, { method: 'DELETE', ...credentials })

/** What the key may do just now: 'active' where it is accepted, though it may lack the scope. */
async function stateOf(service: Service, key: string): Promise<'active' | 'refused'> {
  const { status } = await service.call('/api/keys', { bearer: key })
  return status === 401 ? 'refused' : 'active'
}

async function started() {
  const service = startService()
  await service.user()
  return service
}

describe('making a key', () => {
  test('shows it this once, and lists it without', async () => {
    const service = await started()
    const { status, body } = await make(service, { name: 'overlay', scopes: ['credits:spend', 'metered:read'] })
    expect(status).toBe(201)
    const { key, ...shown } = body
    expect(key).toMatch(/^sk_[\w-]{43}$/)
    expect(shown).toEqual({
      id: expect.stringMatching(/^key_[\w-]{20}$/),
      name: 'overlay',
      prefix: key.slice(0, 7),
      lastFour: key.slice(-4),
      scopes: ['metered:read', 'credits:spend'],
      createdAt: '2027-01-15T12:00:00.000Z',
      expiresAt: '',
      lastUsedAt: '',
      username: 'kicksent',
    })
    const listed = await service.call('/api/keys', own)
    expect(listed.body).toEqual({ keys: [shown] })
    expect(await stateOf(service, key)).toBe('active')
    const stored = JSON.stringify((await env.DB.prepare('SELECT * FROM api_keys').all()).results)
    expect(stored).not.toContain(key.slice(3, -4))
    expect(stored).toContain(await sha256(key))
  })

  test('by a token works as by a password', async () => {
    const service = await started()
    expect((await make(service, narrow, { bearer: await service.token() })).status).toBe(201)
  })

  test('names need not be unique, and a scope named twice counts once', async () => {
    const service = await started()
    const scopes = ['metered:read', 'metered:read']
    expect((await make(service, { ...narrow, scopes })).body.scopes).toEqual(['metered:read'])
    expect((await make(service, narrow)).status).toBe(201)
    expect(await list(service)).toHaveLength(2)
  })

  test.each<[Scope]>([['credits:charge'], ['credits:grant'], ['users:write'], ['stats:write'], ['admin']])(
    'a user makes none with %s',
    async (scope) => {
      const service = await started()
      const refused = await make(service, { name: 'wide', scopes: ['metered:read', scope] })
      expect([refused.status, refused.body.code, refused.body.requiredScope]).toEqual([403, 'forbidden', 'admin'])
      expect(await list(service)).toEqual([])
    },
  )

  test('a user makes none for another, nor lists theirs', async () => {
    const service = await started()
    await service.user('other', 'python')
    expect((await make(service, { ...narrow, username: 'other' })).body.requiredScope).toBe('admin')
    expect((await service.call('/api/keys?username=other', own)).status).toBe(403)
    expect((await make(service, { ...narrow, username: 'KICKSENT' })).status).toBe(201)
    expect(await list(service, own, '?username=kicksent')).toHaveLength(1)
  })

  test('a key makes keys only with admin: any scopes, for nobody or for the user who is named', async () => {
    const service = await started()
    const admin = { bearer: await insertKey(['admin']) }
    const scopes = ['admin', 'stats:write']
    const nobodys = (await make(service, { name: 'server', scopes }, admin)).body
    expect(nobodys).toMatchObject({ scopes: ['stats:write', 'admin'], username: '' })
    const owned = (await make(service, { name: 'server', scopes, username: 'kicksent' }, admin)).body
    expect(owned.username).toBe('kicksent')
    expect((await list(service)).map(({ id }: { id: string }) => id)).toEqual([owned.id])
    expect(await list(service, admin, '?username=kicksent')).toHaveLength(1)
    expect((await list(service, admin)).map(({ id }: { id: string }) => id)).toContain(nobodys.id)
    expect(await list(service, admin)).toHaveLength(2)

    const missing = await make(service, { ...narrow, username: 'nobody' }, admin)
    expect([missing.status, missing.body.code]).toEqual([404, 'not_found'])
    const wide: Scope[] = ['users:write', 'credits:grant', 'credits:charge', 'stats:write', 'metered:read']
    const refused = await make(service, narrow, { bearer: await insertKey(wide, 1) })
    expect([refused.status, refused.body.requiredScope]).toEqual([403, 'admin'])
  })

  test.each([
    ['no name', { scopes: ['metered:read'] }, 'name'],
    ['an empty name', { ...narrow, name: '' }, 'name'],
    ['a blank name', { ...narrow, name: '  ' }, 'name'],
    ['a name that is too long', { ...narrow, name: 'x'.repeat(MAX_KEY_NAME_LENGTH + 1) }, 'name'],
    ['no scopes', { name: 'x' }, 'scopes'],
    ['an empty list of scopes', { ...narrow, scopes: [] }, 'scopes'],
    ['an unknown scope', { ...narrow, scopes: ['root'] }, 'scopes.0'],
    ['scopes as text', { ...narrow, scopes: 'metered:read' }, 'scopes'],
    ['an expiry in the past', { ...narrow, expiresAt: '2027-01-15T12:00:00.000Z' }, 'expiresAt'],
    ['an expiry that is no time', { ...narrow, expiresAt: 'tomorrow' }, 'expiresAt'],
    ['an expiry on 30 February', { ...narrow, expiresAt: '2028-02-30T12:00:00Z' }, 'expiresAt'],
    ['a number as expiry', { ...narrow, expiresAt: 1e15 }, 'expiresAt'],
    ['an unknown field', { ...narrow, userId: 2 }, 'userId'],
    ['no user name as user name', { ...narrow, username: 'a/b' }, 'username'],
  ])('with %s is 400, and says which field', async (_, body, path) => {
    const service = await started()
    const refused = await make(service, body)
    expect([refused.status, refused.body.code, refused.body.errors[0].path]).toEqual([400, 'invalid_request', path])
    expect(await list(service)).toEqual([])
  })

  test('takes what Unity cannot leave out', async () => {
    const service = await started()
    expect((await make(service, { ...narrow, expiresAt: '', username: '' })).status).toBe(201)
  })

  test('gives a user exactly MAX_KEYS, however many ask at once; expired ones do not count', async () => {
    const service = await started()
    const expiring = { ...narrow, expiresAt: '2027-01-15T13:00:00+00:00' }
    expect((await make(service, expiring)).body.expiresAt).toBe('2027-01-15T13:00:00.000Z')
    const answers = await Promise.all(Array.from({ length: MAX_KEYS + 5 }, () => make(service, narrow)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(MAX_KEYS - 1)
    const refused = answers.find(({ status }) => status !== 201)
    expect([refused?.status, refused?.body.code]).toEqual([409, 'conflict'])

    service.clock.now += HOUR
    expect(await list(service)).toHaveLength(MAX_KEYS - 1)
    expect((await make(service, narrow)).status).toBe(201)
    expect((await make(service, narrow)).status).toBe(409)
    // Neither an admin key nor another user's own keys are counted with these.
    const admin = { bearer: await insertKey(['admin']) }
    expect((await make(service, { ...narrow, username: 'kicksent' }, admin)).status).toBe(409)
    expect((await make(service, narrow, admin)).status).toBe(201)
    await service.user('other', 'python')
    expect((await make(service, narrow, { basic: 'other:python' })).status).toBe(201)
    // A revoked key makes room.
    await revoke(service, (await list(service))[0].id)
    expect((await make(service, narrow)).status).toBe(201)
  })

  test('gives the same key again for the same Idempotency-Key, and keeps no secret in clear', async () => {
    const service = await started()
    const again = () => make(service, narrow, own, { 'Idempotency-Key': 'make-1' })
    const answers = await Promise.all([again(), again(), again()])
    answers.push(await again())
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers.at(-1)?.headers.get('Idempotency-Replayed')).toBe('true')
    expect(await list(service)).toHaveLength(1)
    const key = answers[0]?.body.key
    expect(await stateOf(service, key)).toBe('active')
    const stored = JSON.stringify((await env.DB.prepare('SELECT * FROM idempotency_records').all()).results)
    expect(stored).toContain('user:1')
    expect(stored).not.toContain(key.slice(3, -4))
    expect(stored).not.toContain('make-1')
  })

  test('replays the last possible key though there is no room for another', async () => {
    const service = await started()
    for (let i = 1; i < MAX_KEYS; i++) await make(service, narrow)
    const again = () => make(service, narrow, own, { 'Idempotency-Key': 'last' })
    const answers = await Promise.all([again(), again(), again()])
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map(({ body }) => body.key)).size).toBe(1)
  })

  test('by a token that was revoked elsewhere makes none, though this isolate does not know it yet', async () => {
    const here = await started()
    const there = startService()
    const plain = await here.token()
    const { token } = (await here.call('/api/token', { method: 'POST', basic })).body
    for (const bearer of [plain, token]) expect(await list(there, { bearer })).toEqual([])
    await here.call('/api/sessions', { method: 'DELETE', basic })
    expect((await make(there, narrow, { bearer: token })).status).toBe(401)
    expect((await make(there, narrow, { bearer: plain })).status).toBe(201)
    await here.call('/api/users/me', {
      method: 'PATCH',
      basic,
      body: { currentPassword: 'python', newPassword: 'python3' },
    })
    expect((await make(there, narrow, { bearer: plain })).status).toBe(401)
    expect(await list(here, { basic: 'kicksent:python3' })).toHaveLength(1)
  })
})

describe('revoking a key', () => {
  test('counts at the very next call, in every isolate', async () => {
    const here = await started()
    const there = startService()
    const { id, key } = (await make(here, narrow)).body
    expect(await stateOf(there, key)).toBe('active')
    expect((await revoke(here, id)).status).toBe(204)
    expect(await stateOf(there, key)).toBe('refused')
    expect(await stateOf(here, key)).toBe('refused')
    expect((await revoke(here, id)).status).toBe(404)
    expect(await list(here)).toEqual([])
  })

  test('is for its owner and for admin; to others it does not exist', async () => {
    const service = await started()
    await service.user('other', 'python')
    const { id, key } = (await make(service, narrow)).body
    const refused = await revoke(service, id, { basic: 'other:python' })
    expect([refused.status, refused.body.code]).toEqual([404, 'not_found'])
    expect((await rotate(service, id, {}, { basic: 'other:python' })).status).toBe(404)
    expect((await revoke(service, id, { bearer: key })).status).toBe(403)
    expect(await stateOf(service, key)).toBe('active')
    const admin = { bearer: await insertKey(['admin']) }
    expect((await revoke(service, id, admin)).status).toBe(204)
    for (const path of ['key_nothing', 'key_%00', 'nothing', "key_'--"])
      expect((await revoke(service, path, admin)).status).toBe(404)
  })

  test('an admin key can revoke itself, and is refused then', async () => {
    const service = startService()
    const admin = await insertKey(['admin'])
    const [{ id }] = await list(service, { bearer: admin })
    expect((await revoke(service, id, { bearer: admin })).status).toBe(204)
    expect(await stateOf(service, admin)).toBe('refused')
  })
})

test('a key ends at the very moment at which it expires', async () => {
  const service = await started()
  const { key } = (await make(service, { ...narrow, expiresAt: '2027-01-15T12:01:00Z' })).body
  service.clock.now += 59_999
  expect(await stateOf(service, key)).toBe('active')
  service.clock.now += 1
  expect(await stateOf(service, key)).toBe('refused')
  expect(await list(service)).toEqual([])
})

test('a disabled user’s key is refused at once; an enabled one’s works again', async () => {
  const service = await started()
  const { key } = (await make(service, narrow)).body
  const admin = await insertKey(['admin'])
  const disable = (disabled: boolean) =>
    service.call('/api/users/kicksent', { method: 'PATCH', bearer: admin, body: { disabled } })
  await disable(true)
  expect(await stateOf(service, key)).toBe('refused')
  await disable(false)
  expect(await stateOf(service, key)).toBe('active')
})

test('a new password leaves the keys, unless they are to be revoked too', async () => {
  const service = await started()
  const { key } = (await make(service, narrow)).body
  const change = (currentPassword: string, newPassword: string, revokeKeys: boolean) =>
    service.call('/api/users/me', {
      method: 'PATCH',
      basic: `kicksent:${currentPassword}`,
      body: { currentPassword, newPassword, revokeKeys },
    })
  expect((await change('python', 'python3', false)).body.keys).toBe(1)
  expect(await stateOf(service, key)).toBe('active')
  expect((await change('python3', 'python4', true)).body.keys).toBe(0)
  expect(await stateOf(service, key)).toBe('refused')
})

describe('rotating a key', () => {
  test('gives another of the same name, scopes and expiry, and ends the old one at once', async () => {
    const service = await started()
    const old = (await make(service, { ...narrow, expiresAt: '2027-06-01T00:00:00Z' })).body
    service.clock.now += 1 * SECOND
    const { status, body } = await rotate(service, old.id)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      name: 'overlay',
      scopes: ['metered:read'],
      createdAt: '2027-01-15T12:00:01.000Z',
      expiresAt: '2027-06-01T00:00:00.000Z',
      lastUsedAt: '',
      username: 'kicksent',
    })
    expect(body.key).toMatch(/^sk_/)
    expect(body.key).not.toBe(old.key)
    expect(await stateOf(service, old.key)).toBe('refused')
    expect(await stateOf(service, body.key)).toBe('active')
    expect(await list(service)).toHaveLength(1)
  })

  test('leaves the old one active for the overlap, not longer, and not past its own expiry', async () => {
    const service = await started()
    const old = (await make(service, narrow)).body
    const fresh = (await rotate(service, old.id, { overlapSeconds: 3600 })).body
    expect(fresh.expiresAt).toBe('')
    const listed = await list(service)
    expect(listed.find(({ id }: { id: string }) => id === old.id).expiresAt).toBe('2027-01-15T13:00:00.000Z')
    service.clock.now += HOUR - 1
    expect([await stateOf(service, old.key), await stateOf(service, fresh.key)]).toEqual(['active', 'active'])
    service.clock.now += 1
    expect([await stateOf(service, old.key), await stateOf(service, fresh.key)]).toEqual(['refused', 'active'])

    const short = (await make(service, { ...narrow, expiresAt: '2027-01-15T13:30:00Z' })).body
    await rotate(service, short.id, { overlapSeconds: 86_400 })
    service.clock.now += HOUR / 2
    expect(await stateOf(service, short.key)).toBe('refused')
  })

  test('works at the limit, with one overlap on top of it', async () => {
    const service = await started()
    const ids: string[] = []
    for (let i = 0; i < MAX_KEYS; i++) ids.push((await make(service, narrow)).body.id)
    expect((await rotate(service, ids[0] as string)).status).toBe(201)
    const answers = await Promise.all(ids.slice(1, 5).map((id) => rotate(service, id, { overlapSeconds: 60 })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
    expect(await list(service)).toHaveLength(MAX_KEYS + 1)
    expect((await rotate(service, ids[6] as string)).status).toBe(201)
    service.clock.now += 60 * SECOND
    expect(await list(service)).toHaveLength(MAX_KEYS)
  })

  test('of two at once, one finds no key any more', async () => {
    const service = await started()
    const { id } = (await make(service, narrow)).body
    const answers = await Promise.all([rotate(service, id), rotate(service, id)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 404])
    expect(await list(service)).toHaveLength(1)
  })

  test('under an Idempotency-Key happens once', async () => {
    const service = await started()
    const { id } = (await make(service, narrow)).body
    const again = () =>
      service.call(`/api/keys/${id}/rotate`, { method: 'POST', ...own, headers: { 'Idempotency-Key': 'r' } })
    const answers = await Promise.all([again(), again(), again()])
    answers.push(await again())
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(201)
    expect(await list(service)).toHaveLength(1)
  })

  test('gives no user a wide key that admin made for them', async () => {
    const service = await started()
    const wide = await insertKey(['stats:write'], 1)
    const [{ id }] = await list(service)
    const refused = await rotate(service, id)
    expect([refused.status, refused.body.requiredScope]).toEqual([403, 'admin'])
    expect(await stateOf(service, wide)).toBe('active')
    const admin = { bearer: await insertKey(['admin']) }
    const rotated = (await rotate(service, id, {}, admin)).body
    expect(rotated).toMatchObject({ scopes: ['stats:write'], username: 'kicksent' })
    expect(await stateOf(service, wide)).toBe('refused')
  })

  test.each([[-1], [MAX_OVERLAP_SECONDS + 1], [0.5], ['60']])('refuses an overlap of %s', async (overlapSeconds) => {
    const service = await started()
    const { id } = (await make(service, narrow)).body
    expect((await rotate(service, id, { overlapSeconds })).status).toBe(400)
  })

  test('finds no expired key', async () => {
    const service = await started()
    const { id } = (await make(service, { ...narrow, expiresAt: '2027-01-15T12:01:00Z' })).body
    service.clock.now += 60 * SECOND
    expect((await rotate(service, id)).status).toBe(404)
  })
})

describe('last use', () => {
  test('is shown to the hour, and written once an hour and key at most', async () => {
    const service = await started()
    const { key } = (await make(service, narrow)).body
    const use = () => service.call('/api/keys', { bearer: key })
    service.clock.now += 25 * 60 * SECOND
    expect((await service.cost(use)).rowsWritten).toBe(1)
    expect((await list(service))[0].lastUsedAt).toBe('2027-01-15T12:00:00.000Z')
    service.clock.now += 34 * 60 * SECOND
    // Who it is, and the list: no third round trip.
    expect(await service.cost(use)).toMatchObject({ roundTrips: 2, rowsWritten: 0 })
    service.clock.now += 60 * SECOND
    expect((await service.cost(() => Promise.all([use(), use(), use()]))).rowsWritten).toBe(1)
    expect((await list(service))[0].lastUsedAt).toBe('2027-01-15T13:00:00.000Z')
  })

  test('that cannot be noted spoils no answer', async () => {
    const service = await started()
    const { key } = (await make(service, narrow)).body
    const logged: object[] = []
    const shaky = startService({
      log: (level, record) => logged.push({ level, ...record }),
      database: (d1) =>
        new Proxy(d1, {
          get: (target, name) =>
            name === 'prepare'
              ? (query: string) => target.prepare(/^update api_keys set last/i.test(query) ? 'SELECT nonsense' : query)
              : Reflect.get(target, name).bind(target),
        }),
    })
    expect(await stateOf(shaky, key)).toBe('active')
    expect(logged).toContainEqual(expect.objectContaining({ level: 'warn', message: 'last use of a key not noted' }))
    expect(JSON.stringify(logged)).not.toContain(key)
  })
})

describe('username:secret', () => {
  async function imported(token: string, userId = 1, scopes = 'metered:read credits:spend') {
    await env.DB.prepare(
      "INSERT INTO api_keys (id, user_id, name, secret_hash, imported, prefix, last_four, scopes, created_at) VALUES (?, ?, 'old', ?, 1, '', '', ?, 0)",
    )
      .bind(`key_${token.length}_${userId}`, userId, await sha256(token), scopes)
      .run()
  }

  /** What a metered call is answered: 404 for a key that works, as there is no such entry. */
  const read = (service: Service, username: string, secret: string) =>
    service.call('/api/v1.0/nothing/here', { headers: { Authorization: `${username}:${secret}` } })

  test('is an old app’s token beside its owner’s name, whatever it contains, or an ordinary key', async () => {
    const service = await started()
    await service.user('other', 'python')
    const tokens = ['old', 'with:colons, commas and spaces', 'sk_looks_like_one']
    for (const token of tokens) await imported(token)
    await imported('old', 2)
    const { key } = (await make(service, narrow)).body
    for (const token of [...tokens, key]) expect((await read(service, 'KickSent', token)).status).toBe(404)
    expect((await read(service, 'other', 'old')).status).toBe(404)
    for (const token of tokens) expect(await stateOf(service, token)).toBe('refused')
    for (const [username, secret] of [
      ['other', key],
      ['kicksent', 'Old'],
      ['kicksent', ''],
      ['', 'old'],
      ['nobody', 'old'],
      ['kicksent', await insertKey(['metered:read'])],
    ] as const)
      expect((await read(service, username, secret)).status).toBe(401)
  })

  test('ends with the key, and with its owner', async () => {
    const service = await started()
    await fillDataset()
    await imported('old')
    const named = async () =>
      (await service.call('/api/v1.0/banks_data/EBILAEAD', { headers: { Authorization: 'kicksent:old' } })).status
    await env.DB.prepare('UPDATE api_keys SET expires_at = ?')
      .bind(NOON + 1)
      .run()
    expect(await named()).toBe(200)
    service.clock.now += 1
    expect(await named()).toBe(401)
    await env.DB.prepare('UPDATE api_keys SET expires_at = NULL').run()
    expect(await named()).toBe(200)
    const admin = await insertKey(['admin'])
    await service.call('/api/users/kicksent', { method: 'PATCH', bearer: admin, body: { disabled: true } })
    expect(await named()).toBe(401)
  })

  test('becomes an ordinary key by rotation', async () => {
    const service = await started()
    await imported('old')
    const [{ id }] = await list(service)
    const { key } = (await rotate(service, id, { overlapSeconds: 60 })).body
    expect(await stateOf(service, key)).toBe('active')
    expect((await read(service, 'kicksent', 'old')).status).toBe(404)
  })

  test('guesses are limited like log-ins, and a valid key is not', async () => {
    const asked: string[] = []
    const limit = (within: boolean) => async (key: string) => {
      asked.push(key)
      return within
    }
    const limits = {
      loginPair: limit(false),
      loginName: limit(true),
      loginAddress: limit(true),
      signupAddress: limit(true),
    }
    const service = startService({ limits })
    await service.user()
    asked.length = 0
    await imported('an old token')
    expect((await read(service, 'kicksent', 'an old token')).status).toBe(404)
    expect(asked).toEqual([])
    for (const name of ['kicksent', 'nobody']) {
      const { status, headers } = await read(service, name, 'guess')
      expect([status, headers.get('Retry-After')]).toEqual([429, '60'])
    }
    expect(asked).toHaveLength(6)
  })
})

test('a key made outside the service is a row whose secret works', async () => {
  const service = await started()
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
  const { secret, row } = await makeKey({ random }, { name: 'cli', scopes: ['admin'], userId: null, now: NOON })
  await env.DB.prepare(
    'INSERT INTO api_keys (id, user_id, name, secret_hash, prefix, last_four, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
    .bind(
      row.id,
      row.userId,
      row.name,
      row.secretHash,
      row.prefix,
      row.lastFour,
      row.scopes,
      row.createdAt,
      row.expiresAt,
    )
    .run()
  const [listed] = await list(service, { bearer: secret })
  expect(listed).toMatchObject({ id: row.id, name: 'cli', scopes: ['admin'], username: '' })
})

test('deleting an account deletes its keys and the idempotency records of their making', async () => {
  const service = await started()
  const admin = { bearer: await insertKey(['admin']) }
  const body = { name: 'Jane Doe’s laptop', scopes: ['metered:read'], username: 'kicksent' }
  const { key } = (await make(service, body, admin, { 'Idempotency-Key': 'k' })).body
  await service.call('/api/users/kicksent', { method: 'DELETE', ...admin })
  expect(await stateOf(service, key)).toBe('refused')
  const stored = JSON.stringify((await env.DB.prepare('SELECT * FROM idempotency_records').all()).results)
  expect(stored).not.toContain('Jane')
})

test('making a key deletes those of its owner that expired, and no others', async () => {
  const service = await started()
  await service.user('other', 'python')
  const expiring = { ...narrow, expiresAt: '2027-01-16T12:00:00Z' }
  await make(service, expiring)
  await make(service, expiring, { basic: 'other:python' })
  await make(service, { ...narrow, expiresAt: '2027-03-01T12:00:00Z' })
  service.clock.now += 1 * DAY
  await make(service, narrow)
  const { results } = await env.DB.prepare('SELECT user_id FROM api_keys ORDER BY user_id').all()
  expect(results.map((row) => row.user_id)).toEqual([1, 1, 2])
})
