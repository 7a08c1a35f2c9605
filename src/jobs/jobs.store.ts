import { type SQL, sql } from 'drizzle-orm'
import { noteEvents } from '../alerts/outbox.ts'
import { batchRows, type Db, refuseUnless, unlessRefused } from '../db/client.ts'
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
  /** The run that is going on, or has to be gone on with. */
  runId: string | null
  runCursor: string | null
  /** While it lies ahead, somebody is at it. Rises with every claim of a run, so that it tells one from another. */
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

/** What a tick has to know, in one round trip: is the service stopped, which jobs are due, how the system's stand. */
export async function findTick(db: Db, now: number, { systemIds, atMost }: { systemIds: string[]; atMost: number }) {
  const [state, due, system] = await batchRows(db, [
    sql`SELECT stopped_at AS stoppedAt FROM service_state`,
    sql`SELECT id FROM jobs WHERE next_run_at <= ${now} AND ${isFree(now)} ORDER BY next_run_at LIMIT ${atMost}`,
    sql`SELECT ${columns} FROM jobs WHERE id IN (${list(systemIds)})`,
  ])
  return {
    stopped: state?.[0]?.stoppedAt !== null,
    due: (due ?? []).map(({ id }) => id as string),
    system: (system ?? []) as Job[],
  }
}

/** Makes the system's own rows what the code says; how they ran so far stays. */
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
 * Adds or changes a job. With the same schedule its next run stays; with another action or payload, a run that is going
 * on or waits for its retry is given up. @returns undefined when there are `atMost` jobs beside those of `systemIds`.
 */
