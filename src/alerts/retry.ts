/** When a failed delivery is retried. */
import { DAY, HOUR, MINUTE, SECOND } from '../lib/time.ts'

/** After a first retry in the next minute: the schedule that the Standard Webhooks specification recommends. */
export const DELAYS = [5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]

/** A delay is shortened by up to this part of it, so that what failed together is not retried together. */
const JITTER = 0.2

/** The next tick of the minute's cron. */
export const nextMinute = (now: number) => (Math.floor(now / MINUTE) + 1) * MINUTE

/** When to retry after that many failed attempts; undefined after the last. `chance` is from 0 to 1. */
export function nextAttemptAt(failedAttempts: number, now: number, chance: number): number | undefined {
  if (failedAttempts === 1) return nextMinute(now)
  const delay = DELAYS[failedAttempts - 2]
  return delay && Math.round(now + delay * (1 - JITTER * chance))
}

/** The time that a `Retry-After` header names, in seconds or as a date (RFC 9110 section 10.2.3); at most a day from now. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (!header) return undefined
  const at = /^\d+(\.\d+)?$/.test(header) ? now + Number(header) * SECOND : Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.ceil(Math.min(Math.max(at, now), now + DAY))
}
