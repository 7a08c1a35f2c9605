import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { sha256, toBase64, utf8 } from '../../src/lib/bytes.ts'
import { SECOND } from '../../src/lib/time.ts'
import { SHARED_STATE_MAX_AGE_SECONDS } from '../../src/service/shared-state.ts'
import { signAccessToken } from '../../src/tokens/access-token.ts'
import { insertKey, NOON, type Service, startService } from '../support/service.ts'

async function started(vars = {}) {
  const service = startService({ vars })
  await service.user()
  return service
}
const me = (service: Service, Authorization: string) => service.call('/api/users/me', { headers: { Authorization } })
const encoded = (text: string) => toBase64(utf8(text))

test('takes a user by Bearer token, by Basic name and password, and by Basic with the token in the name’s place', async () => {
  const service = await started()
  const token = await service.token()
  const forms = [
    `Bearer ${token}`,
    `bearer ${token}`,
    `Bearer   ${token}`,
    `Basic ${encoded('kicksent:python')}`,
    `BASIC ${encoded('kicksent:python')}`,
    `Basic ${encoded('KickSent:python')}`,
    `Basic ${encoded(`${token}:unused`)}`,
    `Basic ${encoded(`${token}:`)}`,
    `Basic ${encoded(`${token}:with:colons`)}`,
  ]
  for (const form of forms) {
    const { status, body } = await me(service, form)
    expect([form, status, body.username]).toEqual([form, 200, 'kicksent'])
  }
})

test('a password has colons, umlauts and signs beyond the first plane: UTF-8, and the first colon splits', async () => {
  const service = startService()
  const password = 'pä:ss:wörd ☃ 🐍'
  await service.user('kicksent', password)
  expect((await me(service, `Basic ${encoded(`kicksent:${password}`)}`)).status).toBe(200)
  expect((await me(service, `Basic ${encoded('kicksent:pä')}`)).status).toBe(401)
  // The same in Latin-1, as some clients send it, is no UTF-8.
  const latin1 = btoa('kicksent:p\u00e4:ss')
  expect((await me(service, `Basic ${latin1}`)).body.code).toBe('unauthenticated')
})

test.each([
  ['', 'unauthenticated'],
  ['Bearer', 'unauthenticated'],
  ['Basic', 'unauthenticated'],
  ['Bearer x', 'unauthenticated'],
  ['Bearer x y', 'unauthenticated'],
  ['Bearer sk_', 'unauthenticated'],
  [`Bearer sk_${'A'.repeat(43)}`, 'unauthenticated'],
  ['Digest username="kicksent"', 'unauthenticated'],
  ['kicksent:python', 'unauthenticated'],
  ['Basic !!!not-base64!!!', 'unauthenticated'],
  ['Basic a', 'unauthenticated'],
  ['Basic =', 'unauthenticated'],
  [`Basic ${encoded('no colon')}`, 'unauthenticated'],
  [`Basic ${toBase64(new Uint8Array([0xff, 0xfe, 0x3a, 0x3a]))}`, 'unauthenticated'],
  [`Basic ${encoded(':')}`, 'invalid_credentials'],
  [`Basic ${encoded(':python')}`, 'invalid_credentials'],
  [`Basic ${encoded('kicksent:')}`, 'invalid_credentials'],
  [`Basic ${encoded(' kicksent:python')}`, 'invalid_credentials'],
  [`Basic ${encoded('kicksent\0:python')}`, 'invalid_credentials'],
  [`Basic ${encoded("' OR 1=1 --:python")}`, 'invalid_credentials'],
  [`Basic ${encoded('1:python')}`, 'invalid_credentials'],
  [`Basic ${encoded('me:python')}`, 'invalid_credentials'],
  [`Basic ${encoded(`${'x'.repeat(20)}.${'y'.repeat(20)}.${'z'.repeat(20)}:python`)}`, 'unauthenticated'],
])('refuses "%s" with 401 %s, and challenges with Bearer only', async (header, code) => {
  const service = await started()
  const { status, body, headers } = await me(service, header)
  expect([status, body.code]).toEqual([401, code])
  expect(headers.get('WWW-Authenticate')).toMatch(/^Bearer /)
  expect(headers.get('WWW-Authenticate')).not.toMatch(/basic/i)
  expect(headers.get('Content-Type')).toBe('application/problem+json')
  expect(service.logged.filter(({ level }) => level !== 'info')).toEqual([])
})

test('refuses a megabyte of token', async () => {
  const service = await started()
  const token = await service.token()
  const [header, payload, signature] = token.split('.')
  const { status, body } = await me(service, `Bearer ${header}.${payload}${'A'.repeat(2 ** 20)}.${signature}`)
  expect([status, body.code]).toEqual([401, 'unauthenticated'])
})

