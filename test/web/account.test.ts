/** /account, as somebody without script uses it. */
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { startService } from '../support/service.ts'

const SIGNUP = { username: 'kicksent', password: 'python', email: 'k@example.com' }

async function signedUp(vars: Record<string, string> = {}) {
  const service = startService({ vars })
  const browser = openBrowser(service)
  const answer = await browser.send('/account/signup', '/account/signup', SIGNUP)
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/account?done=welcome'])
  return { service, browser, answer }
}

test('sign up, first key, first call, and the chart shows it', async () => {
  const { service, browser } = await signedUp()
  await env.DB.prepare(
    "INSERT INTO dataset_entries (dataset, key, data, updated_at) VALUES ('banks_data', 'A B', '1', 0)",
  ).run()
  const welcome = await browser.open('/account?done=welcome')
  expect(welcome.text).toContain('Three steps')
  const made = await browser.post('/account/keys', {
    form: browser.tokenOn(welcome),
    name: 'My first key',
    scopes: 'metered:read credits:spend',
  })
  const command = /<pre id="command">([^<]+)</.exec(made.text)?.[1]?.replaceAll('&#39;', "'") ?? ''
  const [, key = '', url = ''] = /Bearer (\S+)' '(\S+)'/.exec(command) ?? []
  expect(key).toMatch(/^sk_/)
  expect((await service.call(new URL(url).pathname, { bearer: key })).status).toBe(200)
  const after = await browser.open('/account')
  expect(after.text).not.toContain('Three steps')
  expect(after.text).toContain('1 credits in the last 30 days')
  expect(after.text).toContain('banks_data.read')
  expect((await browser.open('/account/ledger')).text).toContain('banks_data.read')
  expect((await browser.open('/account/keys')).text).not.toContain(key)
})

test('without a dataset the command spends a credit', async () => {
  const { browser } = await signedUp()
  const made = await browser.send('/account', '/account/keys', { name: 'k', scopes: 'credits:spend' })
  expect(made.text).toContain('/api/credits/spend')
})

test('the cookie is HttpOnly, Secure, SameSite=Strict and for /account only, and no page of it is kept', async () => {
  const { browser, answer } = await signedUp()
  const cookie = answer.headers.getSetCookie()[0] ?? ''
  for (const flag of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/account']) expect(cookie).toContain(flag)
  const page = await browser.open('/account')
  expect(page.headers.get('Cache-Control')).toBe('no-store')
  expect(page.headers.get('Access-Control-Allow-Origin')).toBeNull()
  expect(page.text).not.toMatch(/rt_|eyJ/)
})

test('the cookie counts nowhere else', async () => {
  const { service, browser } = await signedUp()
  const cookie = `account=${browser.cookies.get('account')?.value}`
  expect((await service.call('/api/users/me', { headers: { Cookie: cookie } })).status).toBe(401)
})

test.each(['/account', '/account/ledger', '/account/keys', '/account/settings', '/account/export'])(
  '%s sends who is not logged in to the log-in page',
  async (path) => {
    const browser = openBrowser(startService())
    browser.cookies.set('account', { value: 'edited.cookie', path: '/account' })
    const { status, headers } = await browser.open(path)
    expect([status, headers.get('Location')]).toEqual([303, '/account/login'])
  },
)

test('a form of another origin, of no origin, or without its token is refused', async () => {
  const { browser } = await signedUp()
  const form = browser.tokenOn(await browser.open('/account/settings'))
  const fields = { form, confirm: 'kicksent', password: 'python' }
  for (const headers of [{ Origin: 'https://evil.test' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }, {}]) {
    expect((await browser.post('/account/delete', fields, headers as Record<string, string>)).status).toBe(403)
  }
  for (const wrong of ['', 'a.b.c', `${form}x`]) {
    expect((await browser.post('/account/delete', { ...fields, form: wrong })).status).toBe(403)
  }
  expect((await browser.open('/account')).status).toBe(200)
})

test('a form is sent once', async () => {
  const { browser } = await signedUp()
  const form = browser.tokenOn(await browser.open('/account/keys'))
  const fields = { form, name: 'one', scopes: 'metered:read' }
  expect((await browser.post('/account/keys', fields)).status).toBe(200)
  expect((await browser.post('/account/keys', fields)).status).toBe(409)
  const { n } = (await env.DB.prepare('SELECT COUNT(*) AS n FROM api_keys').first<{ n: number }>()) ?? { n: 0 }
  expect(n).toBe(1)
})

test('a form that is too old, or of somebody else, is refused', async () => {
  const { service, browser } = await signedUp()
  const form = browser.tokenOn(await browser.open('/account/keys'))
  const other = openBrowser(service)
  await other.send('/account/signup', '/account/signup', { ...SIGNUP, username: 'other', email: '' })
  expect((await other.post('/account/keys', { form, name: 'x', scopes: 'metered:read' })).status).toBe(403)
  service.clock.now += 3 * 3600_000
  expect((await browser.post('/account/keys', { form, name: 'x', scopes: 'metered:read' })).status).toBe(409)
})

test('a wrong form comes back with what was typed, but for the password', async () => {
  const service = startService()
  await service.user('taken')
  const browser = openBrowser(service)
  const send = (fields: object) => browser.send('/account/signup', '/account/signup', { ...SIGNUP, ...fields })
  const taken = await send({ username: 'taken' })
  expect(taken.status).toBe(409)
  expect(taken.text).toContain('value="taken"')
  expect(taken.text).toContain('value="k@example.com"')
  expect(taken.text).not.toContain('python')
  const short = await send({ password: 'abc' })
  expect(short.status).toBe(400)
  expect(short.text).toContain('has to be at least 6 characters')
  const escaped = await send({ username: '"><script>alert(1)</script>' })
  expect(escaped.status).toBe(400)
  expect(escaped.text).not.toContain('<script>alert')
})

test('logging in, with limits; logging out ends the session', async () => {
  const service = startService()
  await service.user()
  const browser = openBrowser(service)
  const logIn = (password: string) =>
    browser.send('/account/login', '/account/login', { username: 'Kicksent', password })
  expect((await logIn('wrong')).status).toBe(401)
  expect((await logIn('python')).headers.get('Location')).toBe('/account')
  const cookie = browser.cookies.get('account')
  await browser.send('/account', '/account/logout', {})
  expect(browser.cookies.size).toBe(0)
  if (cookie) browser.cookies.set('account', cookie)
  expect((await browser.open('/account')).status).toBe(303)

  const never = async () => false
  const unlimited = async () => true
  const limits = { loginPair: never, loginName: unlimited, loginAddress: unlimited, signupAddress: never }
  const limited = openBrowser(startService({ limits }))
  const refused = await limited.send('/account/login', '/account/login', { username: 'kicksent', password: 'x' })
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '60'])
  expect((await limited.send('/account/signup', '/account/signup', SIGNUP)).status).toBe(429)
})

