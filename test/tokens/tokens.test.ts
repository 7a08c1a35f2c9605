import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { DAY, isoTime, SECOND } from '../../src/lib/time.ts'
import { SHARED_STATE_MAX_AGE_SECONDS } from '../../src/service/shared-state.ts'
import { ACCESS_TOKEN_SECONDS } from '../../src/tokens/access-token.ts'
import { MAX_SESSIONS } from '../../src/tokens/tokens.store.ts'
import { SESSION_DAYS } from '../../src/tokens/tokens.ts'
import { insertKey, NOON, type Service, startService } from '../support/service.ts'

const basic = 'kicksent:python'
const login = (service: Service) => service.call('/api/token', { method: 'POST', basic })
const refresh = (service: Service, refreshToken: string, key?: string) =>
  service.call('/api/token/refresh', {
    body: { refreshToken },
    ...(key === undefined ? {} : { headers: { 'Idempotency-Key': key } }),
  })
const me = async (service: Service, bearer: string) => (await service.call('/api/users/me', { bearer })).status
const count = (table: string) => env.DB.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first<number>('n')

async function started() {
  const service = startService()
  await service.user()
  return service
}

test('returns a token for user name and password, with and without the slash, and writes nothing', async () => {
  const service = await started()
  for (const path of ['/api/token', '/api/token/']) {
    const { status, body, headers } = await service.call(path, { basic })
    expect(status).toBe(200)
    expect(headers.get('Cache-Control')).toBe('no-store')
    expect(body).toEqual({
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      tokenType: 'Bearer',
      duration: ACCESS_TOKEN_SECONDS,
      expiresAt: isoTime(NOON + ACCESS_TOKEN_SECONDS * SECOND),
    })
    expect((await service.call('/api/resource/', { basic: `${body.token}:unused` })).body.username).toBe('kicksent')
  }
  expect((await service.cost(() => service.call('/api/token', { basic }))).rowsWritten).toBe(0)
  expect(await count('sessions')).toBe(0)
})

test('refuses an expired token, and says so', async () => {
  const service = await started()
  const token = await service.token()
  service.clock.now += (ACCESS_TOKEN_SECONDS - 1) * SECOND
  expect(await me(service, token)).toBe(200)
  service.clock.now += 1 * SECOND
  const late = await service.call('/api/users/me', { bearer: token })
  expect([late.status, late.body.code]).toEqual([401, 'token_expired'])
})

test('refuses to make a token from a token', async () => {
  const service = await started()
  const { body } = await login(service)
  for (const method of ['GET', 'POST']) {
    for (const credentials of [{ bearer: body.token }, { basic: `${body.token}:unused` }]) {
      const refused = await service.call('/api/token', { method, ...credentials })
      expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
    }
  }
  expect((await service.call('/api/token')).status).toBe(401)
})

test('starts a session that is listed, and marks the current one', async () => {
  const service = await started()
  const first = await login(service)
  expect(first.status).toBe(200)
  expect(first.body).toEqual({
    token: expect.any(String),
    tokenType: 'Bearer',
    duration: ACCESS_TOKEN_SECONDS,
    expiresAt: isoTime(NOON + ACCESS_TOKEN_SECONDS * SECOND),
    refreshToken: expect.stringMatching(/^rt_[\w-]{43}$/),
  })
  service.clock.now += 1 * SECOND
  await login(service)
  const { body } = await service.call('/api/sessions', { bearer: first.body.token })
  expect(body.sessions).toEqual([
    {
      id: expect.stringMatching(/^ses_/),
      createdAt: '2027-01-15T12:00:01.000Z',
      lastUsedAt: '2027-01-15T12:00:01.000Z',
      expiresAt: isoTime(NOON + 1 * SECOND + SESSION_DAYS * DAY),
      current: false,
    },
    expect.objectContaining({ createdAt: '2027-01-15T12:00:00.000Z', current: true }),
  ])
  const others = await service.call('/api/sessions', { basic })
  expect(others.body.sessions.map(({ current }: { current: boolean }) => current)).toEqual([false, false])
})

