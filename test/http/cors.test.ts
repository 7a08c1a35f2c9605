import { expect, test } from 'vitest'
import { type Answer, startService } from '../support/service.ts'
import { oneOfEachStatus } from '../support/statuses.ts'

/** Each header that the contract names, and that a page could otherwise not see. */
const TOLD = [
  'Allow',
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Credits-Cost',
  'X-Credits-Remaining',
  'X-Credits-Reset',
  'X-Request-Id',
]

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('lets a page of any origin read every answer and its headers', async () => {
  for (const { status, call } of await oneOfEachStatus()) {
    const answer = await call({ headers: { Origin: 'https://game.example' } })
    expect(answer.status).toBe(status)
    expectReadable(answer)
  }
})

test('answers a preflight without credentials, allows what it requests, and may be cached for a day', async () => {
  const { call } = startService()
  for (const path of ['/api/users', '/api/users/me', '/api/v1.0/banks_data/X', '/stopServer', '/api/nothing']) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await preflight(call, path, method)
      expect([path, method, answer.status, answer.text]).toEqual([path, method, 204, ''])
      expectReadable(answer)
      expect(answer.headers.get('Access-Control-Allow-Methods')?.split(',')).toContain(method)
      expect(answer.headers.get('Access-Control-Allow-Headers')).toBe('authorization,content-type,x-my-own')
      expect(answer.headers.get('Access-Control-Max-Age')).toBe('86400')
    }
  }
})

test('answers a preflight while the service is stopped, and while the database is lost', async () => {
  const { call } = startService({ database: () => ({}) as D1Database, log: () => {} })
  expect((await preflight(call, '/api/users', 'POST')).status).toBe(204)
})

test('ignores cookies', async () => {
  const { call } = startService()
  const answer = await call('/api/users', { headers: { Origin: 'https://game.example', Cookie: 'session=1' } })
  expect(answer.headers.get('Access-Control-Allow-Credentials')).toBeNull()
  expect(answer.headers.get('Set-Cookie')).toBeNull()
})

test('gives each answer its own id, whatever id the request sends', async () => {
  const { call } = startService()
  const claimed = '3fa85f64-5717-4562-b3fc-2c963f66afa6'
  const ids = await Promise.all(
    ['/api/users', '/api/users', '/api/nothing'].map(
      async (path) => (await call(path, { headers: { 'X-Request-Id': claimed } })).headers.get('X-Request-Id') ?? '',
    ),
  )
  expect(new Set([...ids, claimed]).size).toBe(4)
  for (const id of ids) expect(id).toMatch(UUID)
})

const preflight = (call: ReturnType<typeof startService>['call'], path: string, method: string) =>
  call(path, {
    method: 'OPTIONS',
    headers: {
      Origin: 'https://game.example',
      'Access-Control-Request-Method': method,
      'Access-Control-Request-Headers': 'authorization, content-type, x-my-own',
    },
  })

function expectReadable({ headers }: Answer): void {
  expect(headers.get('Access-Control-Allow-Origin')).toBe('*')
  expect(headers.get('Access-Control-Expose-Headers')?.split(',')).toEqual(expect.arrayContaining(TOLD))
  expect(headers.get('X-Request-Id')).toMatch(UUID)
}
