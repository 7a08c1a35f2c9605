/** Which jobs run: those that are due at a tick of the cron, and one that somebody runs now. */
import { type IdempotencyRecord, noRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError } from '../errors.ts'
import { describeError } from '../lib/log.ts'
import { HOUR, SECOND } from '../lib/time.ts'
import { allMonths, month } from './actions/service.ts'
import { claimJob, findJob, findTick, type Job, putSystemJobs, recordAnswer } from './jobs.store.ts'
import { LEASE, type Report, runTurn } from './run.ts'
import { isCurrent, newSystemRow, SYSTEM_IDS, SYSTEM_JOBS, systemJob } from './system-jobs.ts'

/** The rest runs at the next tick. */
const MAX_JOBS_PER_TICK = 25

/** A job of each tick that finds nothing to do stores that it has looked only this often. */
const IDLE_NOTE_INTERVAL = HOUR

/** How long a caller who runs a job waits for its end, and how often a repeated call looks for it. */
export const ANSWER_WITHIN = 10 * SECOND
const LOOK_INTERVAL = SECOND / 4

/** The cron of each minute. A job that fails, hangs or was missed keeps no other from running. */
export async function runDueJobs(outer: Deps, scheduledTime: number): Promise<void> {
  const { deps, stopped, due, system } = await openTick(outer, scheduledTime)
  const eachTick = SYSTEM_JOBS.filter((job) => job.eachTick && (job.whileStopped || !stopped))
  await Promise.all([
    ...(stopped ? [] : due).map((id) => logged(deps, id, runIfDue(deps, id))),
    ...eachTick.map(({ action: { name } }) => logged(deps, name, runUnclaimed(deps, system.get(name) as Job))),
  ])
}

/**
 * The cron of each month rolls over every account that is due, where the minute's stops after some thousands: Cloudflare
 * gives it 15 minutes of CPU instead of 30 seconds. It claims the job, and so the minute's cron leaves it alone meanwhile.
 */
export async function runMonth(outer: Deps, scheduledTime: number): Promise<void> {
  const { deps, stopped } = await openTick(outer, scheduledTime)
  if (stopped) return
  const job = await claimJob(deps.db, month.name, claimFor(deps), { due: false, nextRunAt: null, record: noRecord })
  if (job) await runTurn(deps, job, { action: allMonths })
}

/** Runs a job whatever its schedule says. @throws AppError not_found; conflict while it is running. */
export async function runNow(deps: Deps, id: string, record: IdempotencyRecord): Promise<Report> {
  const job = await claimNow(deps, id, record)
  const waiting = { record, finishing: false }
  const run = runTurn(deps, job, { waiting }).then((report) => {
    if (!report) throw new AppError('conflict', 'The job was changed or removed while it ran.')
    return report
  })
  const ended = new AbortController()
  const inTime = await Promise.race([run, deps.wait(ANSWER_WITHIN, ended.signal)]).finally(() => ended.abort())
  if (inTime || waiting.finishing) return run

  waiting.record = noRecord
  deps.defer(logged(deps, id, run))
  const report: Report = { id, runId: job.runId, state: 'running', outcome: '', error: '' }
  await recordAnswer(deps.db, { record, report })
  return report
}

/** What a tick needs. Its clock is never before the time for which it was planned. */
async function openTick(outer: Deps, scheduledTime: number) {
  const deps: Deps = { ...outer, now: () => new Date(Math.max(scheduledTime, outer.now().getTime())) }
  const now = deps.now().getTime()
  const tick = await findTick(deps.db, now, { systemIds: SYSTEM_IDS, limit: MAX_JOBS_PER_TICK })
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
  if (job) await runTurn(deps, job)
}

/** A job of each tick. Most ticks have nothing to do, and so it stores only what is worth storing. */
async function runUnclaimed(deps: Deps, row: Job): Promise<void> {
  const now = deps.now().getTime()
  if (row.leaseUntil !== null && row.leaseUntil > now) return
  const notedLately = row.runId === null && now - (row.lastRunAt ?? 0) < IDLE_NOTE_INTERVAL
  const job = { ...row, runId: row.runId ?? newId(deps, 'run') }
  await runTurn(deps, job, { isWorthStoring: (end) => !(notedLately && end.state === 'done' && end.outcome === '') })
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
  // A call that is repeated while the first is being answered waits for the first one's answer.
  if (record !== noRecord) await untilFree(deps, id)
  throw new AppError('conflict', 'The job is running just now.')
}

const claimFor = (deps: Deps) => {
  const now = deps.now().getTime()
  return { now, leaseUntil: now + LEASE, newRunId: newId(deps, 'run') }
}

async function untilFree(deps: Deps, id: string): Promise<void> {
  for (let waited = 0; waited < ANSWER_WITHIN; waited += LOOK_INTERVAL) {
    const row = await findJob(deps.db, id)
    if (!row?.leaseUntil || row.leaseUntil <= deps.now().getTime()) return
    await deps.wait(LOOK_INTERVAL)
  }
}

/** Logs what goes wrong with one job, so that the others run. */
async function logged(deps: Deps, id: string, run: Promise<unknown>): Promise<void> {
  await run.catch((error: unknown) =>
    deps.log('error', { message: 'a job could not be run', job: id, ...describeError(error) }),
  )
}

export const noSuchJob = () => new AppError('not_found', 'There is no such job.')