test('accepts {} and no body for a new session, and refuses an unknown field', async () => {
  const service = await started()
  expect((await service.call('/api/token', { basic, body: {} })).status).toBe(200)
  const refused = await service.call('/api/token', { basic, body: { remember: true } })
  expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'remember'])
})

test('stores only hashes of refresh tokens', async () => {
  const service = await started()
  const { body } = await login(service)
  await refresh(service, body.refreshToken)
  const { results } = await env.DB.prepare('SELECT * FROM refresh_tokens').all()
  expect(results).toHaveLength(2)
  expect(JSON.stringify(results)).not.toContain('rt_')
})

test('allows MAX_SESSIONS sessions: the next ends the oldest, and its access token with it', async () => {
  const service = await started()
  const tokens: string[] = []
  for (let i = 0; i <= MAX_SESSIONS; i++) {
    tokens.push((await login(service)).body.token)
    service.clock.now += 1 * SECOND
  }
  expect(await me(service, tokens[0] as string)).toBe(401)
  expect(await me(service, tokens[1] as string)).toBe(200)
  const { sessions } = (await service.call('/api/sessions', { basic })).body
  expect(sessions).toHaveLength(MAX_SESSIONS)
  expect(sessions.at(-1).createdAt).toBe('2027-01-15T12:00:01.000Z')
})

test('more concurrent log-ins than MAX_SESSIONS leave exactly MAX_SESSIONS sessions', async () => {
  const service = await started()
  await Promise.all(Array.from({ length: MAX_SESSIONS + 5 }, () => login(service)))
  expect(await count('sessions')).toBe(MAX_SESSIONS)
})

test('expired sessions do not count', async () => {
  const service = await started()
  for (let i = 0; i < MAX_SESSIONS; i++) await login(service)
  service.clock.now += SESSION_DAYS * DAY
  expect((await service.call('/api/sessions', { basic })).body.sessions).toEqual([])
  await login(service)
  expect(await count('sessions')).toBe(1)
  expect(await count('revocations')).toBe(0)
})

test('a session starts only while the password is the one that was verified', async () => {
  const service = await started()
  const raced = startService({
    database: (d1) =>
      new Proxy(d1, {
        get(target, name) {
          if (name !== 'batch') return Reflect.get(target, name).bind(target)
          return async (statements: D1PreparedStatement[]) => {
            // Between the check and the write, another call changes the password.
            await target.prepare('UPDATE users SET version = version + 1').run()
            return target.batch(statements)
          }
        },
      }),
  })
  const refused = await raced.call('/api/token', { method: 'POST', basic })
  expect([refused.status, refused.body.code]).toEqual([401, 'invalid_credentials'])
  expect(await count('sessions')).toBe(0)
  expect((await login(service)).status).toBe(200)
})

test('a refresh gives a new pair, and SESSION_DAYS more', async () => {
  const service = await started()
  const first = (await login(service)).body
  service.clock.now += (SESSION_DAYS - 1) * DAY
  const second = await refresh(service, first.refreshToken)
  expect(second.status).toBe(200)
  expect(Object.keys(second.body)).toEqual(Object.keys(first))
  expect(second.body.refreshToken).not.toBe(first.refreshToken)
  expect(await me(service, second.body.token)).toBe(200)
  const [session] = (await service.call('/api/sessions', { bearer: second.body.token })).body.sessions
  expect(session).toMatchObject({
    createdAt: '2027-01-15T12:00:00.000Z',
    lastUsedAt: isoTime(NOON + (SESSION_DAYS - 1) * DAY),
    expiresAt: isoTime(NOON + (2 * SESSION_DAYS - 1) * DAY),
    current: true,
  })
  service.clock.now += SESSION_DAYS * DAY
  const late = await refresh(service, second.body.refreshToken)
  expect([late.status, late.body.code]).toEqual([401, 'unauthenticated'])
})

test('a refresh needs no Authorization header, and ignores an expired one', async () => {
  const service = await started()
  const { token, refreshToken } = (await login(service)).body
  service.clock.now += (ACCESS_TOKEN_SECONDS + 100) * SECOND
  const { status } = await service.call('/api/token/refresh', { bearer: token, body: { refreshToken } })
  expect(status).toBe(200)
})

