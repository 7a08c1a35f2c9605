import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { MAX_PASSWORD_LENGTH } from '../../src/env.ts'
import { MIN_ANONYMOUS_KEY_LENGTH } from '../../src/idempotency/idempotent.ts'
import { DAY, HOUR, isoTime, SECOND } from '../../src/lib/time.ts'
import { SHARED_STATE_MAX_AGE_SECONDS } from '../../src/service/shared-state.ts'
import { PASSWORD_RESET_HOURS } from '../../src/users/users.ts'
import { accessToken } from '../support/access-token.ts'
import { insertKey, NOON, startService } from '../support/service.ts'

async function withReset() {
  const service = startService()
  const { call } = service
  const id = await service.user('kicksent', 'python')
  const bearer = await insertKey(['users:write'])
  return {
    ...service,
    id,
    start: (headers?: Record<string, string>, user: string | number = 'kicksent') =>
      call(`/api/users/${user}/password-reset`, { method: 'POST', bearer, ...(headers && { headers }) }),
    finish: (token: string, newPassword = 'python3', headers?: Record<string, string>) =>
      call('/api/password-reset', { body: { token, newPassword }, ...(headers && { headers }) }),
    logsIn: async (password: string, username = 'kicksent') =>
      (await call('/api/users/me', { basic: `${username}:${password}` })).status === 200,
  }
}

test('gives a token with which whoever holds it sets a password, once', async () => {
  const { start, finish, logsIn, id } = await withReset()
  const { status, body } = await start()
  expect(status).toBe(201)
  expect(body).toEqual({
    token: expect.stringMatching(/^rst_[\w-]{43}$/),
    expiresAt: isoTime(NOON + PASSWORD_RESET_HOURS * HOUR),
  })
  const done = await finish(body.token)
  expect([done.status, done.body]).toEqual([200, { id, username: 'kicksent' }])
  expect([await logsIn('python'), await logsIn('python3')]).toEqual([false, true])

  const again = await finish(body.token, 'python4')
  expect([again.status, again.body.code]).toEqual([401, 'invalid_credentials'])
  expect(await logsIn('python3')).toBe(true)
})

test('keeps no token, only what is needed to know it again', async () => {
  const { start } = await withReset()
  const { body } = await start({ 'Idempotency-Key': 'mine' })
  const { results } = await env.DB.prepare('SELECT * FROM password_resets, idempotency_records').all()
  expect(results).toHaveLength(1)
  expect(JSON.stringify(results)).not.toContain(body.token.slice(4))
})

test('holds for PASSWORD_RESET_HOURS', async () => {
  const { start, finish, clock, logsIn } = await withReset()
  const first = (await start()).body.token
  clock.now = NOON + PASSWORD_RESET_HOURS * HOUR - 1
  expect((await finish(first)).status).toBe(200)
  const second = (await start()).body.token
  clock.now += PASSWORD_RESET_HOURS * HOUR
  expect((await finish(second, 'python4')).status).toBe(401)
  expect(await logsIn('python3')).toBe(true)
})

test('gives the account to one of two who use it at once', async () => {
  const { start, finish, logsIn } = await withReset()
  const { token } = (await start()).body
  const passwords = ['python3', 'python4', 'python5']
  const answers = await Promise.all(passwords.map((password) => finish(token, password)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401])
  const winner = answers.findIndex(({ status }) => status === 200)
  for (const [i, password] of passwords.entries()) expect(await logsIn(password)).toBe(i === winner)
})

test('ends every session and token of the user', async () => {
  const { start, finish, call, id } = await withReset()
  const elsewhere = startService()
  const bearer = await accessToken(id)
  await env.DB.prepare("INSERT INTO sessions VALUES ('ses_1', ?, 1, 1, ?)")
    .bind(id, NOON + DAY)
    .run()
  expect((await elsewhere.call('/api/users/me', { bearer })).status).toBe(200)
  await finish((await start()).body.token)
  elsewhere.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND
  expect((await call('/api/users/me', { bearer })).status).toBe(401)
  expect((await elsewhere.call('/api/users/me', { bearer })).status).toBe(401)
  expect((await env.DB.prepare('SELECT * FROM sessions').all()).results).toEqual([])
})

