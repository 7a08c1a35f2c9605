import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { MAX_PASSWORD_LENGTH } from '../../src/env.ts'
import { MIN_ANONYMOUS_KEY_LENGTH } from '../../src/idempotency/idempotent.ts'
import { accessToken } from '../support/access-token.ts'
import { insertRowsOf } from '../support/rows.ts'
import { insertKey, type Service, startService } from '../support/service.ts'

/** A user with a token, and the two ways in which they change their own account. */
async function signedIn({ vars = {}, ...outside }: Parameters<typeof startService>[0] = {}) {
  const service = startService({ vars, ...outside })
  const id = await service.user('kicksent', 'python')
  const bearer = await accessToken(id)
  return {
    ...service,
    id,
    bearer,
    change: (body: unknown, headers?: Record<string, string>) =>
      service.call('/api/users/me', { method: 'PATCH', bearer, body, ...(headers && { headers }) }),
    update: (body: object) =>
      service.call('/api/users/update', { body: { username: 'kicksent', password: 'python', ...body } }),
    canLogIn: (password: string) => logsIn(service, password),
  }
}

const logsIn = async ({ call }: Pick<Service, 'call'>, password: string, username = 'kicksent') =>
  (await call('/api/users/me', { basic: `${username}:${password}` })).status === 200

describe('PATCH /api/users/me', () => {
  test('changes the email, and removes it when it is empty', async () => {
    const { change, call, bearer, id } = await signedIn()
    const changed = await change({ currentPassword: 'python', email: 'a@example.com' })
    expect([changed.status, changed.body]).toEqual([200, { id, username: 'kicksent', email: 'a@example.com', keys: 0 }])
    const email = async () => (await call('/api/users/me', { bearer })).body.email
    expect(await email()).toBe('a@example.com')
    expect((await change({ currentPassword: 'python', revokeKeys: false })).body.email).toBe('a@example.com')
    expect((await change({ currentPassword: 'python', email: '' })).body.email).toBe('')
    expect(await email()).toBe('')
  })

  test('keeps an email for one user, whatever its case, and frees it when it is removed', async () => {
    const { change, call, user } = await signedIn()
    await user('other', 'python', { email: 'A@Example.com' })
    const taken = await change({ currentPassword: 'python', email: 'a@example.COM' })
    expect([taken.status, taken.body.code]).toEqual([409, 'email_taken'])
    const removal = { currentPassword: 'python', email: '' }
    await call('/api/users/me', { method: 'PATCH', basic: 'other:python', body: removal })
    expect((await change({ currentPassword: 'python', email: 'a@example.COM' })).status).toBe(200)
  })

  test('wants the current password, whatever the token says', async () => {
    const { change, call, bearer, canLogIn } = await signedIn()
    const wrong = await change({ currentPassword: 'wrong!', newPassword: 'python3', email: 'a@example.com' })
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials'])
    expect((await change({ newPassword: 'python3' })).body.errors).toEqual([
      { path: 'currentPassword', message: expect.any(String) },
    ])
    const body = { currentPassword: 'python', newPassword: 'python3' }
    expect((await call('/api/users/me', { method: 'PATCH', body })).status).toBe(401)
    expect((await call('/api/users/me', { method: 'PATCH', body, bearer: await insertKey(['admin'], 1) })).status).toBe(
      403,
    )
    expect((await call('/api/users/me', { bearer })).body.email).toBe('')
    expect(await canLogIn('python3')).toBe(false)
  })

  test('is a log-in that is limited', async () => {
    const none = async () => false
    const any = async () => true
    const limits = { loginPair: none, loginName: any, loginAddress: any, signupAddress: any }
    const { change, update, call, bearer } = await signedIn({ limits })
    const deletion = () => call('/api/users/me', { method: 'DELETE', bearer, body: { currentPassword: 'python' } })
    for (const attempt of [() => change({ currentPassword: 'python' }), () => update({}), deletion]) {
      const { status, headers, body } = await attempt()
      expect([status, body.code, headers.get('Retry-After')]).toEqual([429, 'rate_limited', '60'])
    }
  })

  test('tells how many keys are still active, and revokes them when asked to', async () => {
    const { change, call, id } = await signedIn()
    const key = await insertKey(['metered:read'], id)
    await insertKey(['credits:spend'], id)
    const foreign = await insertKey(['users:write'])
    await env.DB.prepare(
      "INSERT INTO api_keys SELECT 'old', user_id, name, 'h', 0, prefix, last_four, scopes, 1, 2, NULL FROM api_keys WHERE user_id = ? LIMIT 1",
    )
      .bind(id)
      .run()
    expect((await change({ currentPassword: 'python', email: 'a@example.com' })).body.keys).toBe(2)
    expect((await call('/api/users/me', { bearer: key })).status).toBe(403)
    expect((await change({ currentPassword: 'python', revokeKeys: true })).body.keys).toBe(0)
    expect((await call('/api/users/me', { bearer: key })).status).toBe(401)
    expect((await call('/api/users/me', { bearer: foreign })).status).toBe(403)
  })

  test('lets one of two changes of the password at once win', async () => {
    const { change, canLogIn } = await signedIn()
    const passwords = ['python3', 'python4']
    const answers = await Promise.all(
      passwords.map((newPassword) => change({ currentPassword: 'python', newPassword })),
    )
    const winner = answers.findIndex(({ status }) => status === 200)
    expect(winner).toBeGreaterThanOrEqual(0)
    expect([401, 409]).toContain(answers[1 - winner]?.status)
    expect(await canLogIn(passwords[winner] as string)).toBe(true)
    expect(await canLogIn(passwords[1 - winner] as string)).toBe(false)
  })
})