test('no answer of any status carries a Basic challenge', async () => {
  const service = await started()
  const answers = await Promise.all([
    service.call('/api/users/me'),
    service.call('/api/token'),
    service.call('/api/token', { method: 'POST', basic: 'kicksent:wrong' }),
    service.call('/api/keys'),
    service.call('/api/sessions'),
    service.call('/api/nothing'),
    service.call('/api/token', { basic: 'kicksent:python' }),
  ])
  for (const { headers } of answers) expect(headers.get('WWW-Authenticate') ?? '').not.toMatch(/basic/i)
})

test('accepting a token reads nothing beside the shared state, and that at most every SHARED_STATE_MAX_AGE_SECONDS', async () => {
  const service = await started()
  const token = await service.token()
  const refused = () => service.call('/api/token', { bearer: token }) // reads nothing of its own
  service.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND
  const first = await service.cost(refused)
  expect(first.roundTrips).toBe(1)
  expect(await service.cost(refused)).toMatchObject({ roundTrips: 0, rowsRead: 0, rowsWritten: 0 })
  service.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND - 1
  expect((await service.cost(refused)).roundTrips).toBe(0)
  service.clock.now += 1
  expect((await service.cost(refused)).roundTrips).toBe(1)
})

test('a token outlives the rotation of the secret while the old one is named, and no longer', async () => {
  const before = await started({ TOKEN_SECRET: 'the-secret-before-the-rotation-0123456789' })
  const token = await before.token()
  const during = startService({
    vars: {
      TOKEN_SECRET: 'a-new-secret-0123456789-0123456789',
      TOKEN_SECRET_PREVIOUS: 'the-secret-before-the-rotation-0123456789',
    },
  })
  const after = startService({ vars: { TOKEN_SECRET: 'a-new-secret-0123456789-0123456789' } })
  expect((await me(during, `Bearer ${token}`)).status).toBe(200)
  expect((await me(after, `Bearer ${token}`)).body.code).toBe('unauthenticated')
  const renewed = await during.token()
  expect((await me(after, `Bearer ${renewed}`)).status).toBe(200)
})

test('a token of a version before the present one is over, one of the present version is not', async () => {
  const service = await started()
  await env.DB.prepare("INSERT INTO revocations VALUES ('1', 2, ?)").bind(NOON).run()
  const secrets = ['a-secret-for-tests-only-0123456789']
  const [old, present] = await Promise.all(
    [1, 2].map((version) => signAccessToken(secrets, { userId: 1, version, sessionId: undefined }, NOON)),
  )
  service.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND
  expect((await me(service, `Bearer ${old}`)).status).toBe(401)
  expect((await me(service, `Bearer ${present}`)).status).toBe(200)
})

test('takes an API key as Bearer only: what manages an account is not for keys', async () => {
  const service = await started()
  const key = await insertKey(['admin'], 1)
  const refused = await me(service, `Bearer ${key}`)
  expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
  expect((await me(service, `Basic ${encoded(`kicksent:${key}`)}`)).status).toBe(401)
  expect((await me(service, `Basic ${encoded(`${key}:unused`)}`)).status).toBe(401)
  for (const path of ['/api/sessions', '/api/token', '/api/users/me/export'])
    expect((await service.call(path, { bearer: key })).status).toBe(403)
})

test('an old app’s token never works as Bearer, whatever it looks like', async () => {
  const service = await started()
  const secret = `sk_${'o'.repeat(43)}`
  await env.DB.prepare(
    "INSERT INTO api_keys (id, user_id, name, secret_hash, imported, prefix, last_four, scopes, created_at) VALUES ('key_old', 1, 'old', ?, 1, '', '', 'admin', 0)",
  )
    .bind(await sha256(secret))
    .run()
  expect((await service.call('/api/keys', { bearer: secret })).status).toBe(401)
})

test('a wide key is refused on a request from a page of another origin, which says why; from its own it is fine', async () => {
  const service = await started()
  const wide = await insertKey(['users:write'])
  const narrow = await insertKey(['metered:read'], 1)
  const make = (bearer: string, headers: Record<string, string>) =>
    service.call('/api/users/kicksent/password-reset', { method: 'POST', bearer, headers })
  for (const Origin of ['https://evil.example', 'http://statkeep.test', 'https://statkeep.test:8443', 'null']) {
    const refused = await make(wide, { Origin })
    expect([Origin, refused.status, refused.body.code]).toEqual([Origin, 403, 'forbidden'])
    expect(refused.body.detail).toContain('browser')
    expect(refused.headers.get('Access-Control-Allow-Origin')).toBe('*')
  }
  expect((await make(wide, { Origin: 'https://statkeep.test' })).status).toBe(201)
  expect((await make(wide, {})).status).toBe(201)
  // A narrow key is not refused for its origin, but for its scope.
  expect((await make(narrow, { Origin: 'https://evil.example' })).body.requiredScope).toBe('users:write')
})
