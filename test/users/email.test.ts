import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { foldEmail } from '../../src/users/fold-email.ts'
import { MAX_EMAIL_LENGTH } from '../../src/users/users.schema.ts'
import { fireCron } from '../support/cron.ts'
import { insertKey, startService } from '../support/service.ts'

const create = ({ call }: ReturnType<typeof startService>, username: string, email: unknown) =>
  call('/api/users', { body: { username, password: 'python', email } })

/** The same address in two spellings. */
const same = [
  ['a@example.com', 'A@EXAMPLE.COM'],
  ['josé@exämple.de', 'JOSÉ@EXÄMPLE.DE'],
  ['jose\u0301@example.com', 'jos\u00e9@example.com'],
  ['straße@example.com', 'STRASSE@example.com'],
  ['ΟΔΟΣ@example.com', 'οδος@example.com'],
  ['ﬁ@example.com', 'FI@example.com'],
  ['Ａ@example.com', 'a@example.com'],
  ['ДИМА@почта.рф', 'дима@почта.рф'],
]

test.each(same)('%s and %s are one email, at sign-up and at each change', async (one, other) => {
  const service = startService()
  const { call } = service
  expect((await create(service, 'first', one)).status).toBe(201)
  const refused = await create(service, 'second', other)
  expect([refused.status, refused.body.code]).toEqual([409, 'email_taken'])
  expect((await create(service, 'second', undefined)).status).toBe(201)
  const changes = [
    call('/api/users/me', {
      method: 'PATCH',
      basic: 'second:python',
      body: { currentPassword: 'python', email: other },
    }),
    call('/api/users/update', { body: { username: 'second', password: 'python', email: other } }),
    call('/api/users/second', { method: 'PATCH', bearer: await insertKey(['admin']), body: { email: other } }),
  ]
  for (const change of changes) expect((await change).body.code).toBe('email_taken')
  // One's own, in another spelling, is no collision; and what is removed is free again.
  const own = (email: string) =>
    call('/api/users/me', { method: 'PATCH', basic: 'first:python', body: { currentPassword: 'python', email } })
  expect((await own(other)).body.email).toBe(other)
  expect((await own('')).body.email).toBe('')
  expect((await create(service, 'third', one)).status).toBe(201)
})

test.each([
  ['a@example.com', 'b@example.com'],
  ['ı@example.com', 'i@example.com'],
  ['jose@example.com', 'josé@example.com'],
])('%s and %s are two', async (one, other) => {
  const service = startService()
  expect((await create(service, 'first', one)).status).toBe(201)
  expect((await create(service, 'second', other)).status).toBe(201)
})

const invisible = [
  '\u200b',
  '\u200d',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\u202e',
  '\u0000',
  '\u001f',
  '\u0085',
  '\u3164',
  '\u115f',
  '\u{e0041}',
]
const bad = [
  ' a@b.c',
  'a@b.c ',
  '\ta@b.c',
  'a@b.c\n',
  '\u00a0a@b.c',
  'a@b.c\u3000',
  'a b@c.d',
  ...invisible.map((c) => `a${c}@b.c`),
]

test.each(bad.map((email) => [JSON.stringify(email), email]))('the email %s is refused', async (_, email) => {
  const service = startService()
  const { status, body } = await create(service, 'kicksent', email)
  expect([status, body.errors?.[0].path]).toEqual([400, 'email'])
})

test('an email has at most MAX_EMAIL_LENGTH characters, however many bytes they take', async () => {
  const service = startService()
  for (const [i, character] of ['x', 'é', '😀'].entries()) {
    const longest = `${character.repeat(MAX_EMAIL_LENGTH - 4)}@b.c`
    expect((await create(service, `user${i}`, longest)).status).toBe(201)
    expect((await create(service, `more${i}`, character + longest)).status).toBe(400)
  }
})

test('the key of an email is stable, and the same for both spellings', () => {
  for (const [one, other] of same) {
    expect(foldEmail(one as string)).toBe(foldEmail(other as string))
    expect(foldEmail(foldEmail(one as string))).toBe(foldEmail(one as string))
  }
})

test('emails from before the migration get their keys by it or by the job, which tells of collisions', async () => {
  const service = startService()
  const { call, clock } = service
  const bearer = await insertKey(['admin'])
  const emails = ['Plain@Example.com', 'JOSÉ@example.com', 'josé@example.com', 'öl@example.com']
  await env.DB.batch([
    env.DB.prepare('ALTER TABLE users DROP COLUMN write_id'),
    env.DB.prepare('DROP INDEX users_by_email_key'),
    env.DB.prepare('DROP INDEX users_without_email_key'),
    env.DB.prepare('ALTER TABLE users DROP COLUMN email_key'),
    ...emails.map((email, i) =>
      env.DB.prepare('INSERT INTO users (username, email, created_at) VALUES (?, ?, 1)').bind(`old${i + 1}`, email),
    ),
  ])
  const migration = env.TEST_MIGRATIONS.find(({ name }) => name.includes('email_keys'))
  await env.DB.batch((migration?.queries ?? []).map((query) => env.DB.prepare(query)))
  const keys = async () => (await env.DB.prepare('SELECT email_key FROM users ORDER BY id').raw()).flat()
  expect(await keys()).toEqual(['plain@example.com', null, null, null])

  await fireCron({ now: () => new Date(clock.now) })
  expect(await keys()).toEqual(['plain@example.com', 'josé@example.com', 'josé@example.com\n3', 'öl@example.com'])
  const job = (await call('/api/jobs/emails', { bearer })).body
  expect(job.lastError).toContain('old3 (3)')
  expect(job.lastError).not.toContain('@')
  for (const email of emails) expect((await create(service, 'new', email.toUpperCase())).body.code).toBe('email_taken')

  clock.now += 60_000
  const again = (await call('/api/jobs/emails/run', { method: 'POST', bearer })).body
  expect([again.state, again.outcome]).toEqual(['done', ''])
})
