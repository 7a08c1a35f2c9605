import { expect, onTestFinished, test, vi } from 'vitest'
import type { Outside } from '../../src/deps.ts'
import type { Log, LogRecord } from '../../src/lib/log.ts'
import { connectionLost, failing } from '../support/failing.ts'
import { type Call, insertKey, type Service, startService } from '../support/service.ts'

vi.setConfig({ testTimeout: 60_000 }) // hundreds of calls

const requests = (logged: LogRecord[]) => logged.filter(({ message }) => message === 'request')

test('writes one line a request, with its id, method, pattern, status and duration', async () => {
  const { call, logged, user } = startService()
  await user()
  const calls = [
    ['GET', '/api/users/kicksent', '/api/users/:user', 200],
    ['HEAD', '/api/users/kicksent/', '/api/users/:user', 200],
    ['GET', '/api/users/me', '/api/users/me', 401],
    ['GET', '/api/users/a%2Fb', '/api/users/:user', 404],
    ['GET', '/api/leaderboards/sizeXp/around/kicksent', '/api/leaderboards/:stat/around/:user', 404],
    ['GET', '/api/secret-place', 'none', 404],
    ['PUT', '/api/users/kicksent', 'none', 405],
    ['OPTIONS', '/api/users/kicksent', 'none', 204],
  ] as const
  for (const [method, path, route, status] of calls) {
    logged.length = 0
    const { headers } = await call(path, { method })
    expect(logged).toEqual([
      {
        level: 'info',
        message: 'request',
        requestId: headers.get('X-Request-Id'),
        method,
        route,
        status,
        milliseconds: expect.any(Number),
      },
    ])
  }
})

test('names the pattern of a request that was refused before its route was reached', async () => {
  const { call, logged } = startService({
    database: failing(connectionLost),
    log: (level, record) => void logged.push({ level, ...record }),
  })
  await call('/api/users/kicksent')
  await call('/api/users', { body: 'x'.repeat(65_537) })
  expect(requests(logged).map(({ route, status }) => [route, status])).toEqual([
    ['/api/users/:user', 503],
    ['/api/users', 503],
  ])
})

test('measures the time that the work took', async () => {
  const { call, clock, logged } = startService({
    database: (d1) =>
      ({
        prepare: (query: string) => {
          clock.now += 7
          return d1.prepare(query)
        },
      }) as D1Database,
  })
  await call('/api/users/kicksent')
  const statements = 2 // the control rows and the profile
  expect(requests(logged)[0]?.milliseconds).toBe(7 * statements)
})

test('tells no secret, through whichever door it comes and whatever fails', async () => {
  const printed = listenToConsole()
  const logged: LogRecord[] = []
  const log: Log = (level, record) => void logged.push({ level, ...record })
  const secrets = await makeSecrets(startService({ log }))

  const everyStatementTold = (prefix: string) => (query: string, values: unknown[]) =>
    new Error(`${prefix}: ${query}\n    at params: ${values.join(', ')}`, { cause: new Error(values.join(', ')) })
  const outsides: Outside[] = [
    {},
    { database: failing(everyStatementTold('D1_ERROR')) },
    { database: failing(everyStatementTold('Failed query'), 'FROM users') },
    { database: failing(everyStatementTold('Failed query'), 'INSERT INTO') },
    { database: failing(everyStatementTold('Failed query'), 'api_keys') },
    { database: failing(everyStatementTold('Failed query'), 'idempotency_records') },
  ]
  for (const outside of outsides) {
    const { call } = startService({ log, ...outside })
    for (const [path, options] of doors(secrets)) await call(path, options)
  }

  expect(requests(logged).length).toBeGreaterThan(100)
  expect(logged.some(({ level }) => level === 'error')).toBe(true)
  const told = JSON.stringify(logged) + printed()
  expect(Object.entries(secrets).filter(([, secret]) => told.includes(secret))).toEqual([])
})