describe('a new password', () => {
  test('logs in from then on, in the place of the old one', async () => {
    const { change, canLogIn } = await signedIn()
    expect((await change({ currentPassword: 'python', newPassword: 'Ünïcödé 🐍' })).status).toBe(200)
    expect(await canLogIn('python')).toBe(false)
    expect(await canLogIn('Ünïcödé 🐍')).toBe(true)
  })

  test('ends every session and one-time token, and every access token: at once here, elsewhere within SHARED_STATE_MAX_AGE_SECONDS', async () => {
    const { change, call, bearer, id } = await signedIn()
    const other = await startService().user('other')
    await insertRowsOf(id, 'kicksent')
    await insertRowsOf(other, 'other')
    const elsewhere = startService()
    expect((await elsewhere.call('/api/users/me', { bearer })).status).toBe(200)

    await change({ currentPassword: 'python', newPassword: 'python3' })
    expect((await call('/api/users/me', { bearer })).body.code).toBe('unauthenticated')
    elsewhere.clock.now += 4_999
    expect((await elsewhere.call('/api/users/me', { bearer })).status).toBe(200)
    elsewhere.clock.now += 1
    expect((await elsewhere.call('/api/users/me', { bearer })).status).toBe(401)

    expect((await call('/api/users/me', { bearer: await accessToken(id, 2) })).status).toBe(200)
    for (const table of ['sessions', 'password_resets', 'api_keys']) {
      const { results } = await env.DB.prepare(`SELECT user_id FROM ${table}`).all()
      expect(
        results.map(({ user_id }) => user_id),
        table,
      ).toEqual(table === 'api_keys' ? [id, other] : [other])
    }
  })

  test('leaves the tokens of a mere change of email alone', async () => {
    const { change, call, bearer } = await signedIn()
    await change({ currentPassword: 'python', email: 'a@example.com' })
    expect((await call('/api/users/me', { bearer })).status).toBe(200)
  })

  /** code points after NFKC -> whether that is a password */
  const lengths: [string, string, boolean][] = [
    ['5 characters', 'abcde', false],
    ['6 characters', 'abcdef', true],
    ['5 characters of two UTF-16 units', '🐍🐍🐍🐍🐍', false],
    ['6 characters of two UTF-16 units', '🐍🐍🐍🐍🐍🐍', true],
    ['4 letters with combining marks, which NFKC joins', 'e\u0301e\u0301e\u0301e\u0301', false],
    ['6 letters with combining marks', 'e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301', true],
    ['2 ligatures, which NFKC takes apart into 6', 'ﬃﬃ', true],
    ['6 blanks', '      ', true],
    ['the longest', 'x'.repeat(MAX_PASSWORD_LENGTH), true],
    ['one more', 'x'.repeat(MAX_PASSWORD_LENGTH + 1), false],
    ['the longest of two UTF-16 units each', '🐍'.repeat(MAX_PASSWORD_LENGTH), true],
    ['one more of two UTF-16 units each', '🐍'.repeat(MAX_PASSWORD_LENGTH + 1), false],
    ['ligatures, which NFKC takes apart into too many', 'ﬃ'.repeat(Math.floor(MAX_PASSWORD_LENGTH / 3) + 1), false],
  ]
  test.each(lengths)('of %s is counted as Unicode counts', async (_, newPassword, valid) => {
    const { change, call, update } = await signedIn()
    const status = valid ? 200 : 400
    const created = await call('/api/users', { body: { username: 'other', password: newPassword } })
    expect(created.status).toBe(valid ? 201 : 400)
    const updated = await update({ new_password: newPassword })
    const changed = await change({ currentPassword: 'python', newPassword })
    expect([updated.status, changed.status]).toEqual(valid ? [200, 401] : [status, status])
    if (valid) return
    expect(created.body.errors[0].path).toBe('password')
    expect(updated.body.errors[0].path).toBe('new_password')
    expect(changed.body.errors[0].path).toBe('newPassword')
  })

  test('is as long as PASSWORD_MIN_LENGTH says', async () => {
    const { change, call } = await signedIn()
    const strict = startService({ vars: { PASSWORD_MIN_LENGTH: '12' } })
    const lax = startService({ vars: { PASSWORD_MIN_LENGTH: '1' } })
    const create = (service: Service, username: string, password: string) =>
      service.call('/api/users', { body: { username, password } })
    const short = await create(strict, 'a', 'x'.repeat(11))
    expect([short.status, short.body.errors]).toEqual([
      400,
      [{ path: 'password', message: 'has to be at least 12 characters' }],
    ])
    expect((await create(strict, 'b', 'x'.repeat(12))).status).toBe(201)
    expect((await create(lax, 'c', 'x')).status).toBe(201)
    expect((await change({ currentPassword: 'python', newPassword: '' })).status).toBe(200)
    expect(await logsIn({ call }, 'python')).toBe(true)
  })

  test.each([
    ['a full-width spelling', 'ｐｙｔｈｏｎ３', 'python3'],
    ['a letter and its mark', 'caf\u0065\u0301-noir', 'caf\u00e9-noir'],
    ['a ligature', 'ﬁnally', 'finally'],
  ])('set in %s logs in by every spelling that NFKC makes equal', async (_, one, other) => {
    const { change, canLogIn } = await signedIn()
    await change({ currentPassword: 'python', newPassword: one })
    expect(await canLogIn(one)).toBe(true)
    expect(await canLogIn(other)).toBe(true)
    expect(await canLogIn(other.toUpperCase())).toBe(false)
  })
})

