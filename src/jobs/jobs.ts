/** Background jobs: adding, changing, showing and removing them. */
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { isoTime } from '../lib/time.ts'
import { actionNamed } from './actions.ts'
import * as store from './jobs.store.ts'
import { noSuchJob } from './runner.ts'
import { nextRun } from './schedules.ts'
import { newSystemRow, SYSTEM_IDS, SYSTEM_JOBS, systemJob } from './system-jobs.ts'

/** The system's own are not counted. */
const MAX_JOBS = 100

/** All of them, the system's own included. */
export async function listJobs(deps: Deps) {
  const now = deps.now().getTime()
  const rows = await store.listJobs(deps.db)
  const notYetStored = SYSTEM_JOBS.filter(({ action }) => rows.every(({ id }) => id !== action.name))
  return [...rows, ...notYetStored.map((job) => newSystemRow(job, now))]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((row) => show(row, now))
}

/** @throws AppError not_found */
export async function showJob(deps: Deps, id: string) {
  const now = deps.now().getTime()
  const system = systemJob(id)
  const row = (await store.findJob(deps.db, id)) ?? (system && newSystemRow(system, now))
  if (!row) throw noSuchJob()
  return show(row, now)
}

export type JobSettings = { action: string; schedule: string; payload: unknown; enabled: boolean }

/** Adds a job, or changes it. @throws AppError forbidden for a system job; invalid_request; conflict when there are too many. */
export async function putJob(deps: Deps, id: string, { action, schedule, payload, enabled }: JobSettings) {
  refuseSystem(id)
  actionNamed(action)?.check?.(deps, payload)
  const now = deps.now().getTime()
  const job = {
    id,
    action,
    schedule,
    payload: JSON.stringify(payload),
    enabled: enabled ? (1 as const) : (0 as const),
    nextRunAt: enabled ? nextRun(schedule, now, now) : null,
    createdAt: now,
  }
  const put = await store.putJob(deps.db, job, { systemIds: SYSTEM_IDS, maxJobs: MAX_JOBS })
  if (!put) throw new AppError('conflict', `There are ${MAX_JOBS} jobs already. Remove one first.`)
  return { job: show(put.row, now), added: put.added }
}

/** A run of it finishes its current slice. @throws AppError not_found; forbidden for a system job. */
export async function removeJob({ db }: Pick<Deps, 'db'>, id: string): Promise<void> {
  refuseSystem(id)
  if (!(await store.deleteJob(db, id))) throw noSuchJob()
}

function refuseSystem(id: string): void {
  if (systemJob(id)) {
    throw new AppError(
      'forbidden',
      `The service itself needs the job "${id}": it can be seen and run, not changed or removed.`,
    )
  }
}

function show(row: store.Job, now: number) {
  const { id, action, schedule, payload, lastOutcome, lastError, failures } = row
  const running = row.leaseUntil !== null && row.leaseUntil > now
  const eachTick = systemJob(id)?.eachTick === true
  // While it runs, its row says when a cut-off run would be resumed.
  const next = eachTick || (running && row.nextRunAt !== null) ? nextRun(schedule, now, row.createdAt) : row.nextRunAt
  return {
    id,
    action,
    schedule,
    payload: JSON.parse(payload),
    enabled: row.enabled === 1,
    system: systemJob(id) !== undefined,
    running,
    nextRunAt: isoTime(row.enabled === 1 ? next : null),
    lastRunAt: isoTime(row.lastRunAt),
    lastOutcome,
    lastError,
    failures,
  }
}
