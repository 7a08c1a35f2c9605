import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { MIN_ANONYMOUS_KEY_LENGTH } from '../../src/idempotency/idempotent.ts'
import { SECOND } from '../../src/lib/time.ts'
import { SHARED_STATE_MAX_AGE_SECONDS } from '../../src/service/shared-state.ts'
import { accessToken } from '../support/access-token.ts'
import { allTables, insertRowsOf, isOfUsers, wholeDatabase } from '../support/rows.ts'
import { insertKey, startService } from '../support/service.ts'

/** An idempotency record of `caller`; `about` is 0 if it is about several users. */
const insertAnswer = (caller: string, about: number | null, outcome: unknown) =>
  env.DB.prepare(
    'INSERT INTO idempotency_records (caller, key_hash, fingerprint, outcome, about, expires_at) VALUES (?, ?, ?, ?, ?, 1)',
  )
    .bind(caller, crypto.randomUUID(), 'f', JSON.stringify(outcome), about)
    .run()

/** An alert that is about several users. */
const insertAlert = (payload: unknown) =>
  env.DB.batch([
    env.DB.prepare(
      `INSERT OR IGNORE INTO webhooks (id, url, format, events, secret, created_at) VALUES ('w', 'u', 'standard', '[]', 's', 1)`,
    ),
    env.DB.prepare(
      `INSERT INTO deliveries (webhook_id, event_id, event, once_key, payload, created_at) VALUES ('w', 'e', 'credits.reset', ?, ?, 1)`,
    ).bind(crypto.randomUUID(), JSON.stringify(payload)),
  ])

const outcomes = async () => {
  const { results } = await env.DB.prepare('SELECT outcome FROM idempotency_records ORDER BY key_hash').all<{
    outcome: string
  }>()
  return results.map(({ outcome }) => JSON.parse(outcome))
}
const payloads = async () => {
  const { results } = await env.DB.prepare('SELECT payload FROM deliveries ORDER BY id').all<{ payload: string }>()
  return results.map(({ payload }) => JSON.parse(payload))
}

const several = (...usernames: string[]) => ({
  type: 'credits.reset',
  data: { accounts: usernames.map((username) => ({ username })) },
})

test('leaves nothing of the person in any table, and all that is of others', async () => {
  const { call, user } = startService()
  const leaving = await user('Leaving', 'python', { email: 'leaving@example.com' })
  const staying = await user('staying')
  const tables = await insertRowsOf(leaving, 'leaving')
  await insertRowsOf(staying, 'staying')
  await insertAnswer(`user:${leaving}`, null, 'to leaving')
  await insertAnswer('key:key_1', leaving, 'about leaving')
  await insertAnswer(`user:${staying}`, 0, several('Leaving', 'staying', 'Leaving'))
  await insertAlert(several('staying', 'Leaving'))
  const before = await wholeDatabase()
  expect(tables.length).toBeGreaterThan(8)

  const answer = await call('/api/users/me', {
    method: 'DELETE',
    bearer: await accessToken(leaving),
    body: { currentPassword: 'python' },
  })
  expect([answer.status, answer.text]).toEqual([204, ''])

  const after = await wholeDatabase()
  delete after.webhooks // the operator's: made up here because a delivery needs one
  const counts = after.rank_buckets?.filter((row) => row.includes('of leaving')).map((row) => JSON.parse(row).players)
  expect(counts).toEqual([0])
  delete after.rank_buckets // counts by name of stat, which is made up here too
  for (const [table, rows] of Object.entries(after)) expect(rows.join(), table).not.toMatch(/leaving/i)
  for (const table of (await allTables()).filter(isOfUsers)) {
    const ids = after[table.name]?.map((row) => JSON.parse(row).user_id)
    expect(ids, table.name).not.toContain(leaving)
  }
  const ofStaying = (rows: string[] | undefined) => rows?.filter((row) => row.includes('of staying'))
  for (const table of tables.filter((name) => after[name])) {
    expect(ofStaying(after[table])?.length, table).toBeGreaterThan(0)
    expect(ofStaying(after[table]), table).toEqual(ofStaying(before[table]))
  }
  expect(await outcomes()).toEqual([several('', 'staying', '')])
  expect((await payloads()).at(-1)).toEqual(several('staying', ''))
  expect((await call('/api/users/Leaving')).status).toBe(404)
  expect((await call('/api/users/staying')).status).toBe(200)
})

