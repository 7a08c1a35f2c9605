/** One run of one job: slices of bounded work, until it is done, fails, or has used its turn. */
import { deliverDue } from '../alerts/deliver.ts'
import { type IdempotencyRecord, noRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError } from '../errors.ts'
import { describeError } from '../lib/log.ts'
import { HOUR, MINUTE, SECOND } from '../lib/time.ts'
import type { SystemAction } from './actions/action.ts'
import { actionNamed } from './actions.ts'
import { type ClaimedJob, finishRun, type RunEnd, updateProgress } from './jobs.store.ts'
import { nextRun } from './schedules.ts'
import { systemJob } from './system-jobs.ts'

const MAX_SLICE = 20 * SECOND
/** Longer than a slice. When it is over, anyone may resume a run that was cut off. */
export const LEASE = MINUTE

/** A turn ends before the next tick, and within what D1 allows an invocation. */
const MAX_SLICES = 20
const MAX_TURN = 40 * SECOND

const MAX_BACKOFF = HOUR
const MAX_TEXT = 300

/** `running`: there is more to do, and a later tick does it. */
export type Report = { id: string; runId: string; state: 'done' | 'failed' | 'running'; outcome: string; error: string }

/** A caller who waits for the report. `finishing`: it is too late to answer them that the run continues. */
export type Waiting = { record: IdempotencyRecord; finishing: boolean }

type SliceEnd = Pick<RunEnd, 'state' | 'over' | 'cursor' | 'outcome' | 'error'>

export type TurnOptions = {
  waiting?: Waiting
  /** An end that is not worth storing leaves no trace. */
  isWorthStoring?: (end: SliceEnd) => boolean
  /** Instead of the job's own. */
  action?: SystemAction
}

/**
 * Does as much of a run as fits into a turn.
 * @returns undefined when the run was lost: the job was changed or removed, or somebody else runs it.
 */
export async function runTurn(
  deps: Deps,
  job: ClaimedJob,
  { waiting = { record: noRecord, finishing: false }, isWorthStoring = () => true, action }: TurnOptions = {},
): Promise<Report | undefined> {
  let held = job
  const from = deps.now().getTime()
  for (let slice = 1; ; slice++) {
    const end = await runSlice(deps, held, action)
    const turnIsOver = slice === MAX_SLICES || deps.now().getTime() - from >= MAX_TURN
    if (end.state !== 'paused' || turnIsOver) return finish(deps, held, end, { waiting, isWorthStoring })
    const leaseUntil = deps.now().getTime() + LEASE
    if (!(await updateProgress(deps.db, held, end.cursor as string, leaseUntil))) return undefined
    held = { ...held, runCursor: end.cursor, leaseUntil }
  }
}

async function runSlice(deps: Deps, job: ClaimedJob, action: SystemAction | undefined): Promise<SliceEnd> {
  const { id, runId, runCursor: cursor } = job
  try {
    const step = await withinLimit(deps, act(deps, job, action ?? systemJob(id)?.action))
    const outcome = step.outcome.slice(0, MAX_TEXT)
    if (step.cursor !== undefined) return { state: 'paused', over: false, cursor: step.cursor, outcome, error: '' }
    if (step.fault === undefined) return { state: 'done', over: true, cursor: null, outcome, error: '' }
    deps.log('warn', { message: 'a job found a fault', job: id, runId, fault: step.fault })
    return { state: 'failed', over: true, cursor: null, outcome, error: step.fault.slice(0, MAX_TEXT) }
  } catch (error) {
    deps.log('warn', { message: 'a job failed', job: id, runId, ...describeError(error) })
    return { state: 'failed', over: false, cursor, outcome: null, error: failureText(error).slice(0, MAX_TEXT) }
  }
}

async function act(
  deps: Deps,
  { id, action: name, payload, runId, runCursor }: ClaimedJob,
  systemAction: SystemAction | undefined,
) {
  const cursor = runCursor ?? undefined
  if (systemAction) return systemAction.run(deps, { payload: {}, id, runId, cursor })
  const action = actionNamed(name)
  if (!action) throw new AppError('not_found', `there is no action ${name} any more`)
  return action.run(deps, { payload: action.payload.parse(JSON.parse(payload)), id, runId, cursor })
}

/** Work that takes longer is left running: it finds its run finished, and repeating it does no harm. */
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

/** What may be shown: a message of ours, but only the name of any other error, whose message may contain anything. */
const failureText = (error: unknown) =>
  error instanceof AppError ? error.message : `unexpected ${describeError(error).error}; the log says where`

async function finish(
  deps: Deps,
  job: ClaimedJob,
  end: SliceEnd,
  { waiting, isWorthStoring }: Required<Pick<TurnOptions, 'waiting' | 'isWorthStoring'>>,
): Promise<Report | undefined> {
  const { id, runId } = job
  const state = end.state === 'paused' ? 'running' : end.state
  const report: Report = { id, runId, state, outcome: end.outcome ?? '', error: end.error }
  if (!isWorthStoring(end)) return report
  waiting.finishing = true
  const at = deps.now().getTime()
  const ids = { eventId: newId(deps, 'evt'), writeId: newId(deps, 'wrt') }
  const runEnd = { ...end, ...ids, at, nextRunAt: timeAfter(job, end, at) }
  if (!(await finishRun(deps.db, job, runEnd, { record: waiting.record, report }))) return undefined
  if (end.state === 'failed') deps.defer(deliverDue(deps))
  return report
}

/** As scheduled. What failed is retried after 1, 2, 4, … minutes, if that is sooner. */
function timeAfter(job: ClaimedJob, { over }: SliceEnd, now: number): number | null {
  if (systemJob(job.id)?.eachTick) return null
  const scheduled = nextRun(job.schedule, job.lastRunAt ?? now, job.createdAt)
  if (over) return scheduled
  const minute = Math.floor(now / MINUTE) * MINUTE
  const retry = minute + Math.min(MINUTE * 2 ** job.failures, MAX_BACKOFF)
  return Math.min(retry, scheduled ?? retry)
}
