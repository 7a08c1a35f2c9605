/** /console, as an operator without script uses it. */
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { readUpload } from '../../src/web/upload.ts'
import { openBrowser } from '../support/browser.ts'
import { insertKey, startService } from '../support/service.ts'

async function opened(outside: Parameters<typeof startService>[0] = {}) {
  const service = startService(outside)
  const browser = openBrowser(service)
  const key = await insertKey(['admin'])
  const answer = await browser.send('/console/login', '/console/login', { key })
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/console'])
  return { service, browser, key, answer }
}

const PAGES = [
  '/console',
  '/console/users',
  '/console/users/kicksent',
  '/console/alerts',
  '/console/jobs',
  '/console/datasets',
]

test.each(PAGES)('%s sends who has no admin key to the log-in page', async (path) => {
  const service = startService()
  await service.user()
  const browser = openBrowser(service)
  browser.cookies.set('console', { value: 'edited.cookie', path: '/console' })
  expect((await browser.open(path)).headers.get('Location')).toBe('/console/login')
})

test('only a key with admin opens it, and its cookie is sealed, strict and for /console only', async () => {
  const { service, browser, key, answer } = await opened()
  const cookie = answer.headers.getSetCookie()[0] ?? ''
  for (const flag of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/console', 'Max-Age=28800'])
    expect(cookie).toContain(flag)
  expect(cookie).not.toContain(key)
  const other = openBrowser(service)
  const wide = await insertKey(['users:write', 'stats:write', 'credits:grant'])
  for (const wrong of [wide, 'sk_wrong', '']) {
    expect((await other.send('/console/login', '/console/login', { key: wrong })).status).toBe(401)
  }
  const page = await browser.open('/console')
  expect(page.headers.get('Cache-Control')).toBe('no-store')
  expect(page.text).not.toContain(key)
  service.clock.now += 8 * 3600_000 + 1
  expect((await browser.open('/console')).status).toBe(303)
})

test('a revoked key is out at once', async () => {
  const { browser } = await opened()
  await env.DB.prepare('DELETE FROM api_keys').run()
  expect((await browser.open('/console')).status).toBe(303)
})

test('forms of another origin or without their token change nothing', async () => {
  const { service, browser } = await opened()
  const form = browser.tokenOn(await browser.open('/console'))
  expect((await browser.post('/console/stop', { form }, { Origin: 'https://evil.test' })).status).toBe(403)
  expect((await browser.post('/console/stop', {})).status).toBe(403)
  expect((await service.call('/health')).body.service).toBe('running')
})

test('a call that a customer complains about is found and given back, once, and noted in the log', async () => {
  const { service, browser } = await opened()
  await service.user()
  await service.call('/api/credits/spend', { basic: 'kicksent:python', body: { amount: 7, reason: '<b>bad</b> call' } })
  const found = await browser.open('/console/users?q=KICK')
  expect(found.text).toContain('href="/console/users/kicksent"')
  const page = await browser.open('/console/users/kicksent')
  expect(page.text).toContain('&lt;b&gt;bad')
  const id = /name="id" value="(txn_[^"]+)"/.exec(page.text)?.[1] ?? ''
  const path = '/console/users/kicksent'
  expect((await browser.send(path, `${path}/refund`, { id })).text).toContain(
    '7 credits are given back; there are 100 now.',
  )
  expect((await browser.send(path, `${path}/refund`, { id })).status).toBe(409)
  expect((await browser.send(path, `${path}/refund`, { id: id.replace(/txn_\d+/, 'txn_999') })).status).toBe(404)
  expect(service.logged.filter(({ message }) => message === 'console')[0]).toMatchObject({
    key: expect.stringMatching(/^key_/),
    route: '/console/users/:username/refund',
    status: 200,
  })
})

test('credits are granted and plans changed; what is wrong is said', async () => {
  const { service, browser } = await opened()
  await service.user()
  const path = '/console/users/kicksent'
  expect((await browser.send(path, `${path}/grant`, { amount: '50', reason: 'sorry' })).text).toContain(
    'there are 150 now',
  )
  expect((await browser.send(path, `${path}/grant`, { amount: '0', reason: '' })).status).toBe(400)
  const saved = await browser.send(path, `${path}/plan`, {
    allowance: '500',
    anchorDay: '15',
    timeZone: 'Europe/Berlin',
    lowAt: '9',
  })
  expect(saved.text).toContain('The plan is saved')
  const wrong = await browser.send(path, `${path}/plan`, { allowance: '5', timeZone: 'Mars/Base' })
  expect(wrong.status).toBe(400)
  expect((await service.call('/api/credits', { basic: 'kicksent:python' })).body).toMatchObject({
    balance: 550,
    lowAt: 9,
  })
})

test('a user is disabled, enabled, and given a way in', async () => {
  const { service, browser } = await opened()
  await service.user()
  const path = '/console/users/kicksent'
  await browser.send(path, `${path}/disable`, {})
  expect((await service.call('/api/users/me', { basic: 'kicksent:python' })).status).toBe(403)
  await browser.send(path, `${path}/enable`, {})
  const reset = await browser.send(path, `${path}/reset`, {})
  const token = /<pre id="reset">(rst_[^<]+)</.exec(reset.text)?.[1] ?? ''
  const player = openBrowser(service)
  const set = await player.send('/account/forgotten', '/account/forgotten', { token, newPassword: 'new-python' })
  expect(set.headers.get('Location')).toBe('/account/login?done=password')
  expect((await service.call('/api/users/me', { basic: 'kicksent:new-python' })).status).toBe(200)
})

