/** Months that begin on any day in any time zone, as one pure function of the instant. */
import { DAY } from '../lib/time.ts'

/** From `start` up to, not including, `end`; milliseconds. */
export type Period = { start: number; end: number }

/**
 * The period that contains `now` (milliseconds). Periods begin at local midnight of `anchorDay` (1 to 31; the last day in
 * shorter months), or at the first instant after it where a clock change skips midnight. They come from the anchor, never
 * from the period before: an anchor of 31 is 30 April, then 31 May again.
 * @param timeZone an IANA name; see `isTimeZone`
 */
export function periodAt(now: number, anchorDay: number, timeZone: string): Period {
  const cached = latest.get(`${anchorDay} ${timeZone}`)
  if (cached && cached.start <= now && now < cached.end) return cached
  const local = new Date(now + offsetAt(now, timeZone))
  const month = local.getUTCFullYear() * 12 + local.getUTCMonth()
  const boundary = (months: number) => beginning(months, anchorDay, timeZone)
  // Near a boundary the local month can be one off, where the clock went back over midnight of the first.
  const first = [month + 1, month, month - 1].find((months) => boundary(months) <= now) ?? month - 2
  const period = { start: boundary(first), end: boundary(first + 1) }
  remember(`${anchorDay} ${timeZone}`, period)
  return period
}

/** True for an IANA zone that this runtime knows; not for a bare offset such as `+01:00`. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(text)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

/** The latest period asked for of each anchor and zone: most calls ask for the present one. */
const latest = new Map<string, Period>()
const MAX_CACHED = 500

function remember(key: string, period: Period): void {
  if (latest.size >= MAX_CACHED) latest.clear()
  latest.set(key, period)
}

/** When the period that begins in a month (counted from year 0) begins. */
function beginning(months: number, anchorDay: number, timeZone: string): number {
  const [year, month] = [Math.floor(months / 12), months % 12]
  const daysInMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return firstInstantOf(Date.UTC(year, month, Math.min(anchorDay, daysInMonth)), timeZone)
}

/** The first instant at which clocks in the zone show `wall` (a local time as if it were UTC), or that much and more. */
function firstInstantOf(wall: number, timeZone: string): number {
  // Offsets lie within a day of UTC, so the instant does too; zones change at most once in so short a time.
  let [before, after] = [wall - 1.5 * DAY, wall + 1.5 * DAY]
  const [offsetBefore, offsetAfter] = [offsetAt(before, timeZone), offsetAt(after, timeZone)]
  if (offsetBefore === offsetAfter) return wall - offsetBefore
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(middle, timeZone) === offsetBefore) before = middle
    else after = middle
  }
  const change = after
  if (wall - offsetBefore < change) return wall - offsetBefore
  return Math.max(change, wall - offsetAfter)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** What a zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(timeZone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const whole = Math.floor(instant / 1000) * 1000
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole
}
