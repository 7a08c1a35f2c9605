import { expect, onTestFinished, test, vi } from 'vitest'
import { Problem } from '../../src/http/described.ts'
import type { LogRecord } from '../../src/lib/log.ts'
import { connectionLost, failing } from '../support/failing.ts'
import { startService } from '../support/service.ts'
import { oneOfEachStatus } from '../support/statuses.ts'

test('answers every error as application/problem+json', async () => {
  const samples = await oneOfEachStatus()
  for (const { status, code, call } of samples) {
    const answer = await call()
    expect([answer.status, answer.body?.code]).toEqual([status, code])
    if (code === undefined) continue
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
    expect(Problem.parse(answer.body)).toMatchObject({
      type: `/problems/${code}`,
      status,
      code,
      requestId: answer.headers.get('X-Request-Id'),
    })
    expect(answer.body.title).not.toBe('')
    expect(answer.body.detail).not.toBe('')
  }
})

test('names each wrong field of a body and its rule, and never its value', async () => {
  const { call } = startService()
  const { body, text } = await call('/api/users', {
    body: { username: 'a/b', password: 'secret-'.repeat(20), colour: 1 },
  })
  expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['colour', 'password', 'username'])
  expect(text).not.toContain('secret-')
  expect(text).not.toContain('a/b')
})

test('names each wrong field of a query', async () => {
  const { call } = startService()
  const { status, body } = await call('/api/users?limit=1001&prefix=%2F')
  expect(status).toBe(400)
  expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['limit', 'prefix'])
})

test('answers a bug with a fixed text, and logs its place with the request id', async () => {
  const logged: LogRecord[] = []
  const { call } = startService({
    database: failing(() => new TypeError('of SELECT password_hash'), 'FROM users'),
    log: (level, record) => void logged.push({ level, ...record }),
  })
  const answer = await call('/api/users/kicksent')
  expect([answer.status, answer.body.detail]).toEqual([500, 'Something went wrong here. It has been logged.'])
  expect(answer.headers.get('Retry-After')).toBeNull()
  expect(answer.text).not.toContain('SELECT')
  expect(logged.find(({ level }) => level === 'error')).toMatchObject({
    message: 'unexpected error',
    requestId: answer.headers.get('X-Request-Id'),
    error: expect.stringContaining('TypeError'),
    at: expect.stringMatching(/failing\.ts:\d+:\d+/),
  })
  expect(JSON.stringify(logged)).not.toContain('SELECT')
})

test('answers 500 if it is misconfigured, and logs which variable is wrong', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => printed.mockRestore())
  const { call } = startService({ vars: { TOKEN_SECRET: 'too-short' } })
  const { status, body, headers } = await call('/api/users')
  expect([status, body.code, body.requestId]).toEqual([500, 'internal', headers.get('X-Request-Id')])
  expect(headers.get('X-Request-Id')).toBeTruthy()
  expect(printed.mock.calls.join()).toMatch(/misconfigured: TOKEN_SECRET/)
  expect(printed.mock.calls.join()).not.toContain('too-short')
})

test('answers 503 with Retry-After while the database cannot be reached', async () => {
  const { call } = startService({ database: failing(connectionLost), log: () => {} })
  for (const path of ['/api/users', '/api/users/kicksent', '/api/stats', '/docs']) {
    const { status, body, headers } = await call(path)
    expect([path, status, body.code, headers.get('Retry-After')]).toEqual([path, 503, 'unavailable', '5'])
  }
})

test.each(['D1_TYPE_ERROR: Type undefined not supported', 'D1_ERROR: no such column: x: SQLITE_ERROR'])(
  'treats %s as a bug, without Retry-After',
  async (message) => {
    const { call } = startService({ database: failing(() => new Error(message), 'FROM users'), log: () => {} })
    const { status, body, headers } = await call('/api/users/kicksent')
    expect([status, body.code, headers.get('Retry-After')]).toEqual([500, 'internal', null])
  },
)

test('asks for Bearer and never for Basic, for which a browser would open its log-in box', async () => {
  const { call } = startService()
  for (const options of [{}, { basic: 'a:b' }, { bearer: 'x' }, { headers: { Authorization: 'Negotiate x' } }]) {
    const { status, headers } = await call('/api/users/me', options)
    expect([status, headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer realm="statkeep"'])
  }
})