test('the service is stopped and started again from a console that stays open', async () => {
  const { service, browser } = await opened()
  expect((await browser.send('/console', '/console/stop', {})).text).toContain('Stopped')
  expect((await service.call('/')).status).toBe(503)
  expect((await browser.open('/console')).status).toBe(200)
  expect((await browser.send('/console', '/console/start', {})).text).toContain('Running')
  expect((await service.call('/')).status).toBe(200)
})

test('alerts: an endpoint is added, tested, sent to again and removed', async () => {
  const { browser } = await opened({ fetch: async () => new Response(null, { status: 204 }) })
  const fields = { url: 'https://example.com/hook', events: 'service.stopped credits.low' }
  const added = await browser.send('/console/alerts', '/console/alerts', fields)
  expect(added.text).toContain('whsec_')
  const page = await browser.open('/console/alerts')
  expect(page.text).not.toContain('whsec_')
  const id = /name="id" value="(whk_[^"]+)"/.exec(page.text)?.[1] ?? ''
  const tested = await browser.send('/console/alerts', '/console/alerts/test', { id })
  expect(tested.text).toContain('The test has arrived')
  const delivery = /name="id" value="(dlv_[^"]+)"/.exec(tested.text)?.[1] ?? ''
  expect((await browser.send('/console/alerts', '/console/alerts/replay', { id: delivery })).text).toContain(
    'sent again',
  )
  expect((await browser.send('/console/alerts', '/console/alerts/remove', { id })).text).toContain(
    'Alerts go nowhere yet',
  )
  const wrong = await browser.send('/console/alerts', '/console/alerts', {
    url: 'http://10.0.0.1/',
    events: 'credits.low',
  })
  expect(wrong.status).toBe(400)
  expect(wrong.text).toContain('value="http://10.0.0.1/"')
})

test('jobs: one is added, run, paused and removed; the system ones stay', async () => {
  const { service, browser } = await opened()
  await service.user()
  const job = {
    id: 'daily-gift',
    action: 'credits.grant',
    schedule: 'every 1d',
    payload: JSON.stringify({ amount: 5, reason: 'gift', usernames: ['kicksent'] }),
  }
  const send = (action: string, fields: Record<string, string>) => browser.send('/console/jobs', action, fields)
  expect((await send('/console/jobs', job)).status).toBe(200)
  expect((await send('/console/jobs/run', { id: 'daily-gift' })).text).toContain('daily-gift: done')
  expect((await service.call('/api/credits', { basic: 'kicksent:python' })).body.balance).toBe(105)
  expect((await send('/console/jobs', { ...job, enabled: 'no' })).text).toContain('paused')
  expect((await send('/console/jobs/remove', { id: 'daily-gift' })).text).not.toContain('<h2>daily-gift')
  expect((await send('/console/jobs/remove', { id: 'month' })).status).toBe(403)
  const wrong = await send('/console/jobs', { ...job, schedule: 'soon' })
  expect([wrong.status, wrong.text.includes('value="soon"')]).toEqual([400, true])
})

test('datasets: an entry is put, a file fills one, and a wrong file says where', async () => {
  const { service, browser } = await opened()
  const put = await browser.send('/console/datasets', '/console/datasets', { dataset: 'd', key: 'k', data: '{"a":1}' })
  expect(put.text).toContain('k is new in d.')
  expect(
    (await browser.send('/console/datasets', '/console/datasets', { dataset: 'd', key: 'k', data: '{a' })).status,
  ).toBe(400)

  const upload = async (file: string) => {
    const form = new FormData()
    form.set('form', browser.tokenOn(await browser.open('/console/datasets')))
    form.set('dataset', 'banks')
    form.set('file', new File([file], 'banks.csv'))
    const request = new Request('https://statkeep.test', { method: 'POST', body: form })
    return browser.upload(
      '/console/datasets/upload',
      new Uint8Array(await request.arrayBuffer()),
      request.headers.get('Content-Type') ?? '',
    )
  }
  const rows = Array.from({ length: 3000 }, (_, i) => `B${i},"Bank, the ${i}th"`)
  expect((await upload(['bic,name', ...rows].join('\r\n'))).text).toContain('3000 entries are in banks.')
  await service.user()
  const bought = await service.call('/api/v1.0/banks/B2999', { basic: 'kicksent:python' })
  expect(bought.body.data).toEqual({ bic: 'B2999', name: 'Bank, the 2999th' })
  expect((await upload('bic,name\nA')).status).toBe(400)
  expect((await upload('x'.repeat(4096 * 1024))).status).toBe(413)
  const large = { dataset: 'd', key: 'k', data: JSON.stringify('x'.repeat(65_536)) }
  expect((await browser.send('/console/datasets', '/console/datasets', large)).status).toBe(413)
})

test.each([
  ['a,b\n1,"x ""y"""\n', [{ key: '1', data: { a: '1', b: 'x "y"' } }]],
  ['\u{feff}[{"id": 7, "n": 1}]', [{ key: '7', data: { id: 7, n: 1 } }]],
  ['{"k": [1]}', [{ key: 'k', data: [1] }]],
])('reads %j', (text, entries) => expect(readUpload(text, '')).toEqual(entries))

test.each(['', '{"a"', '[1]', 'a,b\n1', 'a\n"open'])('refuses %j', (text) => {
  expect(() => readUpload(text, '')).toThrow(/^file: /)
})
