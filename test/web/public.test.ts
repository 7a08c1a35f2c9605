/** The pages that everybody sees: what they show, what they cost, and what they let nobody do. */
import { expect, test } from 'vitest'
import { insertKey, type Service, startService } from '../support/service.ts'

const HTML = { Accept: 'text/html' }

async function world(service: Service) {
  const key = await insertKey(['stats:write', 'users:write'])
  const changes = [
    ['BraveOtter', 'meleeAtkXp', 900],
    ['CalmHeron', 'meleeAtkXp', 400],
    ['kicksent', 'meleeAtkXp', 400],
    ['LuckyNewt', 'meleeAtkXp', 50],
    ['kicksent', 'speedXp', 5050],
  ].map(([username, stat, change]) => ({ username, stat, change }))
  await service.call('/api/stats/batch', { bearer: key, body: { changes, createMissing: true } })
  return key
}

const page = (service: Service, path: string, headers: Record<string, string> = {}) =>
  service.call(path, { headers: { ...HTML, ...headers } })

test('the home page of an empty world says what to do first', async () => {
  const { status, text } = await page(startService(), '/')
  expect(status).toBe(200)
  expect(text).toContain('An empty world')
  expect(text).toContain('npm run key')
})

test('every link of the home page leads somewhere', async () => {
  const service = startService()
  const { text } = await page(service, '/')
  const links = [...text.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, path]) => path as string)
  expect(links).toContain('/docs')
  for (const link of links) expect([link, (await page(service, link)).status < 400]).toEqual([link, true])
  expect((await service.call('/', { method: 'POST' })).status).toBe(405)
})

test('the home page shows the first three of each board, ties with one rank', async () => {
  const service = startService()
  await world(service)
  const { text } = await page(service, '/')
  const melee = text.slice(text.indexOf('/leaderboards/melee'), text.indexOf('/leaderboards/magic'))
  expect([...melee.matchAll(/href="\/players\/(\w+)"/g)].map(([, name]) => name)).toEqual([
    'BraveOtter',
    'CalmHeron',
    'kicksent',
  ])
  expect(melee.match(/place-2/g)).toHaveLength(2)
  expect(melee).toContain('4 players')
})

test("a player's page says level, rank and XP to the next level, whatever the case of the name", async () => {
  const service = startService()
  await world(service)
  const { status, text } = await page(service, '/players/KICKSENT')
  expect(status).toBe(200)
  expect(text).toContain('<h1 class="name">kicksent</h1>')
  expect(text).toContain('#2 · 200 XP to level 4')
  expect(text).toContain('#1 · 450 XP to level 11')
  expect(text).toContain('property="og:image" content="https://statkeep.test/players/kicksent/card.png"')
})

