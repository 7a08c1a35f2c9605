/** When a job runs: `every 10m`, or a cron line and its time zone. Croner reads the lines and finds the times. */
import { Cron, CronPattern } from 'croner'
import { isTimeZone } from '../credits/period.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../lib/time.ts'

const UNITS: Record<string, number> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** The fields of a cron line and their ranges. A day of the week may be 7: Sunday, like 0. */
export const CRON_FIELDS = [
  { name: 'minute', range: '0 to 59' },
  { name: 'hour', range: '0 to 23' },
  { name: 'day of the month', range: '1 to 31' },
  { name: 'month', range: '1 to 12, or JAN to DEC' },
  { name: 'day of the week', range: '0 to 7, or SUN to SAT' },
] as const

/** Due jobs are looked for once a minute. */
const MIN_INTERVAL = MINUTE
export const MAX_INTERVAL = 366 * DAY

type Schedule = { interval: number } | { line: string; timeZone: string }

/** One spelling for each schedule, so that two can be compared. */
export const normalSchedule = (text: string) => text.trim().replace(/\s+/g, ' ')

/** What is wrong with a schedule, if anything is. */
export function scheduleFault(text: string): string | undefined {
  if (hasSeconds(text.split(' '))) return 'has six fields: leave the seconds out'
  const schedule = readSchedule(text)
  if (!schedule || ('interval' in schedule && !/^every \d+ ?[mhd]$/.test(text)))
    return 'has to be like "every 10m" (m, h or d, in lower case) or a cron line of five fields and a time zone, "0 9 * * 1 Europe/Berlin"'
  if ('interval' in schedule) {
    if (schedule.interval < MIN_INTERVAL) return 'has to be a minute at least'
    return schedule.interval > MAX_INTERVAL ? `has to be ${MAX_INTERVAL / DAY} days at most` : undefined
  }
  if (!isTimeZone(schedule.timeZone)) return `has to end in an IANA time zone; there is no ${schedule.timeZone}`
  return fieldFault(schedule.line) ?? (cronOf(schedule).nextRun(new Date(0)) ? undefined : 'is a time that never comes')
}

/** True for a cron line that begins with seconds: its sixth field is one of a cron line, and no time zone. */
const hasSeconds = ([...fields]: string[]) =>
  fields.length === 7 ? isTimeZone(fields[6] as string) : fields.length === 6 && looksLikeCron(fields[5] as string)

const looksLikeCron = (field: string) => /^([\d*?,/#L-]+|(SUN|MON|TUE|WED|THU|FRI|SAT)([,-].*)?)$/i.test(field)

/** The first field that is wrong, and its range. Each is tried alone, with `*` for the others. */
function fieldFault(line: string): string | undefined {
  for (const [index, field] of line.split(' ').entries()) {
    const { name, range } = CRON_FIELDS[index] as (typeof CRON_FIELDS)[number]
    try {
      withoutSteps(CRON_FIELDS.map((_, i) => (i === index ? field : '*')).join(' '))
    } catch {
      return `has a wrong ${name}, "${field}": it has to be ${range}`
    }
  }
  return undefined
}

/**
 * The first run after `after`. Intervals count from `since`, so that a late run does not shift those that follow.
 * Where a cron line names hours, a time that summer time skips runs right after the gap, and one that comes twice runs
 * once. A line that runs every hour goes by elapsed time.
 */
export function nextRun(text: string, after: number, since: number): number | null {
  const schedule = readSchedule(text)
  if (!schedule) return null
  if ('line' in schedule) return cronOf(schedule).nextRun(new Date(after))?.getTime() ?? null
  const { interval } = schedule
  return since + (Math.floor((after - since) / interval) + 1) * interval
}

/** Takes seconds and capitals as well: schedules that were stored in earlier versions have them. */
function readSchedule(text: string): Schedule | undefined {
  const [, count, unit] = /^every (\d{1,9}) ?([smhd])$/i.exec(text) ?? []
  if (count && unit) return { interval: Number(count) * (UNITS[unit.toLowerCase()] as number) }
  const fields = text.split(' ')
  if (fields.length < 5 || fields.length > 6) return undefined
  return { line: fields.slice(0, 5).join(' '), timeZone: fields[5] ?? 'UTC' }
}

function cronOf({ line, timeZone }: { line: string; timeZone: string }): Cron {
  return new Cron(withoutSteps(line), {
    timezone: timeZone,
    mode: '5-part',
    fixedTimeRule: 'no-wildcard',
    paused: true,
  })
}

// `*/30 2` becomes `0,30 2`: croner would treat the two differently in a night of summer time. Throws what croner throws.
function withoutSteps(line: string): string {
  const { minute, hour } = new CronPattern(line, undefined, { mode: '5-part' })
  const listed = (times: number[]) => [...times.keys()].filter((time) => times[time]).join(',')
  const everyHour = hour.every(Boolean)
  return [listed(minute), everyHour ? '*' : listed(hour), ...line.split(' ').slice(2)].join(' ')
}