export async function putJob(db: Db, job: NewJob, { systemIds, atMost }: { systemIds: string[]; atMost: number }) {
  const { id, action, schedule, payload, enabled, nextRunAt, createdAt } = job
  const sameWork = sql`(action = excluded.action AND payload = excluded.payload)`
  const sameTimes = sql`(schedule = excluded.schedule AND next_run_at IS NOT NULL AND (${sameWork} OR run_id IS NULL))`
  const ifSame = (condition: SQL, column: string, otherwise: SQL) =>
    sql`${sql.raw(column)} = CASE WHEN ${condition} THEN ${sql.raw(column)} ELSE ${otherwise} END`
  const [before, after] = await batchRows(db, [
    sql`SELECT 1 FROM jobs WHERE id = ${id}`,
    sql`INSERT INTO jobs (id, action, schedule, payload, enabled, next_run_at, created_at)
        SELECT ${id}, ${action}, ${schedule}, ${payload}, ${enabled}, ${nextRunAt}, ${createdAt}
        WHERE EXISTS (SELECT 1 FROM jobs WHERE id = ${id})
          OR (SELECT COUNT(*) FROM jobs WHERE id NOT IN (${list(systemIds)})) < ${atMost}
        ON CONFLICT (id) DO UPDATE SET action = excluded.action, schedule = excluded.schedule, payload = excluded.payload, enabled = excluded.enabled,
          next_run_at = iif(excluded.enabled AND ${sameTimes}, next_run_at, excluded.next_run_at),
          created_at = iif(${sameTimes}, created_at, excluded.created_at),
          ${sql.join(
            ['run_id', 'run_cursor', 'lease_until'].map((column) => ifSame(sameWork, column, sql`NULL`)),
            sql`, `,
          )},
          ${ifSame(sameWork, 'failures', sql`0`)}, ${ifSame(sameWork, 'last_error', sql`''`)}
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
 * Takes a job for the one who asks: a run that was begun is gone on with, else one begins. `due`: only if its time has
 * come; else the time comes now, so that a run that is cut off is found again. Fails where `record` has a record already.
 * @returns undefined when somebody else is at it.
 */
export async function claimJob(
  db: Db,
  id: string,
  { now, leaseUntil, newRunId }: Claim,
  terms: { due: true } | { due: false; nextRunAt: number | null; record: IdempotencyRecord },
): Promise<ClaimedJob | undefined> {
  const due = terms.due ? sql`AND next_run_at <= ${now}` : sql``
  const time = terms.due ? sql`` : sql`, next_run_at = ${terms.nextRunAt}`
  const once = terms.due ? [] : [...(await terms.record.insert(sql`SELECT '{}' AS outcome`)), ...terms.record.delete()]
  const rows = await unlessRefused(
    batchRows(db, [
      refuseUnless(sql`EXISTS (SELECT 1 FROM jobs WHERE id = ${id} AND ${isFree(now)} ${due})`),
      ...once,
      sql`UPDATE jobs SET run_id = COALESCE(run_id, ${newRunId}), lease_until = ${leaseUntil}, last_run_at = ${now} ${time}
          WHERE id = ${id} RETURNING ${columns}`,
    ]),
  )
  return rows?.at(-1)?.[0] as ClaimedJob | undefined
}

/** A job and its run; whoever holds it may write as long as `leaseUntil` stands. */
export type ClaimedJob = Job & { runId: string }

const isHeld = ({ id, runId, leaseUntil }: ClaimedJob) =>
  sql`id = ${id} AND lease_until IS ${leaseUntil} AND COALESCE(run_id, ${runId}) = ${runId}`

/** Notes how far a run has come, and keeps it for some more time. @returns false when it was lost. */
export async function updateProgress(db: Db, job: ClaimedJob, cursor: string, leaseUntil: number): Promise<boolean> {
  const rows = await db.all(sql`
    UPDATE jobs SET run_id = ${job.runId}, run_cursor = ${cursor}, lease_until = ${leaseUntil} WHERE ${isHeld(job)} RETURNING id`)
  return rows.length > 0
}

export type Settlement = {
  state: 'done' | 'failed' | 'paused'
  /** Nothing is left to go on with, or to try again. */
  over: boolean
  /** Where a run goes on that is not done. */
  cursor: string | null
  /** null: the one before stays. */
  outcome: string | null
  error: string
  at: number
  /** For an enabled job whose schedule was not changed meanwhile. */
  nextRunAt: number | null
  eventId: string
}

/** What a caller who waits for the run is told. */
export type Answer = { record: IdempotencyRecord; report: Record<string, string> }

/**
 * Ends a run, or leaves it for later; in the batch that notes `job.failed` and keeps what was answered.
 * @returns false when it was lost.
 */
export async function settleJob(
  db: Db,
  job: ClaimedJob,
  end: Settlement,
  { record, report }: Answer,
): Promise<boolean> {
  const { state, over, cursor, outcome, error, at, nextRunAt, eventId } = end
  const time = sql`CASE WHEN enabled = 0 THEN NULL WHEN schedule = ${job.schedule} THEN ${nextRunAt} ELSE next_run_at END`
  const failures = { done: sql`0`, failed: sql`failures + 1`, paused: sql`failures` }[state]
  const rows = await unlessRefused(
    batchRows(db, [
      refuseUnless(sql`EXISTS (SELECT 1 FROM jobs WHERE ${isHeld(job)})`),
      sql`UPDATE jobs SET run_id = ${over ? null : job.runId}, run_cursor = ${cursor}, lease_until = NULL, failures = ${failures},
            last_run_at = ${at}, last_outcome = COALESCE(${outcome}, last_outcome), last_error = ${error},
            next_run_at = ${state === 'paused' ? sql`next_run_at` : time}
          WHERE id = ${job.id}`,
      ...(state === 'failed' ? [noteFailure(job, eventId, at)] : []),
      ...(await keepReport(record, report)),
    ]),
  )
  return rows !== undefined
}

/** Once a run, however often it is tried. */
const noteFailure = ({ id, runId }: ClaimedJob, eventId: string, now: number) =>
  noteEvents({
    event: 'job.failed',
    eventId,
    now,
    source: sql`SELECT NULL AS user_id, ${`job.failed:${runId}`} AS once_key,
      json_object('job', id, 'action', action, 'runId', ${runId}, 'error', last_error, 'failures', failures) AS data FROM jobs WHERE id = ${id}`,
  })

const keepReport = (record: IdempotencyRecord, report: Answer['report']) =>
  record.insert(sql`SELECT ${JSON.stringify(report)} AS outcome`)

/** Keeps what was answered while the run goes on. */
export async function keepAnswer(db: Db, { record, report }: Answer): Promise<void> {
  const statements = await keepReport(record, report)
  if (statements.length > 0) await batchRows(db, statements)
}
