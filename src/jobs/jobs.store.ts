import { type SQL, sql } from 'drizzle-orm'
import { noteEvents } from '../alerts/outbox.ts'
import { batchRows, type Db } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'

/** Times in milliseconds. */
export type Job = {
  id: string
  action: string
  schedule: string
  /** JSON. */
  payload: string
  enabled: 0 | 1
  /** null: disabled, or run at every tick. */
  nextRunAt: number | null
  /** The current run, or one that has to be resumed. */
  runId: string | null
  runCursor: string | null
  /** Until then somebody runs it. It rises with every claim of a run, which tells the claims apart. */
  leaseUntil: number | null
  /** In a row. */
  failures: number
  lastRunAt: number | null
  lastOutcome: string
  lastError: string
  createdAt: number
}

const columns = sql`id, action, schedule, payload, enabled, next_run_at AS nextRunAt, run_id AS runId, run_cursor AS runCursor,
  lease_until AS leaseUntil, failures, last_run_at AS lastRunAt, last_outcome AS lastOutcome, last_error AS lastError, created_at AS createdAt`

const list = (texts: string[]) =>
  sql.join(
    texts.map((text) => sql`${text}`),
    sql`, `,
  )

const isFree = (now: number) => sql`(lease_until IS NULL OR lease_until <= ${now})`

export const listJobs = (db: Db) => db.all<Job>(sql`SELECT ${columns} FROM jobs ORDER BY id`)

export const findJob = (db: Db, id: string) =>
  db.get<Job | undefined>(sql`SELECT ${columns} FROM jobs WHERE id = ${id}`)

/** What a tick needs, in one round trip: whether the service is stopped, which jobs are due, and the system's own. */
export async function findTick(db: Db, now: number, { systemIds, limit }: { systemIds: string[]; limit: number }) {
  const [state, due, system] = await batchRows(db, [
    sql`SELECT stopped_at AS stoppedAt FROM service_state`,
    sql`SELECT id FROM jobs WHERE next_run_at <= ${now} AND ${isFree(now)} ORDER BY next_run_at LIMIT ${limit}`,
    sql`SELECT ${columns} FROM jobs WHERE id IN (${list(systemIds)})`,
  ])
  return {
    stopped: state?.[0]?.stoppedAt !== null,
    due: (due ?? []).map(({ id }) => id as string),
    system: (system ?? []) as Job[],
  }
}

/** Brings the system's own rows up to date with the code. How they ran so far stays. */
export async function putSystemJobs(db: Db, rows: Job[]): Promise<void> {
  await batchRows(
    db,
    rows.map(
      ({ id, action, schedule, nextRunAt, createdAt }) => sql`
        INSERT INTO jobs (id, action, schedule, next_run_at, created_at) VALUES (${id}, ${action}, ${schedule}, ${nextRunAt}, ${createdAt})
        ON CONFLICT (id) DO UPDATE SET action = excluded.action, schedule = excluded.schedule, payload = '{}', enabled = 1, next_run_at = excluded.next_run_at`,
    ),
  )
}

export type NewJob = Pick<Job, 'id' | 'action' | 'schedule' | 'payload' | 'enabled' | 'nextRunAt' | 'createdAt'>

/**
 * Adds or changes a job. With the same schedule its next run stays. With another action or payload, a run that is
 * unfinished or waits for a retry is given up. @returns undefined when there are `maxJobs` already, `systemIds` not counted.
 */
export async function putJob(db: Db, job: NewJob, { systemIds, maxJobs }: { systemIds: string[]; maxJobs: number }) {
  const { id, action, schedule, payload, enabled, nextRunAt, createdAt } = job
  const sameWork = sql`(action = excluded.action AND payload = excluded.payload)`
  const sameTimes = sql`(schedule = excluded.schedule AND next_run_at IS NOT NULL AND (${sameWork} OR run_id IS NULL))`
  const [before, after] = await batchRows(db, [
    sql`SELECT 1 FROM jobs WHERE id = ${id}`,
    sql`INSERT INTO jobs (id, action, schedule, payload, enabled, next_run_at, created_at)
        SELECT ${id}, ${action}, ${schedule}, ${payload}, ${enabled}, ${nextRunAt}, ${createdAt}
        WHERE EXISTS (SELECT 1 FROM jobs WHERE id = ${id})
          OR (SELECT COUNT(*) FROM jobs WHERE id NOT IN (${list(systemIds)})) < ${maxJobs}
        ON CONFLICT (id) DO UPDATE SET action = excluded.action, schedule = excluded.schedule, payload = excluded.payload, enabled = excluded.enabled,
          next_run_at = iif(excluded.enabled AND ${sameTimes}, next_run_at, excluded.next_run_at),
          created_at = iif(${sameTimes}, created_at, excluded.created_at),
          run_id = CASE WHEN ${sameWork} THEN run_id END,
          run_cursor = CASE WHEN ${sameWork} THEN run_cursor END,
          lease_until = CASE WHEN ${sameWork} THEN lease_until END,
          failures = iif(${sameWork}, failures, 0),
          last_error = iif(${sameWork}, last_error, '')
        RETURNING ${columns}`,
  ])
  const row = after?.[0] as Job | undefined
  return row && { row, added: before?.length === 0 }
}

