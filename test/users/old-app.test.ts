/** The calls of the old users app, as its clients make them. */
import { describe, expect, test } from 'vitest'
import { ACCESS_TOKEN_SECONDS } from '../../src/tokens/access-token.ts'
import { startService } from '../support/service.ts'

describe.each(['', '/'])('with "%s" at the end of the path', (slash) => {
  test('curl -X POST -d \'{"username":"kicksent2","password":"python"}\' /api/users', async () => {
    const { call } = startService()
    const { status, headers, body } = await call(`/api/users${slash}`, {
      headers: { 'Content-Type': 'application/json' },
      body: '{"username":"kicksent2","password":"python"}',
    })
    expect([status, body]).toEqual([201, { id: 1, username: 'kicksent2' }])
    expect(headers.get('Location')).toBe('/api/users/kicksent2')
  })

  test('curl -X POST -d \'{"username":…,"password":…,"new_password":"python3","email":…}\' /api/users/update', async () => {
    const { call, user } = startService()
    await user('kicksent2', 'python')
    const { status, body } = await call(`/api/users/update${slash}`, {
      headers: { 'Content-Type': 'application/json' },
      body: '{"username":"kicksent2","password":"python","new_password":"python3","email":"email@address.com"}',
    })
    expect([status, body.username, body.email]).toEqual([200, 'kicksent2', 'email@address.com'])
    const logIn = async (password: string) =>
      (await call(`/api/token${slash}`, { basic: `kicksent2:${password}` })).status
    expect([await logIn('python'), await logIn('python3')]).toEqual([401, 200])
  })

  test('curl /api/users, /api/users/kicksent and /api/users/2', async () => {
    const { call, user } = startService()
    expect((await call(`/api/users${slash}`)).body).toEqual({ users: [], nextCursor: '' })
    await user('somebody')
    await user('kicksent')
    const list = await call(`/api/users${slash}`)
    expect([list.status, list.body.users]).toEqual([200, ['kicksent', 'somebody']])
    for (const ref of ['kicksent', 2]) {
      const { status, body } = await call(`/api/users/${ref}${slash}`)
      expect([status, body.id, body.username]).toEqual([200, 2, 'kicksent'])
    }
    const missing = await call(`/api/users/nobody${slash}`)
    expect([missing.status, missing.body.code]).toEqual([404, 'not_found'])
  })

  test('curl -u kicksent:python /api/token and curl -u TOKEN:unused /api/resource', async () => {
    const { call, user } = startService()
    await user('kicksent', 'python')
    const { status, body } = await call(`/api/token${slash}`, { basic: 'kicksent:python' })
    expect([status, body.tokenType, body.duration]).toEqual([200, 'Bearer', ACCESS_TOKEN_SECONDS])
    const resource = await call(`/api/resource${slash}`, { basic: `${body.token}:unused` })
    expect([resource.status, resource.body.username, resource.body.email]).toEqual([200, 'kicksent', ''])
    const renewed = await call(`/api/token${slash}`, { basic: `${body.token}:unused` })
    expect([renewed.status, renewed.body.code]).toEqual([403, 'forbidden'])
  })
})
