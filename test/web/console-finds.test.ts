/** What an operator looks through on /console: users, entries of a dataset, deliveries, and files for a spreadsheet. */
import { expect, test } from 'vitest'
import { asCsv } from '../../src/web/csv.ts'
import { openBrowser } from '../support/browser.ts'
import { insertKey, startService } from '../support/service.ts'

async function opened(outside: Parameters<typeof startService>[0] = {}) {
  const service = startService(outside)
  const browser = openBrowser(service)
  await browser.send('/console/login', '/console/login', { key: await insertKey(['admin']) })
  return { service, browser }
}

const spend = (amount: number, basic = 'kicksent:python') => ({ basic, body: { amount, reason: '=SUM(A1), "so"' } })

test('users: who spends most comes first, and a number or an email finds its owner', async () => {
  const { service, browser } = await opened()
  const id = await service.user()
  const brave = { username: 'BraveOtter', password: 'python', email: 'Brave@Example.com' }
  await service.call('/api/users', { body: brave })
  await service.user('CalmHeron')
  await service.call('/api/credits/spend', spend(5))
  await service.call('/api/credits/spend', spend(9, 'BraveOtter:python'))
  const { text } = await browser.open('/console/users')
  const rows = [...text.matchAll(/users\/(\w+)">.*?<td class="number">(\d+)</gs)].map(([, name, spent]) => [
    name,
    spent,
  ])
  expect(rows).toEqual([
    ['BraveOtter', '9'],
    ['kicksent', '5'],
  ])
  expect((await browser.open('/console/users?q=calm')).text).toMatch(/CalmHeron<\/a>.*?>0</s)
  expect((await browser.open(`/console/users?q=${id}`)).headers.get('Location')).toBe('/console/users/kicksent')
  const byEmail = await browser.open('/console/users?q=brave%40example.com')
  expect(byEmail.headers.get('Location')).toBe('/console/users/BraveOtter')
  expect((await browser.open('/console/users?q=nobody%40example.com')).text).toContain('Nobody has a name like that')
})

test('a form that was wrong keeps what was typed', async () => {
  const { service, browser } = await opened()
  await service.user()
  const path = '/console/users/kicksent'
  const grant = await browser.send(path, `${path}/grant`, { amount: '-3', reason: 'an apology' })
  expect([grant.status, grant.text.includes('value="an apology"')]).toEqual([400, true])
  const plan = await browser.send(path, `${path}/plan`, { allowance: '7', timeZone: 'Mars/Base' })
  expect(plan.text).toContain('value="Mars/Base"')
})

test('a ledger is a file that no spreadsheet runs, for the operator and for its owner', async () => {
  const { service, browser } = await opened()
  await service.user()
  await service.call('/api/credits/spend', spend(5))
  const { text, headers } = await browser.open('/console/users/kicksent/ledger.csv')
  expect(headers.get('Content-Type')).toBe('text/csv; charset=UTF-8')
  expect(headers.get('Cache-Control')).toBe('no-store')
  expect(text.split('\r\n')[0]).toBe('time,id,kind,operation,reason,credits,left')
  expect(text.split('\r\n')[1]).toMatch(/^2\d{3}-.*Z,txn_.*,spend,spend,"'=SUM\(A1\), ""so""",-5,95$/)

  const owner = openBrowser(service)
  await owner.send('/account/login', '/account/login', { username: 'kicksent', password: 'python' })
  expect((await owner.open('/account/ledger.csv')).text).toBe(text)
  expect((await openBrowser(service).open('/account/ledger.csv')).status).toBe(303)
})

test('a cell that a spreadsheet would run gets a quote before it; a number is one', () => {
  expect(asCsv([['@a', '+1', '-1', 'a\nb', -1]])).toBe("'@a,'+1,'-1,\"a\nb\",-1\r\n")
})

test('datasets: entries are looked through, replaced and removed', async () => {
  const { browser } = await opened()
  const put = (key: string, data: string) =>
    browser.send('/console/datasets', '/console/datasets', { dataset: 'banks', key, data })
  for (const key of ['A', 'B', '<b>C']) await put(key, '{"n":1}')
  const page = await browser.open('/console/datasets/banks')
  expect(page.text).toContain('{&quot;n&quot;:1}')
  expect(page.text).toContain('&lt;b&gt;C')
  expect((await browser.open('/console/datasets/banks?from=B')).text).not.toContain('<th scope="row">A<')
  const path = '/console/datasets/banks'
  const removed = await browser.send(path, `${path}/remove`, { key: 'A' })
  expect(removed.text).toContain('A is removed.')
  expect(removed.text).not.toContain('<th scope="row">A<')
  expect((await browser.send(path, `${path}/remove`, { key: 'A' })).status).toBe(404)
  expect((await browser.open('/console/datasets/nothing')).status).toBe(404)
  const rounded = await put('D', '{"id": 9007199254740993}')
  expect([rounded.status, rounded.text.includes('9007199254740993')]).toEqual([400, true])
})

test('alerts: an endpoint is disabled and enabled again, and what was given up is shown alone', async () => {
  const { browser } = await opened({ fetch: async () => new Response(null, { status: 500 }) })
  const send = (action: string, fields: Record<string, string>) => browser.send('/console/alerts', action, fields)
  const { text } = await send('/console/alerts', { url: 'https://example.com/hook', events: 'credits.low' })
  const id = /name="id" value="(whk_[^"]+)"/.exec(text)?.[1] ?? ''
  expect((await send('/console/alerts/test', { id })).text).toContain('did not arrive')
  expect((await browser.open('/console/alerts?status=dead')).text).toContain('webhook.test')
  expect((await browser.open('/console/alerts?status=delivered')).text).not.toContain('webhook.test')
  expect((await send('/console/alerts/switch', { id, enabled: 'no' })).text).toContain('· disabled')
  expect((await send('/console/alerts/test', { id })).status).toBe(409)
  expect((await send('/console/alerts/switch', { id, enabled: 'yes' })).text).not.toContain('· disabled')
})

test('jobs: the form has the settings of the job that is to be changed', async () => {
  const { browser } = await opened()
  const job = { id: 'gift', action: 'credits.grant', schedule: 'every 1d', payload: '{"amount":5,"reason":"gift"}' }
  expect((await browser.send('/console/jobs', '/console/jobs', job)).text).toContain('gift is added.')
  const page = await browser.open('/console/jobs?change=gift')
  expect(page.text).toContain('Change gift')
  expect(page.text).toContain('value="every 1d"')
  expect((await browser.send('/console/jobs', '/console/jobs', job)).text).toContain('gift is changed.')
})