test('a leaderboard goes on in pages and finds a player', async () => {
  const service = startService()
  const key = await insertKey(['stats:write', 'users:write'])
  const changes = Array.from({ length: 30 }, (_, i) => ({ username: `p${i}`, stat: 'healthXp', change: 1000 - i }))
  await service.call('/api/stats/batch', { bearer: key, body: { changes, createMissing: true } })
  const first = await page(service, '/leaderboards/health')
  expect(first.text).toContain('30 players')
  expect(first.text).toContain('>p24<')
  expect(first.text).not.toContain('>p25<')
  const next = (/rel="next" href="([^"]+)"/.exec(first.text)?.[1] ?? '').replaceAll('&amp;', '&')
  const second = await page(service, next)
  expect([...second.text.matchAll(/players\/p(\d+)"/g)].map(([, n]) => Number(n))).toEqual([25, 26, 27, 28, 29])
  expect(second.text).toContain('>26</span>')
  expect((await page(service, '/leaderboards/health?around=P29')).text).toContain('class="me"')
  expect((await page(service, '/leaderboards/health?around=nobody')).text).toContain('is not on this board')
  expect((await page(service, '/leaderboards/health?cursor=edited')).status).toBe(400)
})

test('a page costs one round trip, and none when the isolate knows it', async () => {
  const service = startService()
  await world(service)
  await page(service, '/players/LuckyNewt')
  for (const path of [
    '/',
    '/players/kicksent',
    '/players/kicksent/card.png',
    '/leaderboards/melee',
    '/leaderboards/melee?around=kicksent',
  ]) {
    expect([path, (await service.cost(() => page(service, path))).roundTrips]).toEqual([path, 1])
    expect([path, (await service.cost(() => page(service, path))).roundTrips]).toEqual([path, 0])
  }
})

test('a write through the same isolate shows at once', async () => {
  const service = startService()
  const key = await world(service)
  await page(service, '/players/LuckyNewt')
  const before = await page(service, '/players/LuckyNewt/card.png')
  await service.call('/api/users/LuckyNewt/stats', {
    method: 'PATCH',
    bearer: key,
    body: { changes: { meleeAtkXp: 5000 } },
  })
  expect((await page(service, '/players/LuckyNewt')).text).toContain('#1 in Melee')
  expect((await page(service, '/players/LuckyNewt/card.png')).headers.get('ETag')).not.toBe(before.headers.get('ETag'))
})

test('pages stay below their size, and forbid what is not theirs', async () => {
  const service = startService()
  await world(service)
  for (const path of ['/', '/players/kicksent', '/leaderboards/melee', '/players/nobody']) {
    const { text, headers } = await page(service, path)
    expect(text.length, path).toBeLessThan(30 * 1024)
    expect(text, path).not.toMatch(/ style=| on\w+="|<script(?! src="\/assets\/)|<style/)
    const policy = headers.get('Content-Security-Policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('Set-Cookie')).toBeNull()
  }
  expect((await page(service, '/players/kicksent')).headers.get('Cache-Control')).toBe('public, no-cache')
})

test('what people type is shown as text', async () => {
  const service = startService({ vars: { SITE_NAME: '<b>Mine</b>', SITE_TEXT: '"><script>alert(1)</script>' } })
  await world(service)
  const around = await page(
    service,
    `/leaderboards/melee?around=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`,
  )
  expect(around.text).not.toContain('<img')
  const home = await page(service, '/')
  expect(home.text).not.toContain('<b>')
  expect(home.text).not.toContain('<script>')
  expect(home.text).toContain('&lt;b&gt;Mine')
})

test('nobody has a page of their own: 404 with a search', async () => {
  for (const path of [
    '/players/nobody',
    '/players/%3Cscript%3E',
    '/leaderboards/luck',
    '/players/nobody/card.png',
    '/no-such-page',
  ]) {
    const { status, text, headers } = await page(startService(), path)
    expect([path, status]).toEqual([path, 404])
    expect(headers.get('Content-Type')).toContain('text/html')
    expect(text).toContain('<search>')
  }
})

test('an API path answers a browser as JSON all the same', async () => {
  const { headers } = await page(startService(), '/api/users/nobody')
  expect(headers.get('Content-Type')).toBe('application/problem+json')
})

test('a stopped service says so as a page that looks again by itself', async () => {
  const service = startService()
  const admin = await insertKey(['admin'])
  await service.call('/stopServer', { method: 'POST', bearer: admin })
  const { status, text, headers } = await page(service, '/players/kicksent')
  expect(status).toBe(503)
  expect(headers.get('Retry-After')).toBe('5')
  expect(text).toContain('The service is stopped')
  expect(text).toContain('http-equiv="refresh"')
})

test('the search form works without script', async () => {
  const { status, headers } = await page(startService(), '/players?q=+kick%2Fsent+')
  expect(status).toBe(303)
  expect(headers.get('Location')).toBe('/players/kick%2Fsent')
})

test('the site shows the stats that the operator names, under their labels', async () => {
  const service = startService({ vars: { SITE_STATS: 'speedXp, melee' } })
  await world(service)
  const { text } = await page(service, '/leaderboards/speed')
  const tabs = text.slice(text.indexOf('class="tabs"'), text.indexOf('class="search find-me"'))
  expect([...tabs.matchAll(/href="\/leaderboards\/(\w+)"/g)].map(([, slug]) => slug)).toEqual(['speed', 'melee'])
})
