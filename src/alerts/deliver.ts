/** Sending what stands in the outbox: leased, so that nobody else sends it, and tried again until it arrives or is dead. */
import { type IdempotencyRecord, noRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { inParallel } from '../lib/in-parallel.ts'
import { describeError } from '../lib/log.ts'
import { MINUTE, SECOND } from '../lib/time.ts'
import { ANSWER_TIMEOUT, type Attempt, attempt } from './attempt.ts'
import { type Leased, leaseDeliveries, type Outcome, recordAttempt, returnDeliveries } from './leases.store.ts'
import { type Message, toDiscord, toStandard } from './message.ts'
import { nextAttemptAt, nextMinute } from './retry.ts'
import { openSigningSecret, resealSigningSecrets } from './signing-secret.ts'

/** Longer than a run can take; after a crash somebody else takes over. */
export const LEASE = 2 * MINUTE

/** Endpoints that are called at once: a Worker has six connections. */
const CALLED_AT_ONCE = 5

/** No attempt begins later in a run: what runs after a response is cut off after 30 s, and an attempt takes up to ten. */
const RUN = 15 * SECOND

export type Delivered = {
  sent: number
  failed: number
  /** There is more that is due: call again. */
  more: boolean
}

export type DeliverOptions = {
  /** Deliveries in this run; Workers Free allows 50 requests and 50 queries. */
  limit?: number
  timeoutMs?: number
}

/**
 * Sends what is due, that of low priority last. Two at once send nothing twice. Each endpoint gets its own one after
 * another; one that does not answer well rests, so that nobody waits for it. Never fails: what it could not do is
 * logged, and is due again when its lease runs out.
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
    const run = { total, timeoutMs, stopAt: now + RUN, spent: new Set<string>() }
    for (const priority of [0, 1]) {
      const deliveries = leased.filter((delivery) => delivery.priority === priority)
      const ofEndpoints = Map.groupBy(deliveries, ({ webhookId }) => webhookId).values()
      await inParallel(ofEndpoints, CALLED_AT_ONCE, (own) => logged(deps, () => deliverInTurn(deps, own, run)))
    }
  })
  return total
}

/** `spent`: endpoints that get no more in this run. */
type Run = { total: Delivered; timeoutMs: number; stopAt: number; spent: Set<string> }

async function deliverInTurn(
  deps: Deps,
  deliveries: Leased[],
  { total, timeoutMs, stopAt, spent }: Run,
): Promise<void> {
  for (const [index, delivery] of deliveries.entries()) {
    const now = deps.now().getTime()
    if (now >= stopAt || spent.has(delivery.webhookId)) {
      total.more ||= now >= stopAt
      return returnDeliveries(deps.db, deliveries.slice(index), now)
    }
    const { status, restsUntil, disabling } = await deliver(deps, delivery, { timeoutMs })
    total[status === 'delivered' ? 'sent' : 'failed'] += 1
    if (restsUntil || disabling) spent.add(delivery.webhookId)
    if (disabling) total.more = true // the other endpoints are told
  }
}

const UNSIGNABLE: Attempt = {
  result: 'failed',
  status: undefined,
  error: 'not sent: the signing secret was sealed under another TOKEN_SECRET',
}

/** Makes one attempt and records it. `last`: it is not tried again. */
export async function deliver(
  deps: Deps,
  delivery: Leased,
  { timeoutMs, last = false, record = noRecord }: { timeoutMs?: number; last?: boolean; record?: IdempotencyRecord },
): Promise<Outcome> {
  const message = await messageOf(deps, delivery)
  const tried = message ? await attempt(deps, delivery.url, message, timeoutMs) : UNSIGNABLE
  const outcome = outcomeOf(deps, delivery, tried, last)
  await recordAttempt(deps.db, delivery, outcome, record)
  return outcome
}

/** undefined when it cannot be signed: it was sealed under a secret that the service no longer has. */
async function messageOf(
  deps: Deps,
  { format, secret: sealed, eventId, payload }: Leased,
): Promise<Message | undefined> {
  if (format === 'discord') return toDiscord(payload)
  const secret = await openSigningSecret(deps, sealed)
  return secret === undefined ? undefined : toStandard({ eventId, payload, secret }, deps.now().getTime())
}

function outcomeOf(deps: Deps, { webhookId, url, attempts }: Leased, tried: Attempt, last: boolean): Outcome {
  const now = deps.now().getTime()
  if (tried.result === 'delivered') return { status: 'delivered', lastStatus: tried.status, lastError: '', now }
  const failed = { status: 'dead', lastStatus: tried.status, lastError: tried.error, now } as const
  if (tried.result === 'refused') return failed
  if (tried.result === 'gone') {
    // The URL stays out of the event: it may hold a secret.
    const data = { webhookId, host: new URL(url).host, reason: tried.error }
    return { ...failed, disabling: { eventId: newId(deps, 'evt'), data } }
  }
  const restsUntil = isUnwell(tried.status) ? (tried.notBefore ?? nextMinute(now)) : undefined
  const retryAt = last ? undefined : nextAttemptAt(attempts + 1, now, (deps.random(1)[0] as number) / 255)
  if (retryAt === undefined) return { ...failed, restsUntil }
  return { ...failed, status: 'pending', nextAttemptAt: Math.max(retryAt, restsUntil ?? 0), restsUntil }
}

/** True for an answer, or none, that says nothing of the message: another one would fare no better just now. */
const isUnwell = (status: number | undefined) => status === undefined || status === 429 || status >= 500

async function logged(deps: Pick<Deps, 'log'>, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    deps.log('error', { message: 'deliveries failed', ...describeError(error) })
  }
}
