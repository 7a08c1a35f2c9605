/** When a billing period begins and ends, found by looking at the calendar hour by hour. */
const HOUR = 3_600_000

const formats = new Map<string, Intl.DateTimeFormat>()

function localDate(at: number, timeZone: string): number[] {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone })
  formats.set(timeZone, format)
  return format.format(at).split('-').map(Number)
}

function isAnchorDay(at: number, anchor: number, timeZone: string): boolean {
  const [year = 0, month = 0, day] = localDate(at, timeZone)
  const lastOfMonth = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return day === Math.min(anchor, lastOfMonth)
}

/** For zones whose offset is a whole number of hours, and whose clocks never change at midnight. */
export function periodOf(now: number, anchor: number, timeZone: string): { start: number; end: number } {
  const begins = (at: number) => isAnchorDay(at, anchor, timeZone) && !isAnchorDay(at - HOUR, anchor, timeZone)
  let start = now - (now % HOUR)
  while (!begins(start)) start -= HOUR
  let end = now - (now % HOUR) + HOUR
  while (!begins(end)) end += HOUR
  return { start, end }
}
