import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isTimeZone, periodAt } from '../../src/credits/period.ts'

const at = (text: string) => Date.parse(text)
const iso = ({ start, end }: { start: number; end: number }) => [
  new Date(start).toISOString(),
  new Date(end).toISOString(),
]

test('gives the calendar month in UTC by default', () => {
  expect(iso(periodAt(at('2027-02-10T00:00:00Z'), 1, 'UTC'))).toEqual([
    '2027-02-01T00:00:00.000Z',
    '2027-03-01T00:00:00.000Z',
  ])
})

test('begins at its first instant and is over at its last', () => {
  expect(iso(periodAt(at('2027-03-01T00:00:00Z'), 1, 'UTC'))[0]).toBe('2027-03-01T00:00:00.000Z')
  expect(iso(periodAt(at('2027-02-28T23:59:59.999Z'), 1, 'UTC'))[1]).toBe('2027-03-01T00:00:00.000Z')
})

test('takes the last day where the month is too short, and comes back to the anchor', () => {
  const days = [2, 3, 4, 5].map((month) => iso(periodAt(Date.UTC(2027, month - 1, 15), 31, 'UTC'))[1]?.slice(0, 10))
  expect(days).toEqual(['2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31'])
  expect(iso(periodAt(at('2028-02-15T00:00:00Z'), 30, 'UTC'))[1]).toBe('2028-02-29T00:00:00.000Z')
})

test('knows the clocks of the zone, summer time included', () => {
  expect(iso(periodAt(at('2027-07-15T00:00:00Z'), 1, 'Europe/Berlin'))).toEqual([
    '2027-06-30T22:00:00.000Z',
    '2027-07-31T22:00:00.000Z',
  ])
  expect(iso(periodAt(at('2027-01-15T00:00:00Z'), 1, 'Asia/Kathmandu'))[0]).toBe('2026-12-31T18:15:00.000Z')
})

test('begins when the day does where midnight is skipped', () => {
  // Samoa had no 30 December 2011; Beirut goes from 23:59 to 1:00 in March.
  expect(iso(periodAt(at('2011-12-31T12:00:00Z'), 30, 'Pacific/Apia'))[0]).toBe('2011-12-30T10:00:00.000Z')
  expect(iso(periodAt(at('2022-04-01T00:00:00Z'), 27, 'Asia/Beirut'))[0]).toBe('2022-03-26T22:00:00.000Z')
})

test('begins at the first of two midnights where the clock goes back over it', () => {
  // Havana: at 1:00 on 1 November 2026 it is 0:00 again.
  expect(iso(periodAt(at('2026-11-15T00:00:00Z'), 1, 'America/Havana'))[0]).toBe('2026-11-01T04:00:00.000Z')
  for (const minute of [-61, -60, -1, 0, 1, 30, 60, 61, 90]) {
    const now = at('2026-11-01T05:00:00Z') + minute * 60_000
    const { start, end } = periodAt(now, 1, 'America/Havana')
    expect([start <= now, now < end]).toEqual([true, true])
  }
})

const ZONES = [
  'UTC',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'America/Havana',
  'America/St_Johns',
  'Asia/Beirut',
  'Pacific/Kiritimati',
  'Antarctica/Troll',
  'Africa/Cairo',
]

test.each(ZONES)('leaves no gap and no overlap in 40 years of %s', (zone) => {
  for (const anchor of [1, 15, 28, 29, 30, 31]) {
    let { start, end } = periodAt(at('2000-01-20T00:00:00Z'), anchor, zone)
    for (let month = 0; month < 480; month++) {
      const next = periodAt(end, anchor, zone)
      expect(next.start).toBe(end)
      expect(periodAt(end - 1, anchor, zone)).toEqual({ start, end })
      expect((next.end - next.start) / 86_400_000).toBeGreaterThan(26)
      expect((next.end - next.start) / 86_400_000).toBeLessThan(33)
      ;({ start, end } = next)
    }
  }
})

test('contains the instant it was asked for, for any instant, anchor and zone', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: at('1995-01-01T00:00:00Z'), max: at('2045-01-01T00:00:00Z') }),
      fc.integer({ min: 1, max: 31 }),
      fc.constantFrom(...ZONES),
      (now, anchor, zone) => {
        const { start, end } = periodAt(now, anchor, zone)
        return start <= now && now < end
      },
    ),
    { numRuns: 2000 },
  )
})

test('knows an IANA zone from nonsense and from a bare offset', () => {
  expect(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'].map(isTimeZone)).toEqual([
    true,
    true,
    true,
    true,
  ])
  expect(['', 'Mars/Olympus', '+01:00', 'Europe/Berlin; DROP', 'x'.repeat(200)].map(isTimeZone)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
})
