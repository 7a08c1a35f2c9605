import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { SECOND } from '../../src/lib/time.ts'
import { SHARED_STATE_MAX_AGE_SECONDS } from '../../src/service/shared-state.ts'
import { accessToken } from '../support/access-token.ts'
import { insertKey, startService } from '../support/service.ts'

async function asAdmin() {
  const service = startService()
  const bearer = await insertKey(['admin'])
  return {
    ...service,
    bearer,
    id: await service.user('kicksent', 'python', { email: 'a@example.com' }),
    change: (
      body: unknown,
      { user = 'kicksent', headers = {} }: { user?: string | number; headers?: Record<string, string> } = {},
    ) => service.call(`/api/users/${user}`, { method: 'PATCH', bearer, body, headers }),
    logsIn: async (username = 'kicksent') =>
      (await service.call('/api/users/me', { basic: `${username}:python` })).status,
  }
}

test('renames a user, who keeps the id and logs in by the new name', async () => {
  const { change, call, id, logsIn, user } = await asAdmin()
  const { status, body } = await change({ username: 'Renamed' })
  expect([status, body]).toEqual([200, { id, username: 'Renamed', email: 'a@example.com', disabled: false }])
  expect([await logsIn('renamed'), await logsIn('kicksent')]).toEqual([200, 401])
  expect((await call('/api/users/kicksent')).status).toBe(404)
  expect(await user('kicksent')).toBe(id + 1)
  expect((await change({ username: 'RENAMED' }, { user: id })).body.username).toBe('RENAMED')
})

test('refuses a name or an email that somebody has, and one that nobody can have', async () => {
  const { change, user, call, id } = await asAdmin()
  await user('other', 'python', { email: 'b@example.com' })
  expect((await change({ username: 'OTHER' })).body).toMatchObject({ status: 409, code: 'username_taken' })
  expect((await change({ email: 'B@example.com' })).body).toMatchObject({ status: 409, code: 'email_taken' })
  for (const username of ['me', 'Update', 'LOOKUP', '123', 'a b'])
    expect((await change({ username })).status, username).toBe(400)
  expect((await call(`/api/users/${id}`)).body.username).toBe('kicksent')
})

test('takes an empty name as absent, and an empty email as its removal', async () => {
  const { change, id } = await asAdmin()
  expect((await change({ username: '' })).body).toEqual({
    id,
    username: 'kicksent',
    email: 'a@example.com',
    disabled: false,
  })
  expect((await change({})).body.email).toBe('a@example.com')
  expect((await change({ username: '', email: '' })).body).toEqual({
    id,
    username: 'kicksent',
    email: '',
    disabled: false,
  })
})

test('disables a user, who cannot log in or act within SHARED_STATE_MAX_AGE_SECONDS anywhere, and enables them again', async () => {
  const { change, call, id, logsIn } = await asAdmin()
  const token = await accessToken(id)
  const key = await insertKey(['metered:read'], id)
  await env.DB.prepare("INSERT INTO sessions VALUES ('ses_1', ?, 1, 1, 9e12)").bind(id).run()
  const elsewhere = startService()
  expect((await elsewhere.call('/api/users/me', { bearer: token })).status).toBe(200)

  expect((await change({ disabled: true })).body.disabled).toBe(true)
  expect(await logsIn()).toBe(403)
  expect((await call('/api/users/me', { bearer: token })).status).toBe(401)
  elsewhere.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND
  expect((await elsewhere.call('/api/users/me', { bearer: token })).status).toBe(401)
  expect((await elsewhere.call('/api/users/me', { bearer: key })).status).toBe(401)
  const old = await call('/api/users/update', { body: { username: 'kicksent', password: 'python', email: '' } })
  expect(old.status).toBe(403)
  const byBody = { method: 'PATCH', basic: 'kicksent:python', body: { currentPassword: 'python' } }
  expect((await call('/api/users/me', byBody)).status).toBe(403)
  expect((await env.DB.prepare('SELECT * FROM sessions').all()).results).toEqual([])
  expect((await call('/api/users/kicksent')).status).toBe(200)

  expect((await change({ disabled: false })).body.disabled).toBe(false)
  expect(await logsIn()).toBe(200)
  expect((await call('/api/users/me', { bearer: token })).status).toBe(401)
  expect((await call('/api/users/me', { bearer: await accessToken(id, 2) })).status).toBe(200)
  expect((await call('/api/users/me', { bearer: key })).status).toBe(403)
})

test('is for admin keys alone', async () => {
  const { call, id, bearer, user } = await asAdmin()
  await user('other')
  const change = (by: object, path = '/api/users/other') =>
    call(path, { method: 'PATCH', body: { disabled: true }, ...by })
  expect((await change({})).status).toBe(401)
  for (const by of [
    { bearer: await accessToken(id) },
    { basic: 'other:python' },
    { bearer: await insertKey(['users:write', 'stats:write']) },
  ])
    expect((await change(by)).body).toMatchObject({ status: 403, requiredScope: 'admin' })
  const inBrowser = await call('/api/users/other', {
    method: 'PATCH',
    bearer,
    body: { disabled: true },
    headers: { Origin: 'https://game.example' },
  })
  expect(inBrowser.status).toBe(403)
  expect((await call('/api/users/other', { basic: 'other:python' })).status).toBe(200)
  expect((await change({ bearer }, '/api/users/nobody')).status).toBe(404)
  expect((await change({ bearer }, '/api/users/999')).status).toBe(404)
})

test('does its work once under an Idempotency-Key', async () => {
  const { change, id } = await asAdmin()
  const headers = { 'Idempotency-Key': 'k' }
  const first = await change({ email: 'b@example.com' }, { headers })
  await change({ email: 'c@example.com' })
  const again = await change({ email: 'b@example.com' }, { headers })
  expect([again.text, again.headers.get('Idempotency-Replayed')]).toEqual([first.text, 'true'])
  expect((await change({}, { user: id })).body.email).toBe('c@example.com')
  expect((await change({ email: 'd@example.com' }, { headers })).status).toBe(422)
})