test('is void once a password was set, by another token or by the user', async () => {
  const { start, finish, call } = await withReset()
  const [first, second, third] = [await start(), await start(), await start()].map(({ body }) => body.token)
  expect((await finish(second)).status).toBe(200)
  expect((await finish(first)).status).toBe(401)
  const later = (await start()).body.token
  const body = { currentPassword: 'python3', newPassword: 'python4' }
  expect((await call('/api/users/me', { method: 'PATCH', basic: 'kicksent:python3', body })).status).toBe(200)
  expect((await finish(later)).status).toBe(401)
  expect((await finish(third)).status).toBe(401)
})

test('is the way in for a user who has no password', async () => {
  const { start, finish, logsIn } = await withReset()
  await env.DB.prepare("INSERT INTO users (username, created_at) VALUES ('imported', 1)").run()
  expect(await logsIn('', 'imported')).toBe(false)
  await finish((await start(undefined, 'imported')).body.token)
  expect(await logsIn('python3', 'imported')).toBe(true)
})

test('does not open a disabled account', async () => {
  const { start, finish, call, logsIn } = await withReset()
  const admin = await insertKey(['admin'])
  const disable = (disabled: boolean) =>
    call('/api/users/kicksent', { method: 'PATCH', bearer: admin, body: { disabled } })
  const before = (await start()).body.token
  await disable(true)
  const after = (await start()).body.token
  expect([(await finish(before)).status, (await finish(after)).status]).toEqual([401, 401])
  await disable(false)
  expect((await finish(before)).status).toBe(401)
  expect(await logsIn('python')).toBe(true)
})

test('keeps to the rules of passwords, and spends no token on one that breaks them', async () => {
  const { start, finish } = await withReset()
  const { token } = (await start()).body
  for (const password of ['', 'short', 'x'.repeat(MAX_PASSWORD_LENGTH + 1)]) {
    const { status, body } = await finish(token, password)
    expect([status, body.errors[0].path]).toEqual([400, 'newPassword'])
  }
  expect((await finish('')).status).toBe(400)
  expect((await finish('rst_of-nobody')).status).toBe(401)
  expect((await finish(token)).status).toBe(200)
})

test('is started by users:write for somebody who exists', async () => {
  const { start, call, id } = await withReset()
  expect((await start(undefined, 'nobody')).status).toBe(404)
  expect((await start(undefined, id)).status).toBe(201)
  const path = '/api/users/kicksent/password-reset'
  expect((await call(path, { method: 'POST' })).status).toBe(401)
  for (const bearer of [await insertKey(['stats:write']), await accessToken(id)])
    expect((await call(path, { method: 'POST', bearer })).body).toMatchObject({
      status: 403,
      requiredScope: 'users:write',
    })
  expect((await call(path, { method: 'POST', bearer: await insertKey(['admin']) })).status).toBe(201)
})

test('is repeated under an Idempotency-Key: the same token, and no record for a user who does not exist', async () => {
  const { start, finish } = await withReset()
  const headers = { 'Idempotency-Key': 'a-key-that-nobody-guesses' }
  const nobody = await start(headers, 'nobody')
  expect(nobody.status).toBe(404)
  const answers = await Promise.all([start(headers), start(headers), start(headers)])
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  expect(answers.filter((answer) => answer.headers.get('Idempotency-Replayed') === 'true')).toHaveLength(2)
  expect((await env.DB.prepare('SELECT * FROM password_resets').all()).results).toHaveLength(1)

  const token = answers[0]?.body.token
  const done = await finish(token, 'python3', headers)
  const again = await finish(token, 'python3', headers)
  expect([again.status, again.text, again.headers.get('Idempotency-Replayed')]).toEqual([200, done.text, 'true'])
  expect((await finish(token, 'python4', headers)).status).toBe(422)
  expect((await finish(token, 'python3', { 'Idempotency-Key': 'x'.repeat(MIN_ANONYMOUS_KEY_LENGTH - 1) })).status).toBe(
    400,
  )
})