describe("POST /api/users/update, the old app's form", () => {
  test('sets the new password from its own field, and the email', async () => {
    const { update, canLogIn, id } = await signedIn()
    const { status, body } = await update({ new_password: 'python3', email: 'email@address.com' })
    expect([status, body]).toEqual([200, { id, username: 'kicksent', email: 'email@address.com', keys: 0 }])
    expect(await canLogIn('python3')).toBe(true)
    expect(await canLogIn('python')).toBe(false)
  })

  test('changes nothing of what is empty or left out', async () => {
    const { update, canLogIn } = await signedIn()
    await update({ email: 'email@address.com' })
    expect((await update({ new_password: '', email: '' })).body.email).toBe('email@address.com')
    expect(await canLogIn('python')).toBe(true)
  })

  test('ends tokens with the new password', async () => {
    const { update, call, bearer } = await signedIn()
    await update({ new_password: 'python3' })
    expect((await call('/api/users/me', { bearer })).status).toBe(401)
  })

  test('answers a wrong password and an unknown user alike', async () => {
    const { update } = await signedIn()
    const answers = [
      await update({ password: 'wrong!', new_password: 'python3' }),
      await update({ username: 'nobody', new_password: 'python3' }),
      await update({ username: 'no name at all', new_password: 'python3' }),
    ]
    for (const { status, body } of answers)
      expect([status, { ...body, requestId: '' }]).toEqual([401, { ...answers[0]?.body, requestId: '' }])
  })

  test('refuses an email that is taken', async () => {
    const { update, user } = await signedIn()
    await user('other', 'python', { email: 'a@example.com' })
    expect((await update({ email: 'A@EXAMPLE.com' })).body.code).toBe('email_taken')
  })
})

describe('an Idempotency-Key', () => {
  const headers = { 'Idempotency-Key': 'a-key-that-nobody-guesses' }

  test('changes an email once', async () => {
    const { change, call, bearer } = await signedIn()
    const first = await change({ currentPassword: 'python', email: 'a@example.com' }, headers)
    await change({ currentPassword: 'python', email: 'b@example.com' })
    const again = await change({ currentPassword: 'python', email: 'a@example.com' }, headers)
    expect([again.status, again.text, again.headers.get('Idempotency-Replayed')]).toEqual([200, first.text, 'true'])
    expect((await call('/api/users/me', { bearer })).body.email).toBe('b@example.com')
    const other = await change({ currentPassword: 'python', email: 'c@example.com' }, headers)
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
  })

  test('updates in the old form once, and needs a long one there', async () => {
    const { call } = await signedIn()
    const body = { username: 'kicksent', password: 'python', email: 'a@example.com' }
    const first = await call('/api/users/update', { body, headers })
    const again = await call('/api/users/update', { body, headers })
    expect([again.text, again.headers.get('Idempotency-Replayed')]).toEqual([first.text, 'true'])
    const short = await call('/api/users/update', {
      body,
      headers: { 'Idempotency-Key': 'x'.repeat(MIN_ANONYMOUS_KEY_LENGTH - 1) },
    })
    expect([short.status, short.body.errors[0].path]).toEqual([400, 'Idempotency-Key'])
  })

  test('does not bring back a call that ended its own credentials', async () => {
    const { change, update, call, canLogIn } = await signedIn()
    const body = { currentPassword: 'python', newPassword: 'python3' }
    expect((await change(body, headers)).status).toBe(200)
    expect((await change(body, headers)).status).toBe(401)
    const old = { username: 'kicksent', password: 'python3', new_password: 'python4' }
    expect((await call('/api/users/update', { body: old, headers })).status).toBe(200)
    expect((await call('/api/users/update', { body: old, headers })).status).toBe(401)
    expect((await update({})).status).toBe(401)
    expect(await canLogIn('python4')).toBe(true)
    expect((await env.DB.prepare('SELECT * FROM idempotency_records').all()).results).toEqual([])
  })
})
