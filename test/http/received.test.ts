import { expect, test } from 'vitest'
import { everyCall } from '../support/every-call.ts'
import { insertKey, startService } from '../support/service.ts'

test('names a query parameter that the call does not have, on every call', async () => {
  const { service, calls } = await everyCall()
  const api = calls.filter(({ operation }) => operation !== 'GET /docs')
  for (const { operation, path, options } of api) {
    const { status, body } = await service.call(`${path}${path.includes('?') ? '&' : '?'}colour=red`, options)
    expect([operation, status, body?.errors?.[0].path]).toEqual([operation, 400, 'colour'])
  }
  expect(api.length).toBeGreaterThan(50)
})

test('says of ?page= that lists go on by cursor', async () => {
  const { call } = startService()
  for (const query of ['page=2', 'limit[]=5', 'per_page=10', '__proto__=1', 'offset=', 'page=2&limit=1']) {
    const { status, body } = await call(`/api/users?${query}`)
    expect([query, status, body.code]).toEqual([query, 400, 'invalid_request'])
    expect(body.errors[0].path).toBe(query.split('=')[0])
    expect(body.detail).toContain('takes limit, cursor, prefix; lists go on by `cursor`')
  }
  const { body } = await call(`/api/stats?${'x'.repeat(1000)}=1`)
  expect(body.errors).toEqual([
    { path: 'x'.repeat(64), message: 'is not a query parameter of this call, which takes none' },
  ])
})

test('takes ?token= on metered paths only', async () => {
  const { call, user } = startService()
  const bearer = await insertKey(['admin'])
  const key = await insertKey(['metered:read'], await user())
  await call('/api/datasets/banks_data/X', { method: 'PUT', bearer, body: { data: 1 } })
  expect((await call(`/api/v1.0/banks_data/X?token=kicksent:${key}`)).status).toBe(200)
  const { status, text } = await call(`/api/credits?token=kicksent:${key}`)
  expect([status, text.includes(key)]).toEqual([400, false])
})

test('lets a link to a page carry any query', async () => {
  const { call } = startService()
  for (const path of ['/?utm_source=x', '/docs?utm_source=x']) expect((await call(path)).status).toBe(200)
})

test.each(['gzip', 'br', 'GZIP', 'identity, gzip', 'x'])('refuses a body in Content-Encoding: %s', async (encoding) => {
  const { call } = startService()
  const { status, headers, body } = await call('/api/users', { body: '{}', headers: { 'Content-Encoding': encoding } })
  expect([status, body.code, headers.get('Accept-Encoding')]).toEqual([415, 'unsupported_media_type', 'identity'])
  expect(body.detail).toContain('Content-Encoding')
})

test('takes a body in Content-Encoding: identity', async () => {
  const { call } = startService()
  for (const encoding of ['identity', 'Identity', ''])
    expect((await call('/api/users', { body: '{}', headers: { 'Content-Encoding': encoding } })).status).toBe(201)
})
