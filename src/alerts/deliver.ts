/** Sends what is in the outbox. Each delivery is leased, so that nobody else sends it, and retried until it arrives or is dead. */
import { type IdempotencyRecord, noRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { inParallel } from '../lib/in-parallel.ts'
import { describeError } from '../lib/log.ts'
import { MINUTE, SECOND } from '../lib/time.ts'
import { ANSWER_TIMEOUT, type Attempt, attempt } from './attempt.ts'
import { type Leased, leaseDeliveries, type Outcome, recordAttempt, returnDeliveries } from './leases.store.ts'
import { type Message, messageOf } from './message.ts'
import { nextAttemptAt, nextMinute } from './retry.ts'
import { openSigningSecret, resealSigningSecrets } from './signing-secret.ts'

/** Longer than a run can take. After a crash somebody else takes over when it ends. */
export const LEASE = 2 * MINUTE

/** A Worker has six connections. */
const MAX_CONCURRENT_ENDPOINTS = 5

/** No attempt starts later in a run: Cloudflare stops what runs 30 s after a response, and an attempt takes up to ten. */
const START_WITHIN = 15 * SECOND

export type Delivered = {
  sent: number
  failed: number
  /** More is due: call again. */
  more: boolean
}

export type DeliverOptions = {
  /** Deliveries in this run; Workers Free allows 50 requests and 50 queries. */
  limit?: number
  timeoutMs?: number
}

/**
 * Sends what is due, low priority last. Two concurrent runs send nothing twice. An endpoint gets its deliveries one
 * after another. One that fails rests, so that the others do not wait for it. Never throws: what goes wrong is logged,
 * and is due again when its lease ends.
 */
export async function deliverDue(
  deps: Deps,
  { limit = 20, timeoutMs = ANSWER_TIMEOUT }: DeliverOptions = {},
): Promise<Delivered> {
  const total: Delivered = { sent: 0, failed: 0, more: false }
  const now = deps.now().getTime()
  await logged(deps, async () => {
    await resealSigningSecrets(deps)
    const lease = newId(deps, 'lse')
    const { leased, more } = await leaseDeliveries(deps.db, { lease, now, until: now + LEASE, limit })
    total.more = more
    const run = { total, timeoutMs, stopAt: now + START_WITHIN, resting: new Set<string>() }
    for (const priority of [0, 1]) {
      const deliveries = leased.filter((delivery) => delivery.priority === priority)
      const ofEndpoints = Map.groupBy(deliveries, ({ webhookId }) => webhookId).values()
      await inParallel(ofEndpoints, MAX_CONCURRENT_ENDPOINTS, (own) =>
        logged(deps, () => deliverInTurn(deps, own, run)),
      )
    }
  })
  return total
}

/** `resting`: endpoints that get no more in this run. */
type Run = { total: Delivered; timeoutMs: number; stopAt: number; resting: Set<string> }

async function deliverInTurn(
  deps: Deps,
  deliveries: Leased[],
  { total, timeoutMs, stopAt, resting }: Run,
): Promise<void> {
  for (const [index, delivery] of deliveries.entries()) {
    const now = deps.now().getTime()
    if (now >= stopAt || resting.has(delivery.webhookId)) {
      total.more ||= now >= stopAt
      return returnDeliveries(deps.db, deliveries.slice(index), now)
    }
    const { status, restsUntil, disabling } = await deliver(deps, delivery, { timeoutMs })
    total[status === 'delivered' ? 'sent' : 'failed'] += 1
    if (restsUntil || disabling) resting.add(delivery.webhookId)
    if (disabling) total.more = true // an alert for the other endpoints
  }
}

const UNSIGNABLE: Attempt = {
  result: 'failed',
  status: undefined,
  error: 'not sent: the signing secret was sealed under another TOKEN_SECRET',
}

/** Makes one attempt and stores its result. `last`: there is no retry. */
export async function deliver(
  deps: Deps,
  delivery: Leased,
  { timeoutMs, last = false, record = noRecord }: { timeoutMs?: number; last?: boolean; record?: IdempotencyRecord },
): Promise<Outcome> {
  const message = await signedMessage(deps, delivery)
  const tried = message ? await attempt(deps, delivery.url, message, timeoutMs) : UNSIGNABLE
  const outcome = outcomeOf(deps, delivery, tried, last)
  await recordAttempt(deps.db, delivery, outcome, record)
  return outcome
}

/** @returns undefined when it cannot be signed: the service no longer has the secret that encrypted the endpoint's. */
async function signedMessage(deps: Deps, { secret: sealed, ...event }: Leased): Promise<Message | undefined> {
  const now = deps.now().getTime()
  if (event.format !== 'standard') return messageOf(event, now)
  const secret = await openSigningSecret(deps, sealed)
  return secret === undefined ? undefined : messageOf({ ...event, secret }, now)
}

function outcomeOf(deps: Deps, { webhookId, url, attempts }: Leased, tried: Attempt, last: boolean): Outcome {
  const now = deps.now().getTime()
  if (tried.result === 'delivered') return { status: 'delivered', lastStatus: tried.status, lastError: '', now }
  const failed = { status: 'dead', lastStatus: tried.status, lastError: tried.error, now } as const
  if (tried.result === 'refused') return failed
  if (tried.result === 'gone') {
    // Without the URL, which may contain a secret.
    const data = { webhookId, host: new URL(url).host, reason: tried.error }
    return { ...failed, disabling: { eventId: newId(deps, 'evt'), data } }
  }
  const restsUntil = isDown(tried.status) ? (tried.notBefore ?? nextMinute(now)) : undefined
  const retryAt = last ? undefined : nextAttemptAt(attempts + 1, now, (deps.random(1)[0] as number) / 255)
  if (retryAt === undefined) return { ...failed, restsUntil }
  return { ...failed, status: 'pending', nextAttemptAt: Math.max(retryAt, restsUntil ?? 0), restsUntil }
}

/** True when the receiver failed, whatever the message: another one would fail too. */
const isDown = (status: number | undefined) => status === undefined || status === 429 || status >= 500

async function logged(deps: Pick<Deps, 'log'>, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    deps.log('error', { message: 'deliveries failed', ...describeError(error) })
  }
}