test('using a refresh token again ends its session: neither pair works any more', async () => {
  const service = await started()
  const first = (await login(service)).body
  const second = (await refresh(service, first.refreshToken)).body
  const again = await refresh(service, first.refreshToken)
  expect([again.status, again.body.code]).toEqual([401, 'unauthenticated'])
  expect((await refresh(service, second.refreshToken)).status).toBe(401)
  expect(await me(service, second.token)).toBe(401)
  expect(await me(service, first.token)).toBe(401)
  expect((await service.call('/api/sessions', { basic })).body.sessions).toEqual([])
})

test('of two concurrent refreshes one succeeds, and the other ends the session', async () => {
  const service = await started()
  const { refreshToken } = (await login(service)).body
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(service, refreshToken)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(401)])
  expect(await count('sessions')).toBe(0)
})

test('the same refresh under its Idempotency-Key returns the first pair, and does not count as a second use', async () => {
  const service = await started()
  const { refreshToken } = (await login(service)).body
  const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(service, refreshToken, 'short')))
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(answers[0]?.status).toBe(200)
  const later = await refresh(service, refreshToken, 'short')
  expect(later.text).toBe(answers[0]?.text)
  expect(later.headers.get('Idempotency-Replayed')).toBe('true')
  expect((await refresh(service, later.body.refreshToken)).status).toBe(200)
  // Another key is another use.
  expect((await refresh(service, refreshToken, 'other')).status).toBe(401)
  expect(await count('sessions')).toBe(0)
})

test('an Idempotency-Key of another refresh of the session is refused, and does not end it', async () => {
  const service = await started()
  const first = (await login(service)).body
  const second = (await refresh(service, first.refreshToken, 'k')).body
  const reused = await refresh(service, second.refreshToken, 'k')
  expect([reused.status, reused.body.code]).toEqual([422, 'idempotency_key_reused'])
  expect((await refresh(service, second.refreshToken)).status).toBe(200)
})

test('a second use is recognised despite a short failure of D1, which itself does not count as one', async () => {
  const service = await started()
  const { refreshToken } = (await login(service)).body
  let failing = true
  const shaky = startService({
    log: () => undefined,
    database: (d1) =>
      new Proxy(d1, {
        get(target, name) {
          if (name === 'batch' && failing) return () => Promise.reject(new Error('D1_ERROR: Network connection lost.'))
          return Reflect.get(target, name).bind(target)
        },
      }),
  })
  const lost = await shaky.call('/api/token/refresh', { body: { refreshToken } })
  expect([lost.status, lost.body.code]).toEqual([503, 'unavailable'])
  failing = false
  expect((await refresh(service, refreshToken)).status).toBe(200)
})

test.each([
  ['nothing', {}, 400],
  ['an empty text', { refreshToken: '' }, 400],
  ['a number', { refreshToken: 5 }, 400],
  ['an unknown token', { refreshToken: `rt_${'A'.repeat(43)}` }, 401],
  ['any text', { refreshToken: "' OR 1=1 --" }, 401],
  ['too long a text', { refreshToken: 'r'.repeat(257) }, 400],
])('refuses %s as a refresh token', async (_, body, status) => {
  const service = await started()
  expect((await service.call('/api/token/refresh', { body })).status).toBe(status)
})

test('an access token does not work as a refresh token', async () => {
  const service = await started()
  expect((await refresh(service, (await login(service)).body.token)).status).not.toBe(200)
})

test('an idempotent log-in returns the same pair, makes one session, and stores no secret in plain text', async () => {
  const service = await started()
  const again = () => service.call('/api/token', { method: 'POST', basic, headers: { 'Idempotency-Key': 'log-in-1' } })
  const answers = await Promise.all([again(), again(), again()])
  const last = await again()
  expect(new Set([...answers, last].map(({ text }) => text)).size).toBe(1)
  expect(last.headers.get('Idempotency-Replayed')).toBe('true')
  expect(await count('sessions')).toBe(1)
  await refresh(service, last.body.refreshToken, 'k')

  const { results } = await env.DB.prepare('SELECT * FROM idempotency_records').all()
  expect(results.map(({ caller }) => caller)).toEqual([expect.stringMatching(/^session:ses_/), 'user:1'])
  const stored = JSON.stringify(results)
  for (const secret of ['rt_', last.body.token, last.body.refreshToken.slice(3), 'python', 'log-in-1'])
    expect(stored).not.toContain(secret)
})

