/** When a delivery that failed is tried again. */
import { DAY, HOUR, MINUTE, SECOND } from '../lib/time.ts'

/** After the retry at the next minute; the schedule that the Standard Webhooks specification recommends. */
const DELAYS = [5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]

/** A delay is shortened by up to this part of it, so that what failed together does not come back together. */
const JITTER = 0.2

/** The minute cron that comes next. */
export const nextMinute = (now: number) => (Math.floor(now / MINUTE) + 1) * MINUTE

/** When to try again after so many failed attempts, or undefined when it is enough. `chance` is from 0 to 1. */
export function nextAttemptAt(failedAttempts: number, now: number, chance: number): number | undefined {
  if (failedAttempts === 1) return nextMinute(now)
  const delay = DELAYS[failedAttempts - 2]
  return delay && Math.round(now + delay * (1 - JITTER * chance))
}

/** When a `Retry-After` header, seconds or a date (RFC 9110 section 10.2.3), lets us come back; a day later at most. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (!header) return undefined
  const at = /^\d+(\.\d+)?$/.test(header) ? now + Number(header) * SECOND : Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.ceil(Math.min(Math.max(at, now), now + DAY))
}
