/**
 * A burst of server errors, told once. It is counted in the isolate and sent straight from it: the database may be what
 * fails.
 */
import { type Deps, type IsolateCache, newId } from '../deps.ts'
import { describeError } from '../lib/log.ts'
import { isoTime, MINUTE, SECOND } from '../lib/time.ts'
import { attempt } from './attempt.ts'
import { deliverDue } from './deliver.ts'
import { isDiscordWebhook } from './discord.ts'
import type { Payload } from './events.ts'
import { toDiscord, toStandard } from './message.ts'
import { insertEvent } from './outbox.store.ts'

const EVENT = 'service.failing'

/** So many within so long are a burst; it is over when there was none for as long. */
const BURST = { failures: 10, within: MINUTE }

/** Counts a failure. True for the one that makes a burst of those before it. */
export function beginsBurst(failures: IsolateCache['failures'], now: number): boolean {
  const recent = failures.times.filter((time) => time > now - BURST.within)
  if (recent.length === 0) failures.told = false
  failures.times = [...recent, now].slice(-BURST.failures)
  if (failures.told || failures.times.length < BURST.failures) return false
  failures.told = true
  return true
}

/** Call this for each answer that was a server error. */
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
  const payload = JSON.stringify(event)
  const message = isDiscordWebhook(alertUrl)
    ? toDiscord(payload)
    : await toStandard({ eventId, payload }, deps.now().getTime())
  const { result, status } = await attempt(deps, alertUrl, message)
  if (result !== 'delivered') deps.log('error', { message: 'ALERT_URL was not reached', result, status })
}

/** Who asked for it, as far as the database can be reached. Isolates that fail in the same minute note it once. */
async function tellEndpoints(deps: Deps, eventId: string, data: Payload['data'], now: number): Promise<void> {
  const onceKey = `${EVENT}:${Math.floor(now / MINUTE)}`
  try {
    if (await insertEvent(deps.db, { event: EVENT, eventId, onceKey, data, now })) await deliverDue(deps)
  } catch (error) {
    deps.log('warn', { message: 'the burst of errors could not be noted', ...describeError(error) })
  }
}