test('deleting the account deletes the idempotency records of its sessions, ended ones too', async () => {
  const service = await started()
  const { refreshToken } = (await login(service)).body
  await refresh(service, refreshToken, 'k')
  await service.call('/api/sessions', { method: 'DELETE', basic })
  expect(await count('idempotency_records')).toBe(1)
  await service.call('/api/users/me', { method: 'DELETE', basic, body: { currentPassword: 'python' } })
  expect(await count('idempotency_records')).toBe(0)
})

test('ends one session with its tokens; not another session, and not another user’s', async () => {
  const service = await started()
  await service.user('stranger', 'python')
  const first = (await login(service)).body
  service.clock.now += 1 * SECOND
  const second = (await login(service)).body
  const { sessions } = (await service.call('/api/sessions', { bearer: first.token })).body
  const { id } = sessions.find(({ current }: { current: boolean }) => current)
  const end = (credentials: object) => service.call(`/api/sessions/${id}`, { method: 'DELETE', ...credentials })

  const stranger = await end({ basic: 'stranger:python' })
  expect([stranger.status, stranger.body.code]).toEqual([404, 'not_found'])
  expect((await end({ bearer: second.token })).status).toBe(204)
  expect(await me(service, first.token)).toBe(401)
  expect((await refresh(service, first.refreshToken)).status).toBe(401)
  expect(await me(service, second.token)).toBe(200)
  expect((await end({ bearer: second.token })).status).toBe(404)
  expect((await service.call('/api/sessions/ses_nonsense%00', { method: 'DELETE', basic })).status).toBe(404)
})

test('ends all sessions of the caller, and no others', async () => {
  const service = await started()
  await service.user('stranger', 'python')
  const stranger = (await service.call('/api/token', { method: 'POST', basic: 'stranger:python' })).body
  const own = [(await login(service)).body, (await login(service)).body]
  expect((await service.call('/api/sessions', { method: 'DELETE', bearer: own[0].token })).status).toBe(204)
  for (const { token, refreshToken } of own) {
    expect(await me(service, token)).toBe(401)
    expect((await refresh(service, refreshToken)).status).toBe(401)
  }
  expect(await me(service, stranger.token)).toBe(200)
})

test('the token of an ended session is refused in another isolate within SHARED_STATE_MAX_AGE_SECONDS', async () => {
  const here = await started()
  const there = startService()
  const { token, refreshToken } = (await login(here)).body
  expect(await me(there, token)).toBe(200)
  here.clock.now += 100
  await here.call('/api/sessions', { method: 'DELETE', basic })
  expect(await me(here, token)).toBe(401)
  expect((await refresh(there, refreshToken)).status).toBe(401)
  there.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND
  expect(await me(there, token)).toBe(401)
})

test('a new password ends every session and token, here at once and elsewhere within SHARED_STATE_MAX_AGE_SECONDS', async () => {
  const here = await started()
  const there = startService()
  const plain = await here.token()
  const { token, refreshToken } = (await login(here)).body
  expect(await me(there, plain)).toBe(200)
  const body = { currentPassword: 'python', newPassword: 'python3' }
  expect((await here.call('/api/users/me', { method: 'PATCH', bearer: plain, body })).status).toBe(200)

  there.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND
  for (const service of [here, there]) {
    expect(await me(service, plain)).toBe(401)
    expect(await me(service, token)).toBe(401)
    expect((await refresh(service, refreshToken)).status).toBe(401)
    expect((await service.call('/api/token', { basic })).status).toBe(401)
    expect((await service.call('/api/token', { basic: 'kicksent:python3' })).status).toBe(200)
  }
  expect(await me(here, await here.token('kicksent', 'python3'))).toBe(200)
})