test('leaves nothing of what a person did, or had done to them, by way of the API', async () => {
  const { call, user } = startService()
  const admin = await insertKey(['admin'])
  const id = await user('Leaving', 'python', { email: 'leaving@example.com' })
  await user('staying')
  let used = 0
  const headers = () => ({ 'Idempotency-Key': `${++used}`.padStart(MIN_ANONYMOUS_KEY_LENGTH, '0') })
  const post = async (path: string, body: object, by: object = { bearer: admin }) => {
    const answer = await call(path, { method: 'POST', body, headers: headers(), ...by })
    expect(answer.status, `${path} ${answer.text}`).toBeLessThan(300)
    return answer.body
  }
  await post('/api/webhooks', { url: 'https://alerts.example/hook', events: ['credits.low', 'credits.exhausted'] })
  const { token, refreshToken } = await post('/api/token', {}, { basic: 'LEAVING:python' })
  await post('/api/token/refresh', { refreshToken }, {})
  await post('/api/keys', { name: 'of leaving', scopes: ['credits:spend'] }, { bearer: token })
  await post('/api/keys', { name: 'for leaving', scopes: ['metered:read'], username: 'leaving' })
  await post('/api/users/leaving/password-reset', {})
  await post('/api/users/leaving/credits/grants', { amount: 5, reason: 'to leaving' })
  await post('/api/credits/spend', { amount: 100, reason: 'by leaving' }, { bearer: token })
  await post('/api/credits/spend', { amount: 5, reason: 'for leaving', username: 'LEAVING' })
  const changes = ['LEAVING', 'staying', 'leaving'].map((username) => ({ username, stat: 'healthXp', change: 7 }))
  await post('/api/stats/batch', { changes })
  await post('/api/users/update', { username: 'leaving', password: 'python', email: 'leaving@example.org' }, {})
  expect(JSON.stringify(await wholeDatabase()).match(/leaving/gi)?.length).toBeGreaterThan(15)

  const deleted = await call('/api/users/me', {
    method: 'DELETE',
    basic: 'leaving:python',
    body: { currentPassword: 'python' },
  })
  expect(deleted.status).toBe(204)
  const after = await wholeDatabase()
  for (const [table, rows] of Object.entries(after)) expect(rows.join(), table).not.toMatch(/leaving/i)
  for (const { name } of (await allTables()).filter(isOfUsers))
    expect(
      after[name]?.map((row) => JSON.parse(row).user_id),
      name,
    ).not.toContain(id)
  expect(after.idempotency_records?.map((row) => JSON.parse(row).about)).not.toContain(id)
  expect((await call('/api/users/staying')).body.stats.healthXp).toBe(7)
})

test('leaves no former name either', async () => {
  const { call, user } = startService()
  const admin = await insertKey(['admin'])
  await user('before')
  await user('other')
  await insertAnswer('key:key_1', 0, several('before', 'other'))
  await insertAlert(several('before', 'other'))
  await call('/api/users/before', { method: 'PATCH', bearer: admin, body: { username: 'after' } })
  expect([...(await outcomes()), ...(await payloads())]).toEqual([several('after', 'other'), several('after', 'other')])
  await call('/api/users/after', { method: 'DELETE', bearer: admin })
  expect([...(await outcomes()), ...(await payloads())]).toEqual([several('', 'other'), several('', 'other')])
})

const daily = (usernames: string[]) => ({
  action: 'credits.grant',
  schedule: 'every 1d',
  payload: { amount: 1, reason: 'gift', usernames },
})

