/** Which jobs run: those that are due at a tick of the cron, or one at once. */
import { type IdempotencyRecord, noRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError } from '../errors.ts'
import { describeError } from '../lib/log.ts'
import { HOUR, SECOND } from '../lib/time.ts'
import { claimJob, findJob, findTick, type Job, keepAnswer, putSystemJobs } from './jobs.store.ts'
import { goOn, LEASE, type Report } from './run.ts'
import { isCurrent, newSystemRow, SYSTEM_IDS, SYSTEM_JOBS, systemJob } from './system-jobs.ts'

/** The rest runs at the next tick. */
const JOBS_A_TICK = 25

/** So often a job that finds nothing to do says at the least that it has looked. */
const IDLE_NOTE_EVERY = HOUR

/** A caller who runs a job waits so long for its end, and looks so often. */
const ANSWER_WITHIN = 10 * SECOND
const LOOK_EVERY = SECOND / 4

/** A tick of the minute cron. A job that fails, hangs or was missed keeps no other from running. */
export async function runDueJobs(outer: Deps, scheduledTime: number): Promise<void> {
  const { deps, stopped, due, system } = await openTick(outer, scheduledTime)
  const eachTick = SYSTEM_JOBS.filter((job) => job.eachTick && (job.whileStopped || !stopped))
  await Promise.all([
    ...(stopped ? [] : due).map((id) => alone(deps, id, runIfDue(deps, id))),
    ...eachTick.map(({ action: { name } }) => alone(deps, name, runUnclaimed(deps, system.get(name) as Job))),
  ])
}

/** The month's own cron: what the tick does for it, once more. */
export async function runMonth(outer: Deps, scheduledTime: number): Promise<void> {
  const { deps, stopped, system } = await openTick(outer, scheduledTime)
  if (!stopped) await runUnclaimed(deps, system.get('month') as Job)
}

/** Runs a job whatever its schedule says. @throws AppError not_found; conflict while it is running. */
export async function runNow(deps: Deps, id: string, record: IdempotencyRecord): Promise<Report> {
  const job = await claimNow(deps, id, record)
  const waiting = { record, settling: false }
  const run = goOn(deps, job, waiting).then((report) => {
    if (!report) throw new AppError('conflict', 'The job was changed or removed while it ran.')
    return report
  })
  const ended = new AbortController()
  const inTime = await Promise.race([run, deps.wait(ANSWER_WITHIN, ended.signal)]).finally(() => ended.abort())
  if (inTime || waiting.settling) return run

  waiting.record = noRecord
  deps.defer(alone(deps, id, run))
  const report: Report = { id, runId: job.runId, state: 'running', outcome: '', error: '' }
  await keepAnswer(deps.db, { record, report })
  return report
}

/** What a tick has to know. Its clock is never before the time for which it was planned. */
async function openTick(outer: Deps, scheduledTime: number) {
  const deps: Deps = { ...outer, now: () => new Date(Math.max(scheduledTime, outer.now().getTime())) }
  const now = deps.now().getTime()
  const tick = await findTick(deps.db, now, { systemIds: SYSTEM_IDS, atMost: JOBS_A_TICK })
  const system = new Map(tick.system.map((row) => [row.id, row]))
  const missing = SYSTEM_JOBS.filter((job) => !isCurrent(job, system.get(job.action.name))).map((job) =>
    newSystemRow(job, now),
  )
  if (missing.length > 0) await putSystemJobs(deps.db, missing)
  for (const row of missing) system.set(row.id, row)
  return { deps, stopped: tick.stopped, due: tick.due, system }
}

async function runIfDue(deps: Deps, id: string): Promise<void> {
  const job = await claimJob(deps.db, id, claimFor(deps), { due: true })
  if (job) await goOn(deps, job)
}

/** For a job of each tick. It writes only what is worth it: a minute has many, and most of them have nothing to do. */
async function runUnclaimed(deps: Deps, row: Job): Promise<void> {
  const now = deps.now().getTime()
  if (row.leaseUntil !== null && row.leaseUntil > now) return
  const idle = row.runId === null && now - (row.lastRunAt ?? 0) < IDLE_NOTE_EVERY
  const job = { ...row, runId: row.runId ?? newId(deps, 'run') }
  await goOn(deps, job, undefined, (end) => !(idle && end.state === 'done' && end.outcome === ''))
}

async function claimNow(deps: Deps, id: string, record: IdempotencyRecord) {
  const system = systemJob(id)
  const now = deps.now().getTime()
  const row = await findJob(deps.db, id)
  if (!row && !system) throw noSuchJob()
  if (!row && system) await putSystemJobs(deps.db, [newSystemRow(system, now)])
  const job = await claimJob(deps.db, id, claimFor(deps), {
    due: false,
    nextRunAt: system?.eachTick ? null : now,
    record,
  })
  if (job) return job
  // Who repeats a call that is being answered waits for that answer.
  if (record !== noRecord) await untilFree(deps, id)
  throw new AppError('conflict', 'The job is running just now.')
}

const claimFor = (deps: Deps) => {
  const now = deps.now().getTime()
  return { now, leaseUntil: now + LEASE, newRunId: newId(deps, 'run') }
}

async function untilFree(deps: Deps, id: string): Promise<void> {
  for (let waited = 0; waited < ANSWER_WITHIN; waited += LOOK_EVERY) {
    const row = await findJob(deps.db, id)
    if (!row?.leaseUntil || row.leaseUntil <= deps.now().getTime()) return
    await deps.wait(LOOK_EVERY)
  }
}

/** Whatever goes wrong with one job is logged, and is no other's trouble. */
async function alone(deps: Deps, id: string, run: Promise<unknown>): Promise<void> {
  await run.catch((error: unknown) =>
    deps.log('error', { message: 'a job could not be run', job: id, ...describeError(error) }),
  )
}

export const noSuchJob = () => new AppError('not_found', 'There is no such job.')
