import { expect, test } from 'vitest'
import { MIN_ANONYMOUS_KEY_LENGTH } from '../../src/idempotency/idempotent.ts'
import { startService } from '../support/service.ts'

test('makes an account and shows its profile, by name and by id', async () => {
  const { call } = startService()
  const created = await call('/api/users', {
    body: { username: 'Kicksent', password: 'python', email: 'a@example.com' },
  })
  expect(created.status).toBe(201)
  expect(created.body).toEqual({ id: 1, username: 'Kicksent' })
  expect(created.headers.get('Location')).toBe('/api/users/Kicksent')
  for (const path of ['/api/users/kicksent', '/api/users/1', '/api/users/1/']) {
    const profile = await call(path)
    expect(profile.status).toBe(200)
    expect(profile.body).toMatchObject({ id: 1, username: 'Kicksent', createdAt: '2027-01-15T12:00:00.000Z' })
    expect(profile.body.stats.shieldXp).toBe(0)
    expect(profile.text).not.toContain('example.com')
  }
})

test('makes up whatever of name and password is left out, and shows the password this once', async () => {
  const { call } = startService()
  const { status, body } = await call('/api/users', { body: {} })
  expect(status).toBe(201)
  expect(body.username).toMatch(/^[A-Z][a-z]+[A-Z][a-z]+\d+$/)
  expect(body.password.replaceAll('-', '').length * 5).toBeGreaterThanOrEqual(80)
  const me = await call('/api/users/me', { basic: `${body.username}:${body.password}` })
  expect(me.status).toBe(200)
  expect(me.body.email).toBe('')
})

test('gives the name to one of two who ask for it at once', async () => {
  const { call } = startService()
  const answers = await Promise.all(
    ['kicksent', 'KICKSENT'].map((username) => call('/api/users', { body: { username, password: 'python' } })),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  expect(answers.find(({ status }) => status === 409)?.body.code).toBe('username_taken')
})

test('gives the first answer again for the same Idempotency-Key, made-up password included', async () => {
  const { call } = startService()
  const again = () =>
    call('/api/users', { body: {}, headers: { 'Idempotency-Key': 'k'.repeat(MIN_ANONYMOUS_KEY_LENGTH) } })
  const answers = await Promise.all(Array.from({ length: 5 }, again))
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  expect(answers.filter(({ headers }) => headers.get('Idempotency-Replayed') === 'true')).toHaveLength(4)
  expect((await call('/api/users')).body.users).toHaveLength(1)
  const other = await call('/api/users', {
    body: { username: 'other' },
    headers: { 'Idempotency-Key': 'k'.repeat(MIN_ANONYMOUS_KEY_LENGTH) },
  })
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
})