test('a disabled user can do nothing: no log-in, no token, no refresh; an enabled one logs in again', async () => {
  const here = await started()
  const there = startService()
  const admin = await insertKey(['admin'])
  const disable = (disabled: boolean) =>
    here.call('/api/users/kicksent', { method: 'PATCH', bearer: admin, body: { disabled } })
  const { token, refreshToken } = (await login(here)).body
  expect(await me(there, token)).toBe(200)
  expect((await disable(true)).status).toBe(200)

  there.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND
  for (const service of [here, there]) {
    expect(await me(service, token)).toBe(401)
    expect((await refresh(service, refreshToken)).status).toBe(401)
    for (const method of ['GET', 'POST']) {
      const refused = await service.call('/api/token', { method, basic })
      expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
    }
  }
  await disable(false)
  expect(await me(here, token)).toBe(401)
  expect(await me(here, await here.token())).toBe(200)
})

test('the token of a deleted user is refused everywhere within SHARED_STATE_MAX_AGE_SECONDS', async () => {
  const here = await started()
  const there = startService()
  const { token } = (await login(here)).body
  expect(await me(there, token)).toBe(200)
  const body = { currentPassword: 'python' }
  expect((await here.call('/api/users/me', { method: 'DELETE', bearer: token, body })).status).toBe(204)
  expect((await here.call('/api/sessions', { bearer: token })).status).toBe(401)
  there.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND
  expect((await there.call('/api/sessions', { bearer: token })).status).toBe(401)
})

test.each([
  [
    'the password',
    async (service: Service) => {
      const body = { currentPassword: 'python', newPassword: 'python3' }
      await service.call('/api/users/me', { method: 'PATCH', basic, body })
    },
    401,
  ],
  [
    'the name',
    async (service: Service) => {
      await service.call('/api/users/kicksent', {
        method: 'PATCH',
        bearer: await insertKey(['admin']),
        body: { username: 'renamed' },
      })
    },
    401,
  ],
  ['nothing but the time', async () => undefined, 200],
  [
    'that the account is disabled',
    async (service: Service) => {
      await service.call('/api/users/kicksent', {
        method: 'PATCH',
        bearer: await insertKey(['admin']),
        body: { disabled: true },
      })
    },
    403,
  ],
])('a log-in remembered in one isolate is checked again after another changed %s', async (_, change, status) => {
  const here = await started()
  expect((await login(here)).status).toBe(200)
  await change(startService())
  for (const key of [undefined, 'log-in-2']) {
    const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key }
    expect((await here.call('/api/token', { method: 'POST', basic, headers })).status).toBe(status)
  }
})

test('a log-in remembered in one isolate works with a new password that was set elsewhere', async () => {
  const here = await started()
  await login(here)
  const body = { currentPassword: 'python', newPassword: 'python' }
  await startService().call('/api/users/me', { method: 'PATCH', basic, body })
  expect((await login(here)).status).toBe(200)
})

test('costs at most what docs/storage.md says, beside the shared state', async () => {
  const service = await started()
  const { refreshToken, token } = (await login(service)).body
  await me(service, token)
  const get = await service.cost(() => service.call('/api/token', { basic }))
  expect(get).toMatchObject({ roundTrips: 1, rowsRead: 1, rowsWritten: 0 })
  expect(await service.cost(() => login(service))).toMatchObject({ roundTrips: 1, rowsWritten: 4 })
  const headers = { 'Idempotency-Key': 'log-in-3' }
  const keyed = await service.cost(() => service.call('/api/token', { method: 'POST', basic, headers }))
  expect(keyed).toMatchObject({ roundTrips: 1, rowsWritten: 5 })
  let next = ''
  const refreshing = await service.cost(async () => {
    next = (await refresh(service, refreshToken)).body.refreshToken
  })
  expect(refreshing).toMatchObject({ roundTrips: 1, rowsWritten: 4 })
  const keyedRefresh = await service.cost(() => refresh(service, next, 'refresh-1'))
  expect(keyedRefresh).toMatchObject({ roundTrips: 1, rowsWritten: 6 })
  const list = await service.cost(() => service.call('/api/sessions', { bearer: token }))
  expect(list).toMatchObject({ roundTrips: 1, rowsWritten: 0 })
  const end = await service.cost(() => service.call('/api/sessions', { method: 'DELETE', bearer: token }))
  expect(end.roundTrips).toBe(1)
})