/** One of each kind of secret, real ones of the service where it makes them. */
async function makeSecrets({ call }: Service) {
  const password = 'hunter2-of-kicksent'
  await call('/api/users', { body: { username: 'kicksent', password, email: 'private@mail.example' } })
  const { body: session } = await call('/api/token', { method: 'POST', basic: `kicksent:${password}` })
  const wide = await insertKey(['admin'])
  const { body: key } = await call('/api/keys', {
    body: { name: 'k', scopes: ['metered:read'] },
    basic: `kicksent:${password}`,
  })
  const { body: reset } = await call('/api/users/kicksent/password-reset', { method: 'POST', bearer: wide })
  return {
    password,
    newPassword: 'hunter3-of-kicksent',
    wrongPassword: 'hunter4-of-nobody',
    email: 'private@mail.example',
    accessToken: session.token as string,
    refreshToken: session.refreshToken as string,
    key: key.key as string,
    wideKey: wide,
    reset: reset.token as string,
    forged: `${btoa('{"alg":"none"}')}.${btoa('{"sub":"1"}')}.c2VjcmV0LXNpZ25hdHVyZQ`,
    idempotencyKey: 'an-idempotency-key-that-nobody-guesses',
    nameInPath: 'A-Name-In-A-Path',
    cookie: 'a-cookie-of-the-browser',
    address: '203.0.113.77',
    serverSecret: 'a-secret-for-tests-only-0123456789',
  }
}

function doors(s: Awaited<ReturnType<typeof makeSecrets>>): [string, Call][] {
  const basic = `kicksent:${s.password}`
  const bodies: unknown[] = [
    { username: s.nameInPath, password: s.newPassword, email: `x${s.email}` },
    { username: s.nameInPath, pass: s.password, [s.password]: 1 },
    { username: 'kicksent', password: s.wrongPassword, new_password: s.newPassword },
    { currentPassword: s.wrongPassword, newPassword: s.newPassword, email: s.email },
    { refreshToken: s.refreshToken },
    { refreshToken: s.wrongPassword },
    { token: s.reset.slice(0, -1), newPassword: s.newPassword },
    { name: s.password, scopes: ['metered:read'], overlapSeconds: s.password },
    `{"password": "${s.password}"`,
    s.password,
  ]
  const callers: Call[] = [
    {},
    { basic },
    { basic: `kicksent:${s.wrongPassword}` },
    { basic: `${s.accessToken}:unused` },
    { bearer: s.accessToken },
    { bearer: s.forged },
    { bearer: s.key },
    { bearer: s.wideKey },
    { bearer: `sk_${s.wrongPassword}` },
    { headers: { Authorization: `kicksent:${s.key}` } },
    { headers: { Authorization: s.password } },
  ]
  const query = `?token=kicksent:${s.key}&password=${s.password}&cursor=${s.forged}&email=${s.email}`
  const reads = [
    '/api/users/me',
    '/api/token',
    `/api/users/${s.nameInPath}`,
    '/api/v1.0/banks_data/X',
    `/${s.password}`,
  ]
  const writes = ['/api/users', '/api/users/update', '/api/token/refresh', '/api/password-reset', '/api/keys']
  const always = { Cookie: s.cookie, 'CF-Connecting-IP': s.address, 'Idempotency-Key': s.idempotencyKey }
  const more = (caller: Call) => ({ ...caller, headers: { ...always, ...caller.headers } })
  return [
    ...reads.flatMap((path) => callers.map((caller): [string, Call] => [path + query, more(caller)])),
    ...writes.flatMap((path) => bodies.map((body): [string, Call] => [path + query, more({ basic, body })])),
    ...bodies.map((body): [string, Call] => ['/api/users/me', more({ method: 'PATCH', bearer: s.accessToken, body })]),
    ['/api/users', more({ body: { password: s.password }, headers: { 'Content-Type': s.password } })],
    ['/api/users', more({ body: {} })],
  ]
}

/** What is printed past the log. */
function listenToConsole(): () => string {
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) => vi.spyOn(console, level))
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore()
  })
  return () => JSON.stringify(spies.flatMap((spy) => spy.mock.calls))
}