test('a new password ends the other sessions and keeps this one', async () => {
  const { service, browser } = await signedUp()
  const other = openBrowser(service)
  await other.send('/account/login', '/account/login', SIGNUP)
  const saved = await browser.send('/account/settings', '/account/settings', {
    email: '',
    newPassword: 'new-python',
    currentPassword: 'python',
  })
  expect(saved.headers.get('Location')).toBe('/account/settings?done=saved')
  expect((await browser.open('/account')).status).toBe(200)
  expect((await other.open('/account')).status).toBe(303)
  expect((await service.call('/api/users/me', { basic: 'kicksent:new-python' })).body.email).toBe('')
})

test('a session can be ended from another one, and a key revoked', async () => {
  const { service, browser } = await signedUp()
  const other = openBrowser(service)
  await other.send('/account/login', '/account/login', SIGNUP)
  const id = /name="id" value="(ses_[^"]+)"/.exec((await browser.open('/account/settings')).text)?.[1] ?? ''
  await browser.send('/account/settings', '/account/sessions/end', { id })
  expect((await other.open('/account')).status).toBe(303)

  await browser.send('/account/keys', '/account/keys', { name: 'k', scopes: 'metered:read' })
  const key = /name="id" value="(key_[^"]+)"/.exec((await browser.open('/account/keys')).text)?.[1] ?? ''
  await browser.send('/account/keys', '/account/keys/revoke', { id: key })
  expect((await browser.open('/account/keys')).text).toContain('You have no key yet')
})

test('nobody makes a key with a wide scope here', async () => {
  const { browser } = await signedUp()
  const { status } = await browser.send('/account/keys', '/account/keys', { name: 'k', scopes: 'admin' })
  expect(status).toBe(403)
})

test('a copy of everything, and then deleting it by name and password', async () => {
  const { service, browser } = await signedUp()
  const copy = await browser.open('/account/export')
  expect(copy.headers.get('Content-Disposition')).toBe('attachment; filename="kicksent.json"')
  expect(copy.headers.get('Cache-Control')).toBe('no-store')
  expect(copy.body.account.username).toBe('kicksent')
  const send = (fields: Record<string, string>) => browser.send('/account/settings', '/account/delete', fields)
  expect((await send({ confirm: 'someone', password: 'python' })).status).toBe(400)
  expect((await send({ confirm: 'kicksent', password: 'wrong' })).status).toBe(401)
  const gone = await send({ confirm: 'kicksent', password: 'python' })
  expect(gone.text).toContain('Your account is deleted')
  expect((await service.call('/api/users/kicksent')).status).toBe(404)
  expect((await browser.open('/account')).status).toBe(303)
})

test('a disabled user is logged in no longer', async () => {
  const { browser } = await signedUp()
  await env.DB.prepare('UPDATE users SET disabled_at = 1').run()
  expect((await browser.open('/account')).status).toBe(303)
})

test('where the game makes the accounts, nobody else does', async () => {
  const browser = openBrowser(startService({ vars: { SIGNUP: 'key' } }))
  const page = await browser.open('/account/signup')
  expect(page.text).toContain('made by the game')
  const form = browser.tokenOn(await browser.open('/account/login'))
  expect((await browser.post('/account/signup', { ...SIGNUP, form })).status).toBe(403)
})
