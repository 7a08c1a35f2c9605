import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { drawPassword, drawUsernames } from '../../src/users/made-up.ts'
import { Username } from '../../src/users/user-ref.ts'
import { startService } from '../support/service.ts'

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

/** Bytes that are the same for the same `seed`: xorshift32. */
function seeded(seed: number) {
  let state = seed
  return (bytes: number) =>
    Uint8Array.from({ length: bytes }, () => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return state & 255
    })
}

const PARTS = /^([A-Z][a-z]+)([A-Z][a-z]+)(\d+)$/

test('names are two words and a number, and such as a user can have', () => {
  for (const name of drawUsernames({ random }, 5000)) {
    expect(name).toMatch(PARTS)
    expect(Username.safeParse(name).success, name).toBe(true)
  }
})

test('names are drawn evenly out of more than a hundred million', () => {
  const draws = 50_000
  const drawn = drawUsernames({ random: seeded(7) }, draws).map((name) => PARTS.exec(name) as RegExpExecArray)
  const counts = [1, 2].map((part) =>
    Object.values(Object.groupBy(drawn, (match) => match[part] as string)).map((group) => group?.length ?? 0),
  )
  const numbers = drawn.map((match) => Number(match[3]))
  for (const ofWord of counts) {
    const mean = draws / ofWord.length
    expect(Math.max(...ofWord)).toBeLessThan(1.4 * mean)
    expect(Math.min(...ofWord)).toBeGreaterThan(0.6 * mean)
  }
  expect(new Set(numbers).size).toBeGreaterThan(35_000)
  const [adjectives = 0, animals = 0] = counts.map(({ length }) => length)
  expect(adjectives * animals * 100_000).toBeGreaterThan(1e8)
  expect(Math.max(...numbers)).toBeLessThan(100_000)
  // A million accounts have one name in a thousand: sixteen draws that all meet one of them do not happen.
  expect((1e6 / (adjectives * animals * 100_000)) ** 16).toBeLessThan(1e-40)
})

test('a free name is found in one round trip where nearly all that are drawn are taken', async () => {
  const names = drawUsernames({ random: seeded(42) }, 16)
  await env.DB.prepare('INSERT INTO users (username, created_at) SELECT upper(value), 1 FROM json_each(?)')
    .bind(JSON.stringify(names.toSpliced(11, 1)))
    .run()
  const { call, cost } = startService({ random: seeded(42) })
  await call('/api/users/nobody') // reads the shared state, which is not part of a call's cost
  let username = ''
  const { roundTrips, rowsRead } = await cost(async () => {
    username = (await call('/api/users', { body: { password: 'python' } })).body.username
  })
  expect(username).toBe(names[11])
  expect(roundTrips).toBe(1)
  expect(rowsRead).toBeLessThan(50)
})

test('a call that finds no free name makes nothing', async () => {
  const names = drawUsernames({ random: seeded(42) }, 16)
  await env.DB.prepare('INSERT INTO users (username, created_at) SELECT value, 1 FROM json_each(?)')
    .bind(JSON.stringify(names))
    .run()
  const { call } = startService({ random: seeded(42) })
  const headers = { 'Idempotency-Key': 'a-key-that-nobody-guesses' }
  expect((await call('/api/users', { body: {}, headers })).body.code).toBe('username_taken')
  expect((await env.DB.prepare('SELECT * FROM idempotency_records').all()).results).toEqual([])
  expect((await env.DB.prepare('SELECT count(*) AS n FROM users').first())?.n).toBe(16)
})

test('passwords are twenty of 32 symbols, which are 100 bits, each as likely as the next', () => {
  const symbols = Array.from({ length: 2000 }, () => {
    const password = drawPassword({ random })
    expect(password).toMatch(/^([0-9a-z]{5}-){3}[0-9a-z]{5}$/)
    return password.replaceAll('-', '')
  }).join('')
  const counts = Object.values(Object.groupBy(symbols, (symbol) => symbol)).map((group) => group?.length ?? 0)
  expect(counts).toHaveLength(32)
  expect(20 * Math.log2(counts.length)).toBeGreaterThanOrEqual(80)
  for (const count of counts) expect(Math.abs(count - 1250)).toBeLessThan(300)
})
