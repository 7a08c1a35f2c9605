import { expect, test } from 'vitest'
import { nextAttemptAt, readRetryAfter } from '../../src/alerts/retry.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/lib/time.ts'

const NOW = Date.parse('2027-01-15T12:00:20Z')

test('tries again at the next minute, then after 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, and then no more', () => {
  const delays = Array.from({ length: 11 }, (_, i) => nextAttemptAt(i + 1, NOW, 0)).map((at) => at && at - NOW)
  expect(delays).toEqual([
    40 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
    undefined,
    undefined,
  ])
})

test('shortens a delay by up to a fifth, but for the next minute', () => {
  expect(nextAttemptAt(2, NOW, 1)).toBe(NOW + 4 * MINUTE)
  expect(nextAttemptAt(2, NOW, 0.5)).toBe(NOW + 4.5 * MINUTE)
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

test('takes no notice of a Retry-After that is neither', () => {
  for (const header of [null, '', 'soon', '-1', '1e3', 'NaN'])
    expect(readRetryAfter(header, NOW) ?? 0).toBeLessThanOrEqual(NOW)
})
