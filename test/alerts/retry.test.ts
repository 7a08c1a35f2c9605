import { expect, test } from 'vitest'
import { DELAYS, JITTER, nextAttemptAt, readRetryAfter } from '../../src/alerts/retry.ts'
import { DAY, SECOND } from '../../src/lib/time.ts'

const NOW = Date.parse('2027-01-15T12:00:20Z')

test('retries at the next minute, then after each of DELAYS, then no more', () => {
  const attempts = Array.from({ length: DELAYS.length + 3 }, (_, i) => nextAttemptAt(i + 1, NOW, 0))
  expect(attempts.map((at) => at && at - NOW)).toEqual([40 * SECOND, ...DELAYS, undefined, undefined])
})

test('shortens each delay but the first by up to JITTER of it', () => {
  const [delay = 0] = DELAYS
  expect(nextAttemptAt(2, NOW, 1)).toBe(NOW + delay * (1 - JITTER))
  expect(nextAttemptAt(2, NOW, 0.5)).toBe(NOW + delay * (1 - JITTER / 2))
  expect(nextAttemptAt(1, NOW, 1)).toBe(NOW + 40 * SECOND)
})

test('reads Retry-After in seconds and as a date, a day at most', () => {
  expect(readRetryAfter('120', NOW)).toBe(NOW + 120 * SECOND)
  expect(readRetryAfter('0.65', NOW)).toBe(NOW + 650)
  expect(readRetryAfter('Fri, 15 Jan 2027 13:00:00 GMT', NOW)).toBe(Date.parse('2027-01-15T13:00:00Z'))
  expect(readRetryAfter('Fri, 15 Jan 2021 13:00:00 GMT', NOW)).toBe(NOW)
  expect(readRetryAfter('99999999999999999999', NOW)).toBe(NOW + DAY)
  expect(readRetryAfter('Fri, 15 Jan 2090 13:00:00 GMT', NOW)).toBe(NOW + DAY)
})

test('ignores any other Retry-After', () => {
  for (const header of [null, '', 'soon', '-1', '1e3', 'NaN'])
    expect(readRetryAfter(header, NOW) ?? 0).toBeLessThanOrEqual(NOW)
})
