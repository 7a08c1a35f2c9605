/** When a job runs: `every 10m`, or a cron line and its time zone. Pure: croner reads lines and finds times, it never waits. */
import { Cron } from 'croner'
import { isTimeZone } from '../credits/period.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../lib/time.ts'

const UNITS: Record<string, number> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** The cron that looks for due jobs comes once a minute. */
const MIN_INTERVAL = MINUTE
const MAX_INTERVAL = 366 * DAY

type Schedule = { interval: number } | { line: string; timeZone: string }

/** One spelling for each schedule, so that two can be compared. */
export const normalSchedule = (text: string) => text.trim().replace(/\s+/g, ' ')

/** What is wrong with a schedule, if anything is. */
export function scheduleFault(text: string): string | undefined {
  const schedule = readSchedule(text)
  if (!schedule)
    return 'has to be like "every 10m" (s, m, h or d) or a cron line of five fields and a time zone, "0 9 * * 1 Europe/Berlin"'
  if ('interval' in schedule) {
    if (schedule.interval < MIN_INTERVAL) return 'has to be a minute at least'
    return schedule.interval > MAX_INTERVAL ? 'has to be 366 days at most' : undefined
  }
  if (!isTimeZone(schedule.timeZone)) return `has to end in an IANA time zone; there is no ${schedule.timeZone}`
  try {
    return cronOf(schedule).nextRun(new Date(0)) ? undefined : 'is a time that never comes'
  } catch {
    return 'has to be a cron line of five fields: minute, hour, day of the month, month, day of the week'
  }
}

/**
 * The first run after `after`. Intervals count from `since`, so that a late run does not shift those that follow.
 * A time that summer time skips runs right after the gap, one that comes twice runs once.
 */
export function nextRun(text: string, after: number, since: number): number | null {
  const schedule = readSchedule(text)
  if (!schedule) return null
  if ('line' in schedule) return cronOf(schedule).nextRun(new Date(after))?.getTime() ?? null
  const { interval } = schedule
  return since + (Math.floor((after - since) / interval) + 1) * interval
}

function readSchedule(text: string): Schedule | undefined {
  const [, count, unit] = /^every (\d{1,9}) ?([smhd])$/i.exec(text) ?? []
  if (count && unit) return { interval: Number(count) * (UNITS[unit.toLowerCase()] as number) }
  const fields = text.split(' ')
  if (fields.length < 5 || fields.length > 6) return undefined
  return { line: fields.slice(0, 5).join(' '), timeZone: fields[5] ?? 'UTC' }
}

// A list of hours is a fixed time too: `0,30 2 * * *` must not vanish in the night that has no 02:30.
const cronOf = ({ line, timeZone }: { line: string; timeZone: string }) =>
  new Cron(line, { timezone: timeZone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true })
