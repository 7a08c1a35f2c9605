/** The service's own jobs. The code says what they are, the table how they ran. */
import type { SystemAction } from './actions/action.ts'
import { deliveries, emails, holds, month, ranks } from './actions/service.ts'
import { tidy } from './actions/tidy.ts'
import type { Job } from './jobs.store.ts'
import { nextRun } from './schedules.ts'

export type SystemJob = {
  /** Its name is the job's id. */
  action: SystemAction
  schedule: string
  /** Runs at every tick, without a claim: concurrent runs do no harm, and with nothing to do it costs one small read. */
  eachTick: boolean
  whileStopped: boolean
}

export const SYSTEM_JOBS: readonly SystemJob[] = [
  { action: deliveries, schedule: 'every 1m', eachTick: true, whileStopped: true },
  { action: holds, schedule: 'every 1m', eachTick: true, whileStopped: false },
  { action: month, schedule: 'every 1m', eachTick: true, whileStopped: false },
  { action: ranks, schedule: 'every 1m', eachTick: true, whileStopped: false },
  { action: emails, schedule: 'every 1m', eachTick: true, whileStopped: false },
  { action: tidy, schedule: '17 3 * * * UTC', eachTick: false, whileStopped: false },
]

export const SYSTEM_IDS = SYSTEM_JOBS.map(({ action }) => action.name)

export const systemJob = (id: string) => SYSTEM_JOBS.find(({ action }) => action.name === id)

/** The row of one that has never run. */
export const newSystemRow = ({ action: { name }, schedule, eachTick }: SystemJob, now: number): Job => ({
  id: name,
  action: name,
  schedule,
  payload: '{}',
  enabled: 1,
  nextRunAt: eachTick ? null : nextRun(schedule, now, 0),
  runId: null,
  runCursor: null,
  leaseUntil: null,
  failures: 0,
  lastRunAt: null,
  lastOutcome: '',
  lastError: '',
  createdAt: 0,
})

/** False where another version of the code wrote the row. */
export const isCurrent = ({ action, schedule }: SystemJob, row: Job | undefined): row is Job =>
  row?.action === action.name && row.schedule === schedule