/** @returns false where there was none. */
export async function deleteJob(db: Db, id: string): Promise<boolean> {
  const rows = await db.all(sql`DELETE FROM jobs WHERE id = ${id} RETURNING id`)
  return rows.length > 0
}

export type Claim = { now: number; leaseUntil: number; newRunId: string }

/**
 * Takes a job: resumes a run that was cut off, or starts one. `due`: only if its time has come. Otherwise it is due from
 * now on, so that a run that is cut off is found again, and is not taken where `record` is stored already.
 * @returns undefined when somebody else has it.
 */
export async function claimJob(
  db: Db,
  id: string,
  { now, leaseUntil, newRunId }: Claim,
  terms: { due: true } | { due: false; nextRunAt: number | null; record: IdempotencyRecord },
): Promise<ClaimedJob | undefined> {
  const mayStart = terms.due ? sql`next_run_at <= ${now}` : terms.record.isAbsent
  const nextRunAt = terms.due ? sql`next_run_at` : sql`${terms.nextRunAt}`
  return db.get<ClaimedJob | undefined>(sql`
    UPDATE jobs SET run_id = COALESCE(run_id, ${newRunId}), lease_until = ${leaseUntil}, last_run_at = ${now}, next_run_at = ${nextRunAt}
    WHERE id = ${id} AND ${isFree(now)} AND ${mayStart} RETURNING ${columns}`)
}

/** A job and its run. Whoever has it may write until `leaseUntil`. */
export type ClaimedJob = Job & { runId: string }

const isHeld = ({ id, runId, leaseUntil }: ClaimedJob) =>
  sql`id = ${id} AND lease_until IS ${leaseUntil} AND COALESCE(run_id, ${runId}) = ${runId}`

/** Stores how far a run has come, and extends its lease. @returns false when the run was lost. */
export async function updateProgress(db: Db, job: ClaimedJob, cursor: string, leaseUntil: number): Promise<boolean> {
  const rows = await db.all(sql`
    UPDATE jobs SET run_id = ${job.runId}, run_cursor = ${cursor}, lease_until = ${leaseUntil} WHERE ${isHeld(job)} RETURNING id`)
  return rows.length > 0
}

export type RunEnd = {
  state: 'done' | 'failed' | 'paused'
  /** Nothing is left to resume or to retry. */
  over: boolean
  /** Where a run that is not over resumes. */
  cursor: string | null
  /** null: the one before stays. */
  outcome: string | null
  error: string
  at: number
  /** For an enabled job whose schedule has not changed since. */
  nextRunAt: number | null
  eventId: string
  /** Marks what this write changed. */
  writeId: string
}

/** What the caller who waits for the run gets. */
export type Answer = { record: IdempotencyRecord; report: Record<string, string> }

/**
 * Ends a run, or pauses it, in one batch with its alert `job.failed` and its idempotency record.
 * @returns false when the run was lost, and nothing was written.
 */
export async function finishRun(db: Db, job: ClaimedJob, end: RunEnd, { record, report }: Answer): Promise<boolean> {
  const { state, over, cursor, outcome, error, at, nextRunAt, eventId, writeId } = end
  const time = sql`CASE WHEN enabled = 0 THEN NULL WHEN schedule = ${job.schedule} THEN ${nextRunAt} ELSE next_run_at END`
  const failures = { done: sql`0`, failed: sql`failures + 1`, paused: sql`failures` }[state]
  const finished = sql`FROM jobs WHERE id = ${job.id} AND finished_by = ${writeId}`
  const [rows] = await batchRows(db, [
    sql`UPDATE jobs SET run_id = ${over ? null : job.runId}, run_cursor = ${cursor}, lease_until = NULL, failures = ${failures},
          last_run_at = ${at}, last_outcome = COALESCE(${outcome}, last_outcome), last_error = ${error},
          next_run_at = ${state === 'paused' ? sql`next_run_at` : time}, finished_by = ${writeId}
        WHERE ${isHeld(job)} RETURNING id`,
    ...(state === 'failed' ? [noteFailure(job.runId, finished, { eventId, now: at })] : []),
    ...(await record.insert(sql`SELECT ${JSON.stringify(report)} AS outcome ${finished}`)),
  ])
  return rows?.length === 1
}

/** Once for each run, however often it is retried. */
const noteFailure = (runId: string, finished: SQL, { eventId, now }: { eventId: string; now: number }) =>
  noteEvents({
    event: 'job.failed',
    eventId,
    now,
    source: sql`SELECT NULL AS user_id, ${`job.failed:${runId}`} AS once_key,
      json_object('job', id, 'action', action, 'runId', ${runId}, 'error', last_error, 'failures', failures) AS data ${finished}`,
  })

/** Stores what was answered while the run continues. */
export async function recordAnswer(db: Db, { record, report }: Answer): Promise<void> {
  const statements = await record.insert(sql`SELECT ${JSON.stringify(report)} AS outcome`)
  if (statements.length > 0) await batchRows(db, statements)
}
