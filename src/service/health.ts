/** Whether the service can do its work: the database answers and has every table that the code expects. */
import { NEWEST_MIGRATION } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { describeError } from '../lib/log.ts'
import { findHealth } from './health.store.ts'

/** @throws AppError unavailable */
export async function checkHealth({ db, log }: Pick<Deps, 'db' | 'log'>) {
  const { migrated, stoppedAt } = await findHealth(db, NEWEST_MIGRATION).catch((error: unknown) => {
    log('error', { message: 'the database does not answer, or was never migrated', ...describeError(error) })
    throw new AppError('unavailable', 'The database does not answer, or was never migrated.')
  })
  if (!migrated) throw new AppError('unavailable', `The database waits for the migration ${NEWEST_MIGRATION}.`)
  return { status: 'ok', service: stoppedAt === null ? 'running' : 'stopped' } as const
}
