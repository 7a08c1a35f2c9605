/** One alert for a burst of server errors. The isolate counts and sends it by itself: the database may be what fails. */
import { type Deps, type IsolateCache, newId } from '../deps.ts'
import { describeError } from '../lib/log.ts'
import { isoTime, MINUTE, SECOND } from '../lib/time.ts'
import { attempt } from './attempt.ts'
import { deliverDue } from './deliver.ts'
import type { Payload } from './events.ts'
import { formatFor } from './formats.ts'
import { messageOf } from './message.ts'
import { insertEvent } from './outbox.store.ts'

const EVENT = 'service.failing'

/** That many failures within that time are a burst. It is over after the same time without one. */
export const BURST = { failures: 10, within: MINUTE }

/** Counts a failure. @returns true for the one that completes a burst. */
export function beginsBurst(failures: IsolateCache['failures'], now: number): boolean {
  const recent = failures.times.filter((time) => time > now - BURST.within)
  if (recent.length === 0) failures.told = false
  failures.times = [...recent, now].slice(-BURST.failures)
  if (failures.told || failures.times.length < BURST.failures) return false
  failures.told = true
  return true
}

/** To be called for each response that is a server error. */
export function noteFailure(deps: Deps): void {
  if (beginsBurst(deps.isolate.failures, deps.now().getTime())) deps.defer(tell(deps))
}

async function tell(deps: Deps): Promise<void> {
  const now = deps.now().getTime()
  const since = isoTime(deps.isolate.failures.times[0])
  const data = { failures: BURST.failures, withinSeconds: BURST.within / SECOND, since }
  const eventId = newId(deps, 'evt')
  await Promise.all([
    tellAlertUrl(deps, eventId, { type: EVENT, timestamp: isoTime(now), data }),
    tellEndpoints(deps, eventId, data, now),
  ])
}

async function tellAlertUrl(deps: Deps, eventId: string, event: Payload): Promise<void> {
  const { alertUrl } = deps.config
  if (!alertUrl) return
  const format = formatFor(alertUrl) ?? 'standard'
  const message = messageOf({ format, eventId, payload: JSON.stringify(event) }, deps.now().getTime())
  const { result, status } = await attempt(deps, alertUrl, message)
  if (result !== 'delivered') deps.log('error', { message: 'ALERT_URL was not reached', result, status })
}

/** Alerts the endpoints, if the database can be reached. Isolates that fail in the same minute make one alert. */
async function tellEndpoints(deps: Deps, eventId: string, data: Payload['data'], now: number): Promise<void> {
  const onceKey = `${EVENT}:${Math.floor(now / MINUTE)}`
  try {
    if (await insertEvent(deps.db, { event: EVENT, eventId, onceKey, data, now })) await deliverDue(deps)
  } catch (error) {
    deps.log('warn', { message: 'the burst of errors could not be noted', ...describeError(error) })
  }
}
