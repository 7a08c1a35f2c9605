import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test, vi } from 'vitest'
import { everyCall } from '../support/every-call.ts'
import { wholeDatabase } from '../support/rows.ts'
import { type Call, insertKey, type Service, startService } from '../support/service.ts'

vi.setConfig({ testTimeout: 60_000 }) // hundreds of calls

/** What no call may leave behind, whatever it was refused for. */
async function leavesNoTrace(service: Service, calls: [string, Call, number][]): Promise<void> {
  const before = await wholeDatabase()
  for (const [path, options, status] of calls) {
    const answer = await service.call(path, options)
    const shown =
      typeof options.body === 'string' ? options.body.slice(0, 60) : JSON.stringify(options.body)?.slice(0, 60)
    expect([path, shown, answer.status, answer.text.length < 10_000]).toEqual([path, shown, status, true])
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
  }
  expect(await wholeDatabase()).toEqual(before)
}

const creating = (body: unknown, more: Call = {}): [string, Call, number] => ['/api/users', { body, ...more }, 400]
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

test('refuses names that no user can have', async () => {
  const names = [
    ...['', 'x'.repeat(33), 'x'.repeat(10_000), '123456', '0', '-1', '1.5', '...', '.', '..', '_-_'],
    ...['me', 'update', 'lookup', 'ME', 'Update'],
    ...['a/b', '/', 'a b', ' a', 'a\n', 'a\u0000', 'a%2Fb', 'a:b', 'a@b', "a'--", '<b>', '$ne'],
    ...[
      'kіcksent',
      'ｋicksent',
      'kicksent\u200b',
      'kicksént',
      '\u202ekicksent',
      'K\u030a',
      '🎮',
      'ﬁ',
      '\ud800',
      'a\udfff',
    ],
  ]
  await leavesNoTrace(
    startService(),
    names.map((username) => creating({ username, password: 'python' })),
  )
})

test('refuses emails that are none, or too long', async () => {
  const emails = [
    `${'x'.repeat(119)}@y`,
    `${'x'.repeat(10_000)}@y`,
    ...['x', '@', 'x@', '@x', 'a@b@c', 'a b@c', 'a@b\n', 'a@b\u0000', '\ud800@x', 'a@\udc00', 'a@b\u007f', ' a@b'],
  ]
  await leavesNoTrace(
    startService(),
    emails.map((email) => creating({ username: 'kicksent', email })),
  )
  const { call } = startService()
  expect((await call('/api/users', { body: { email: `${'x'.repeat(118)}@y` } })).status).toBe(201)
})

test('refuses passwords that are too short or too long, counted in characters after NFKC', async () => {
  const passwords = ['x', '12345', 'ﬁﬁ', '🎮🎮🎮🎮🎮', 'x'.repeat(129), 'x'.repeat(10_000), 'ﬁ'.repeat(65)]
  await leavesNoTrace(
    startService(),
    passwords.map((password) => creating({ username: 'kicksent', password })),
  )
  const { call } = startService()
  for (const password of ['🎮'.repeat(6), 'ﬁﬁﬁ', 'x'.repeat(128), 'pass\u0000word', ' '.repeat(6)]) {
    const { body, status } = await call('/api/users', { body: { password } })
    expect([password, status]).toEqual([password, 201])
    expect((await call('/api/users/me', { basic: `${body.username}:${password}` })).status).toBe(200)
  }
})

test('refuses values of another kind than the field is of', async () => {
  const values = [1, -0, 2 ** 53, true, [], {}, ['kicksent'], { $gt: '' }]
  const fields = ['username', 'password', 'email']
  const wrong = fields.flatMap((field) => values.map((value) => creating({ [field]: value })))
  await leavesNoTrace(startService(), wrong)
})

