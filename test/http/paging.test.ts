import { beforeEach, expect, test, vi } from 'vitest'
import { type Call, insertKey, type Service, startService } from '../support/service.ts'

vi.setConfig({ testTimeout: 60_000 }) // hundreds of calls

/** Every list that comes in pages, each with more than one. */
const LISTS = [
  '/api/users?limit=1',
  '/api/users?limit=1&prefix=k',
  '/api/leaderboards/sizeXp?limit=1',
  '/api/leaderboards/healthXp?limit=1',
  '/api/credits/ledger?limit=1',
  '/api/webhooks/deliveries?limit=1',
]

let service: Service
let admin: string

beforeEach(async () => {
  service = startService({ fetch: async () => new Response('ok') })
  const { call, user } = service
  admin = await insertKey(['admin'])
  for (const name of ['kicksent', 'kick2', 'kick3']) {
    await user(name)
    const changes = ['sizeXp', 'healthXp'].map((stat) => ({ username: name, stat, change: 5 }))
    await call('/api/stats/batch', { bearer: admin, body: { changes } })
    await call('/api/credits/spend', { basic: 'kicksent:python', body: { amount: 1 } })
  }
  const endpoint = { url: 'https://example.com/alerts', events: ['credits.low'] }
  const { body: webhook } = await call('/api/webhooks', { bearer: admin, body: endpoint })
  for (let i = 0; i < 3; i++) await call(`/api/webhooks/${webhook.id}/test`, { method: 'POST', bearer: admin })
})

const callerOf = (list: string): Call =>
  list.startsWith('/api/webhooks')
    ? { bearer: admin }
    : list.startsWith('/api/credits')
      ? { basic: 'kicksent:python' }
      : {}
const page = (list: string, cursor = '') => service.call(`${list}&cursor=${encodeURIComponent(cursor)}`, callerOf(list))
const cursorOf = async (list: string): Promise<string> => (await page(list)).body.nextCursor

/** The one list of a page, whatever its name. */
const entriesOf = (body: Record<string, unknown>) => Object.values(body).find(Array.isArray) as unknown[]

test.each(LISTS)('returns all of %s once, page by page, until the cursor is empty', async (list) => {
  const whole = entriesOf((await service.call(list.replace('limit=1', 'limit=100'), callerOf(list))).body)
  const found: unknown[] = []
  let cursor = ''
  do {
    const { status, body } = await page(list, cursor)
    expect([status, entriesOf(body).length]).toEqual([200, 1])
    found.push(...entriesOf(body))
    cursor = body.nextCursor
  } while (cursor !== '' && found.length < 20)
  expect(whole.length).toBeGreaterThan(2)
  expect(found).toEqual(whole)
})

test('accepts a cursor only in the list that returned it', async () => {
  for (const from of LISTS) {
    const cursor = await cursorOf(from)
    expect(cursor).not.toBe('')
    for (const list of LISTS) {
      const { status } = await page(list, cursor)
      expect([from, list, status]).toEqual([from, list, from === list ? 200 : 400])
    }
  }
})

test.each(LISTS)('refuses a cursor of %s that was edited, shortened, extended or made up', async (list) => {
  const cursor = await cursorOf(list)
  const edited = Array.from(cursor, (char, i) => cursor.slice(0, i) + (char === 'A' ? 'B' : 'A') + cursor.slice(i + 1))
  const random = Array.from({ length: 8 }, (_, i) =>
    btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(8 * i + 1)))),
  )
  const [text, signature] = cursor.split('.') as [string, string]
  const made = [
    ...edited,
    ...random,
    ...[
      text,
      `${text}.`,
      `.${signature}`,
      `${signature}.${text}`,
      `${cursor}.`,
      `${cursor}A`,
      `${cursor}=`,
      ` ${cursor}`,
    ],
    ...[cursor.slice(0, -1), cursor.toLowerCase(), 'x'.repeat(512), 'x'.repeat(513), '0', 'null', '\u0000', '🎮', '..'],
  ]
  for (const wrong of made.filter((one) => one !== cursor)) {
    const { status, body } = await page(list, wrong)
    expect([wrong, status, body.errors?.[0].path]).toEqual([wrong, 400, 'cursor'])
  }
})

test('refuses a cursor signed by another secret, and accepts one of the previous secret', async () => {
  const cursor = await cursorOf('/api/users?limit=1')
  const TOKEN_SECRET = 'another-secret-of-32-characters-at-least'
  const other = startService({ vars: { TOKEN_SECRET } })
  expect((await other.call(`/api/users?cursor=${cursor}`)).status).toBe(400)
  const rotated = startService({ vars: { TOKEN_SECRET, TOKEN_SECRET_PREVIOUS: 'a-secret-for-tests-only-0123456789' } })
  expect((await rotated.call(`/api/users?cursor=${cursor}`)).status).toBe(200)
})

test.each(LISTS)('refuses a limit of %s out of bounds', async (list) => {
  for (const limit of ['0', '1001', '-1', '2.5', 'x', '1e1', '']) {
    const { status } = await service.call(list.replace('limit=1', `limit=${limit}`), callerOf(list))
    expect([limit, status]).toEqual([limit, limit === '' ? 200 : 400])
  }
})
