import { expect, test } from 'vitest'
import { nextRun, normalSchedule, scheduleFault } from '../../src/jobs/schedules.ts'

const at = (iso: string) => Date.parse(iso)

/** The next `count` runs after `from`. */
function runs(schedule: string, from: string, count: number, since = 0): string[] {
  const found: string[] = []
  let after = at(from)
  while (found.length < count) {
    after = nextRun(schedule, after, since) as number
    found.push(new Date(after).toISOString())
  }
  return found
}

test.each([
  'every 1m',
  'every 10m',
  'every 2h',
  'every 10 m',
  'every 366d',
  '* * * * *',
  '0 9 * * 1 Europe/Berlin',
  '30 2 * * MON-FRI',
  '0 0 29 2 * Asia/Kathmandu',
  '0 0 L * *',
])('takes %s', (text) => expect(scheduleFault(text)).toBeUndefined())

test.each([
  ['', 'like'],
  ['soon', 'like'],
  ['every day', 'like'],
  ['every -10m', 'like'],
  ['every 1.5h', 'like'],
  ['every 1w', 'like'],
  ['every 9999999999m', 'like'],
  ['@daily', 'like'],
  ['every 0m', 'minute at least'],
  ['every 60s', 'like'],
  ['EVERY 2H', 'like'],
  ['every 2H', 'like'],
  ['every 10M', 'like'],
  ['every 367d', '366 days'],
  ['* * * *', 'like'],
  ['60 * * * *', 'a wrong minute, "60": it has to be 0 to 59'],
  ['*/0 * * * *', 'a wrong minute, "*/0": it has to be 0 to 59'],
  ['a b c d e', 'a wrong minute, "a": it has to be 0 to 59'],
  ['0 24 * * *', 'a wrong hour, "24": it has to be 0 to 23'],
  ['0 9 0 * *', 'a wrong day of the month, "0": it has to be 1 to 31'],
  ['0 9 32 * *', 'a wrong day of the month, "32": it has to be 1 to 31'],
  ['0 9 * 13 *', 'a wrong month, "13": it has to be 1 to 12'],
  ['0 9 * * 8', 'a wrong day of the week, "8": it has to be 0 to 7'],
  ['0 0 30 2 *', 'never comes'],
  ['0 9 * * 1 Mars/Olympus', 'Mars/Olympus'],
  ['* * * * * *', 'leave the seconds out'],
  ['0 0 9 * * 1', 'leave the seconds out'],
  ['0 0 9 1 1 2027', 'leave the seconds out'],
  ['0 0 9 * * MON Nowhere/Land', 'like'],
  ['0 0 9 * * mon-fri', 'leave the seconds out'],
  ['0 0 9 * * MON', 'leave the seconds out'],
  ['0 0 9 * * 1 Europe/Berlin', 'leave the seconds out'],
  ['0 9 * * Europe/Berlin', 'day of the week'],
  ['0 9 * * 1 +02:00', 'time zone'],
  ['0 9 * * 1 Europe/Berlin now', 'like'],
  ['0 9 * * 1 ../../etc', 'time zone'],
])('refuses %j', (text, why) => expect(scheduleFault(text)).toContain(why))

test('counts an interval from where it began, however late a run is', () => {
  const since = at('2027-01-15T12:00:30Z')
  expect(nextRun('every 10m', since, since)).toBe(at('2027-01-15T12:10:30Z'))
  expect(nextRun('every 10m', at('2027-01-15T12:10:31Z'), since)).toBe(at('2027-01-15T12:20:30Z'))
  expect(nextRun('every 10m', at('2027-01-15T15:00:00Z'), since)).toBe(at('2027-01-15T15:00:30Z'))
})

test('runs a nightly 02:30 once a night in Berlin, over the gap in spring and the double hour in autumn', () => {
  expect(runs('30 2 * * * Europe/Berlin', '2027-03-26T12:00:00Z', 3)).toEqual([
    '2027-03-27T01:30:00.000Z',
    '2027-03-28T01:00:00.000Z', // there is no 02:30; the clock goes from 02:00 to 03:00
    '2027-03-29T00:30:00.000Z',
  ])
  expect(runs('30 2 * * * Europe/Berlin', '2027-10-29T12:00:00Z', 3)).toEqual([
    '2027-10-30T00:30:00.000Z',
    '2027-10-31T00:30:00.000Z', // the first of two
    '2027-11-01T01:30:00.000Z',
  ])
})

test.each([
  ['0,30 2 * * *', '*/30 2 * * *'],
  ['0,30 2 * * *', '0-59/30 2 * * *'],
  ['15 0,2,4,6,8,10,12,14,16,18,20,22 * * *', '15 */2 * * *'],
  ['0-59 2 * * *', '* 2 * * *'],
  ['*/30 * * * *', '0,30 0-23 * * *'],
])('takes %s and %s for the same, also in the nights when the clock is changed', (one, other) => {
  for (const night of ['2027-03-27T22:00:00Z', '2027-10-30T21:00:00Z'])
    expect(runs(`${one} Europe/Berlin`, night, 12)).toEqual(runs(`${other} Europe/Berlin`, night, 12))
})

test('runs a skipped hour once, right after the gap', () => {
  expect(runs('*/30 2 * * * Europe/Berlin', '2027-03-27T12:00:00Z', 2)).toEqual([
    '2027-03-28T01:00:00.000Z', // for 02:00 and 02:30
    '2027-03-29T00:00:00.000Z',
  ])
})

test('runs each half hour through both nights where every hour is meant', () => {
  expect(runs('*/30 * * * * Europe/Berlin', '2027-10-30T23:30:00Z', 4)).toEqual([
    '2027-10-31T00:00:00.000Z',
    '2027-10-31T00:30:00.000Z',
    '2027-10-31T01:00:00.000Z',
    '2027-10-31T01:30:00.000Z',
  ])
  expect(runs('0,30 0-23 * * * Europe/Berlin', '2027-03-28T00:30:00Z', 2)).toEqual([
    '2027-03-28T01:00:00.000Z',
    '2027-03-28T01:30:00.000Z',
  ])
})

test('still runs schedules with seconds and capitals that are stored already', () => {
  expect(nextRun('every 90s', 0, 0)).toBe(90_000)
  expect(nextRun('EVERY 2H', 0, 0)).toBe(7_200_000)
})

test('takes UTC where no zone is named', () => {
  expect(runs('0 9 * * 1', '2027-01-15T12:00:00Z', 2)).toEqual(['2027-01-18T09:00:00.000Z', '2027-01-25T09:00:00.000Z'])
  expect(runs('0 9 * * 1 America/New_York', '2027-01-15T12:00:00Z', 1)).toEqual(['2027-01-18T14:00:00.000Z'])
})

test('has one spelling for each schedule', () => {
  expect(normalSchedule('  0  9 * *\t1 Europe/Berlin ')).toBe('0 9 * * 1 Europe/Berlin')
})