test('takes the name out of the payloads of jobs, whatever its case, and switches off a job for nobody', async () => {
  const { call, user } = startService()
  const bearer = await insertKey(['admin'])
  for (const name of ['Leaving', 'staying', 'third']) await user(name)
  const put = async (id: string, body: object) =>
    expect((await call(`/api/jobs/${id}`, { method: 'PUT', bearer, body })).status).toBe(201)
  const show = async (id: string) => (await call(`/api/jobs/${id}`, { bearer })).body
  await put('several', daily(['staying', 'LEAVING', 'third', 'leaving']))
  await put('alone', daily(['leaving', 'Leaving']))
  await put('others', daily(['staying', 'leaving2']))
  await put('all', { action: 'credits.grant', schedule: 'every 1d', payload: { amount: 1, reason: 'for leaving' } })
  await put('beat', {
    action: 'webhook.post',
    schedule: 'every 1d',
    payload: { url: 'https://beat.example', body: { username: 'Leaving', staying: true } },
  })
  const before = { others: await show('others'), all: await show('all') }

  await call('/api/users/leaving', { method: 'PATCH', bearer, body: { username: 'Gone' } })
  expect((await show('several')).payload.usernames).toEqual(['staying', 'Gone', 'third', 'Gone'])
  expect((await show('alone')).payload.usernames).toEqual(['Gone', 'Gone'])
  expect((await show('beat')).payload.body).toEqual({ username: 'Gone', staying: true })

  expect((await call('/api/users/gone', { method: 'DELETE', bearer })).status).toBe(204)
  expect(await show('several')).toMatchObject({ enabled: true, payload: { usernames: ['staying', 'third'] } })
  expect(await show('alone')).toMatchObject({ enabled: false, nextRunAt: '', payload: { usernames: [] } })
  expect((await show('beat')).payload.body).toEqual({ username: '', staying: true })
  expect({ others: await show('others'), all: await show('all') }).toEqual(before)
})

test.each(['username', 'data', 'credits.reset', 'type', 'staying.longer', 'STAYING-too'])(
  'leaves alone what others were told when a user called %s goes',
  async (username) => {
    const { call, user } = startService()
    await user(username)
    await insertAnswer('key:key_1', 0, several('staying'))
    await insertAlert(several('staying'))
    const deleted = await call(`/api/users/${username}`, { method: 'DELETE', bearer: await insertKey(['admin']) })
    expect(deleted.status).toBe(204)
    expect([...(await outcomes()), ...(await payloads())]).toEqual([several('staying'), several('staying')])
  },
)

test('never gives an id a second time', async () => {
  const { call, user } = startService()
  const admin = await insertKey(['admin'])
  const first = await user('kicksent')
  await call('/api/users/kicksent', { method: 'DELETE', bearer: admin })
  const second = await user('kicksent')
  expect(second).toBeGreaterThan(first)
  expect((await call(`/api/users/${first}`)).status).toBe(404)
})

test('ends the tokens of a deleted user: at once here, within SHARED_STATE_MAX_AGE_SECONDS in another isolate', async () => {
  const here = startService()
  const elsewhere = startService()
  const id = await here.user()
  const bearer = await accessToken(id)
  expect((await elsewhere.call('/api/users/me', { bearer })).status).toBe(200)

  await here.call('/api/users/me', { method: 'DELETE', bearer, body: { currentPassword: 'python' } })
  expect((await here.call('/api/users/me', { bearer })).status).toBe(401)
  expect((await elsewhere.call('/api/users/me', { bearer })).status).toBe(404)
  elsewhere.clock.now += SHARED_STATE_MAX_AGE_SECONDS * SECOND
  expect((await elsewhere.call('/api/users/me', { bearer })).status).toBe(401)
})

test('wants the password', async () => {
  const { call, user } = startService()
  const bearer = await accessToken(await user())
  const deletion = (body: unknown) => call('/api/users/me', { method: 'DELETE', bearer, body })
  expect((await deletion({ currentPassword: 'wrong' })).body.code).toBe('invalid_credentials')
  expect((await deletion({ currentPassword: '' })).status).toBe(400)
  expect((await deletion(undefined)).status).toBe(400)
  expect((await call('/api/users/me', { method: 'DELETE', body: { currentPassword: 'python' } })).status).toBe(401)
  expect((await call('/api/users/kicksent')).status).toBe(200)
})

test('lets nobody but an admin delete somebody else', async () => {
  const { call, user } = startService()
  const bearer = await accessToken(await user())
  await user('other')
  const deletion = (username: string, by: string) => call(`/api/users/${username}`, { method: 'DELETE', bearer: by })
  expect((await deletion('other', bearer)).body).toMatchObject({ status: 403, requiredScope: 'admin' })
  expect((await deletion('other', await insertKey(['users:write']))).status).toBe(403)
  expect((await call('/api/users/other', { method: 'DELETE' })).status).toBe(401)
  const admin = await insertKey(['admin'])
  expect((await deletion('other', admin)).status).toBe(204)
  expect((await deletion('other', admin)).status).toBe(404)
})