test('refuses bodies that are no JSON object of known fields', async () => {
  const texts = [
    ...[
      '',
      ' ',
      'null',
      '[]',
      '"x"',
      '1',
      'true',
      '{',
      '{"username":"kick',
      '{"username":"kicksent"',
      "{'a':1}",
      '{a:1}',
    ],
    ...[
      '[{}]',
      '{}{}',
      '{"username":NaN}',
      '{"email":1e400}',
      '{"email":-1e400}',
      '{"password":Infinity}',
      '\ufeff',
      '// {}',
    ],
    ...['{"__proto__":{"username":"kicksent"}}', '{"constructor":{"prototype":{}}}', '{"toString":1}', '{"":1}'],
    ...['{"username":"kicksent","Username":"other"}', `{"${'x'.repeat(60_000)}":1}`],
    ...[deep(1000), deep(5000), `{"username":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, '['.repeat(60_000)],
  ]
  await leavesNoTrace(
    startService(),
    texts.map((text) => creating(text, { method: 'POST' })),
  )
})

test('refuses bodies that are no UTF-8', async () => {
  const bodies = [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80]].map((bytes) => {
    const [before, after] = ['{"username":"a', '"}'].map((text) => new TextEncoder().encode(text))
    return new Uint8Array([...(before as Uint8Array), ...bytes, ...(after as Uint8Array)])
  })
  await leavesNoTrace(
    startService(),
    bodies.map((body) => creating(body)),
  )
})

test('names an unknown field, cut short where it is long', async () => {
  const { call } = startService()
  const { body } = await call('/api/users', { body: { passwrod: 'x', ['y'.repeat(1000)]: 1 } })
  expect(body.errors).toEqual([
    { path: 'passwrod', message: 'is not a field of this call' },
    { path: 'y'.repeat(64), message: 'is not a field of this call' },
  ])
})

test('refuses what is not declared as JSON', async () => {
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonp',
    'json',
    '',
  ]
  await leavesNoTrace(
    startService(),
    types.map((type) => ['/api/users', { body: '{}', headers: { 'Content-Type': type } }, 415]),
  )
  const { call } = startService()
  for (const type of ['application/json', 'Application/JSON; charset=utf-8', 'application/vnd.game+json']) {
    const { status } = await call('/api/users', { body: '{}', headers: { 'Content-Type': type } })
    expect([type, status]).toEqual([type, 201])
  }
})

test('takes 64 KiB and no byte more, with and without Content-Length', async () => {
  const service = startService()
  const before = await wholeDatabase()
  const padded = (bytes: number) => `{"username":"kicksent"${' '.repeat(bytes - 23)}}`
  for (const bytes of [65_537, 300_000]) {
    expect((await service.call('/api/users', { body: padded(bytes) })).status).toBe(413)
    expect((await streamed(service, padded(bytes))).status).toBe(413)
  }
  expect(await wholeDatabase()).toEqual(before)
  expect((await service.call('/api/users', { body: padded(65_536) })).status).toBe(201)
  expect((await streamed(service, padded(65_536))).status).toBe(409)
})

test('takes 256 KiB where many things come at once', async () => {
  const service = startService()
  const bearer = await insertKey(['admin'])
  const large = [
    ['POST', '/api/stats/batch'],
    ['PUT', '/api/datasets/banks_data/X'],
  ] as const
  for (const [method, path] of large) {
    const status = async (bytes: number) =>
      (await service.call(path, { method, bearer, body: `{"x":"${'x'.repeat(bytes - 8)}"}` })).status
    expect([path, await status(262_144), await status(262_145)]).toEqual([path, 400, 413])
  }
})

test('finds nothing at paths that name nothing, and stays at home', async () => {
  const service = startService()
  await service.user()
  const paths = [
    ...['/api/users/.', '/api/users/..', '/api/users/%2e', '/api/users/%2e%2e', '/api/users/%2E%2E/no'],
    ...[
      '/api/users/%2F',
      '/api/users/a%2Fb',
      '/api/users/%00',
      '/api/users/kicksent%00',
      '/api/users/%',
      '/api/users/%zz',
    ],
    ...[
      '/api/users/%C0%AE',
      '/api/users/%FF',
      '/api/users/%ED%A0%80',
      '/api/users/k%D1%96cksent',
      '/api/users/%20kicksent',
    ],
    ...[
      '/api/users/0',
      '/api/users/-1',
      '/api/users/01',
      '/api/users/1.0',
      '/api/users/1e0',
      '/api/users/9007199254740992',
    ],
    ...[`/api/users/${'9'.repeat(400)}`, `/api/users/${'x'.repeat(33)}`, `/api/users/${'x'.repeat(10_000)}`],
    ...[
      '/api/users//',
      '//api/users',
      '/api//users',
      '/api/users/kicksent//stats',
      '/docs/..%2f..%2fwrangler.toml',
      '/docs/%00',
    ],
    ...["/api/users/'%20OR%201=1--", '/api/users/__proto__', '/problems/__proto__', '/problems/toString', '/%E0%A4%A'],
  ]
  const before = await wholeDatabase()
  for (const path of paths) {
    const { status, body } = await service.call(path)
    // Dots are resolved before the service sees them: then it is the list of users, and an own path.
    const home = ['/api/users/', '/api/users'].includes(new URL(path, 'https://statkeep.test').pathname)
    expect([path, status, body.code]).toEqual(home ? [path, 200, undefined] : [path, 404, 'not_found'])
  }
  expect(await wholeDatabase()).toEqual(before)
})

test('refuses queries that break a rule, and takes empty values as absent', async () => {
  const { call, user } = startService()
  await user()
  const wrong = ['0', '1001', '-1', '1.5', '1e2', '0x10', ' 1', 'NaN', 'Infinity', '9'.repeat(40), 'x', '1&limit=2']
  for (const limit of wrong) {
    const { status, body } = await call(`/api/users?limit=${limit}`)
    expect([limit, status, body.errors?.[0].path]).toEqual([limit, 400, 'limit'])
  }
  for (const prefix of ['%', '%25', 'a%00', 'x'.repeat(33), '%F0%9F%8E%AE']) {
    expect([prefix, (await call(`/api/users?prefix=${prefix}`)).status]).toEqual([prefix, 400])
  }
  for (const query of ['limit=', 'limit=&cursor=&prefix=', 'limit=1000', 'prefix=KICK']) {
    expect([query, (await call(`/api/users?${query}`)).body.users]).toEqual([query, ['kicksent']])
  }
})

test('takes a call without a required field without a body and without a content type', async () => {
  const service = startService()
  await service.user()
  const bearer = await insertKey(['admin'])
  const taken = [
    ['POST', '/stopServer'],
    ['POST', '/startServer'],
    ['PATCH', '/api/users/kicksent'],
    ['POST', '/api/users/kicksent/password-reset'],
  ] as const
  for (const [method, path] of taken) {
    for (const headers of [{}, { 'Content-Type': 'application/json' }] as Record<string, string>[]) {
      const { status } = await service.call(path, { method, bearer, headers })
      expect([path, status < 300]).toEqual([path, true])
    }
  }
  expect((await service.call('/api/users', { method: 'POST' })).status).toBe(400)
})

test('counts null as absent, as Newtonsoft writes what is not set', async () => {
  const service = startService()
  const { call, user } = service
  await user()
  const bearer = await insertKey(['admin'])
  const made = await call('/api/users', { body: { username: 'second', password: null, email: null } })
  expect([made.status, typeof made.body.password]).toEqual([201, 'string'])
  const changes = { meleeAtkXp: 5, magicAtkXp: null }
  const changed = await call('/api/users/kicksent/stats', { method: 'PATCH', bearer, body: { changes } })
  expect([changed.status, changed.body.changes.length]).toEqual([200, 1])
  const items = [{ username: 'kicksent', userId: null, stat: 'sizeXp', change: 1 }]
  const batch = await call('/api/stats/batch', { bearer, body: { changes: items, createMissing: null } })
  expect(batch.body.results).toMatchObject([{ ok: true, value: 1 }])
})

test('says that a required field which is null is missing, and leaves no gap in a list', async () => {
  const { call } = startService()
  const { body } = await call('/api/users/update', { body: { username: 'kicksent', password: null } })
  expect(body.errors).toEqual([{ path: 'password', message: 'is required' }])
  const { status, body: lookup } = await call('/api/users/lookup', { body: { usernames: ['kicksent', null] } })
  expect([status, lookup.errors]).toEqual([400, [{ path: 'usernames.1', message: 'has to be text' }]])
})

test('takes null for each field that the document says is optional', async () => {
  const { service, calls } = await everyCall()
  const { body: document } = await service.call('/openapi.json')
  let tried = 0
  for (const { operation, path, options } of calls) {
    const [method = '', pattern = ''] = operation.split(' ')
    const described = document.paths[pattern][method.toLowerCase()].requestBody
    const { properties = {}, required = [] } = described?.content['application/json'].schema ?? {}
    const optional = Object.keys(properties).filter((field) => !required.includes(field))
    if (optional.length === 0 || operation === 'POST /api/stats/batch') continue
    tried += 1
    const nulls = Object.fromEntries(optional.map((field) => [field, null]))
    const body = { ...nulls, ...(options.body as object) }
    const { status, text } = await service.call(path, { ...options, method, body })
    expect([operation, status < 300], text).toEqual([operation, true])
  }
  expect(tried).toBeGreaterThan(10)
})

test('keeps free JSON as it was sent, null and nesting included', async () => {
  const { call } = startService()
  const bearer = await insertKey(['admin'])
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  const path = '/api/datasets/ids/discord'
  for (const data of [
    'null',
    '{"id":null,"n":9007199254740991,"f":0.1}',
    '"\\ud83c\\udfae"',
    nested(63),
    '[-0.5,1e3]',
  ]) {
    const { status, body } = await call(path, { method: 'PUT', bearer, body: `{"data":${data}}` })
    expect([data, status < 300, body.data]).toEqual([data, true, JSON.parse(data)])
  }
})

test('refuses free JSON that would not come back as it was sent, and names the place', async () => {
  const { call } = startService()
  const bearer = await insertKey(['admin'])
  const deep = `${'['.repeat(64)}${']'.repeat(64)}`
  const wrong: [data: string, path: string][] = [
    ['{"id":175928847299117063}', 'data.id'],
    ['[1,{"a":[0,-9007199254740992]}]', 'data.1.a.1'],
    ['1e400', 'data'],
    ['{"x":{"__proto__":{"a":1}}}', 'data.x.__proto__'],
    ['{"\\u005f_proto__":1}', 'data.__proto__'],
    ['{"a":"\\ud800"}', 'data.a'],
    ['{"a":1,"b":2,"a":3}', 'data.a'],
    [deep, `data${'.0'.repeat(63)}`],
  ]
  for (const [data, path] of wrong) {
    const { status, body } = await call('/api/datasets/ids/discord', {
      method: 'PUT',
      bearer,
      body: `{"data":${data}}`,
    })
    expect([data, status, body.errors?.map((e: { path: string }) => e.path)]).toEqual([data, 400, [path]])
    const payload = `{"url":"https://example.com","body":${data}}`
    const job = `{"action":"webhook.post","schedule":"every 1h","payload":${payload}}`
    const answer = await call('/api/jobs/post', { method: 'PUT', bearer, body: job })
    // One level more stands around the payload, so the depth ends one level earlier.
    const inJob = path.replace('data', 'payload.body').replace(/(\.0){63}$/, '.0'.repeat(62))
    expect([data, answer.status, answer.body.errors?.[0].path]).toEqual([data, 400, inJob])
  }
  expect((await call('/api/datasets/ids/discord')).status).toBe(405)
})

test('counts an empty text as absent, as JsonUtility cannot leave a field out', async () => {
  const { call } = startService()
  const { status, body } = await call('/api/users', { body: { password: '', email: '' } })
  expect([status, typeof body.password]).toEqual([201, 'string'])
  expect((await call('/api/users', { body: { username: '', password: 'python' } })).status).toBe(400)
})

function streamed({ app }: Service, body: string) {
  const request = new Request('https://statkeep.test/api/users', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: new Blob([body]).stream(),
  })
  expect(request.headers.get('Content-Length')).toBeNull()
  return app.fetch(request, env, createExecutionContext())
}
