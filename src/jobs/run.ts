/** One run of one job: slices of bounded work, until it is done, fails, or has had its turn. */
import { deliverDue } from '../alerts/deliver.ts'
import { type IdempotencyRecord, noRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError } from '../errors.ts'
import { describeError } from '../lib/log.ts'
import { HOUR, MINUTE, SECOND } from '../lib/time.ts'
import { actionNamed } from './actions.ts'
import { type ClaimedJob, type Settlement, settleJob, updateProgress } from './jobs.store.ts'
import { nextRun } from './schedules.ts'
import { systemJob } from './system-jobs.ts'

const MAX_SLICE = 20 * SECOND
/** Longer than a slice; after it a run that was cut off is anyone's. */
export const LEASE = MINUTE

/** A turn ends before the next tick, and within what D1 allows an invocation. */
const SLICES_A_TURN = 20
const MAX_TURN = 40 * SECOND

const MAX_BACKOFF = HOUR
const MAX_TEXT = 300

/** `running`: there is more to do, and a later tick does it. */
export type Report = { id: string; runId: string; state: 'done' | 'failed' | 'running'; outcome: string; error: string }

/** A caller who waits for the report; `settling` once it is too late to tell them something else. */
export type Waiting = { record: IdempotencyRecord; settling: boolean }

type End = Pick<Settlement, 'state' | 'over' | 'cursor' | 'outcome' | 'error'>

/**
 * Does what a turn holds of a run. An end that is not `worthNoting` leaves no trace.
 * @returns undefined when the run was lost: the job was changed or removed, or somebody else is at it.
 */
export async function goOn(
  deps: Deps,
  job: ClaimedJob,
  waiting: Waiting = { record: noRecord, settling: false },
  worthNoting: (end: End) => boolean = () => true,
): Promise<Report | undefined> {
  let held = job
  const from = deps.now().getTime()
  for (let slice = 1; ; slice++) {
    const end = await runSlice(deps, held)
    const turnIsOver = slice === SLICES_A_TURN || deps.now().getTime() - from >= MAX_TURN
    if (end.state !== 'paused' || turnIsOver) return settle(deps, held, end, waiting, worthNoting)
    const leaseUntil = deps.now().getTime() + LEASE
    if (!(await updateProgress(deps.db, held, end.cursor as string, leaseUntil))) return undefined
    held = { ...held, runCursor: end.cursor, leaseUntil }
  }
}

async function runSlice(deps: Deps, job: ClaimedJob): Promise<End> {
  const { id, runId, runCursor: cursor } = job
  try {
    const { outcome: said, cursor: next, fault } = await withinLimit(deps, act(deps, job))
    const outcome = said.slice(0, MAX_TEXT)
    if (next !== undefined) return { state: 'paused', over: false, cursor: next, outcome, error: '' }
    if (fault === undefined) return { state: 'done', over: true, cursor: null, outcome, error: '' }
    deps.log('warn', { message: 'a job found a fault', job: id, runId, fault })
    return { state: 'failed', over: true, cursor: null, outcome, error: fault.slice(0, MAX_TEXT) }
  } catch (error) {
    deps.log('warn', { message: 'a job failed', job: id, runId, ...describeError(error) })
    return { state: 'failed', over: false, cursor, outcome: null, error: failureText(error).slice(0, MAX_TEXT) }
  }
}

async function act(deps: Deps, { id, action: name, payload, runId, runCursor }: ClaimedJob) {
  const cursor = runCursor ?? undefined
  const system = systemJob(id)
  if (system) return system.action.run(deps, { payload: {}, id, runId, cursor })
  const action = actionNamed(name)
  if (!action) throw new AppError('not_found', `there is no action ${name} any more`)
  return action.run(deps, { payload: action.payload.parse(JSON.parse(payload)), id, runId, cursor })
}

/** What has not ended by then is left alone: it finds its run settled, and repeating it does no harm. */
async function withinLimit<T>(deps: Deps, work: Promise<T>): Promise<T> {
  const ended = new AbortController()
  const limit = deps.wait(MAX_SLICE, ended.signal).then((): never => {
    throw new AppError('unavailable', `took longer than ${MAX_SLICE / SECOND} seconds at a time`)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    ended.abort()
  }
}

/** What may be shown: a message of ours, but only the name of any other error, whose message may hold anything. */
const failureText = (error: unknown) =>
  error instanceof AppError ? error.message : `unexpected ${describeError(error).error}; the log says where`

async function settle(
  deps: Deps,
  job: ClaimedJob,
  end: End,
  waiting: Waiting,
  worthNoting: (end: End) => boolean,
): Promise<Report | undefined> {
  const { id, runId } = job
  const state = end.state === 'paused' ? 'running' : end.state
  const report: Report = { id, runId, state, outcome: end.outcome ?? '', error: end.error }
  if (!worthNoting(end)) return report
  waiting.settling = true
  const at = deps.now().getTime()
  const settlement = { ...end, at, nextRunAt: timeAfter(job, end, at), eventId: newId(deps, 'evt') }
  if (!(await settleJob(deps.db, job, settlement, { record: waiting.record, report }))) return undefined
  if (end.state === 'failed') deps.defer(deliverDue(deps))
  return report
}

/** When the schedule says, but for a retry of what failed: then after 1, 2, 4, … minutes, if that is sooner. */
function timeAfter(job: ClaimedJob, { over }: End, now: number): number | null {
  if (systemJob(job.id)?.eachTick) return null
  const scheduled = nextRun(job.schedule, job.lastRunAt ?? now, job.createdAt)
  if (over) return scheduled
  const minute = Math.floor(now / MINUTE) * MINUTE
  const retry = minute + Math.min(MINUTE * 2 ** job.failures, MAX_BACKOFF)
  return Math.min(retry, scheduled ?? retry)
}
