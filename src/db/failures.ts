/** What D1's errors mean for a write, and when it is tried again. */
import type { Deps } from '../deps.ts'
import { causes } from './causes.ts'

/** What a caller of the committer gets that was killed, restarted or cut off. */
export const NO_ANSWER = 'The committer did not answer'

/**
 * Cloudflare's list of D1's errors (developers.cloudflare.com/d1/observability/debug-d1), and SQLite's for a database
 * that cannot continue. `no`: nothing was written, so trying again is safe. `maybe`: the connection was lost before or after
 * the write.
 */
export const D1_FAILURES = [
  { says: 'D1 DB is overloaded', written: 'no' },
  { says: 'Cannot resolve D1 DB', written: 'no' },
  { says: 'Internal error while starting up D1 DB storage', written: 'no' },
  { says: "Can't read from request stream", written: 'no' },
  { says: 'Exceeded maximum DB size', written: 'no' },
  { says: 'SQLITE_BUSY', written: 'no' },
  { says: 'SQLITE_FULL', written: 'no' },
  { says: 'SQLITE_NOMEM', written: 'no' },
  { says: 'Network connection lost', written: 'maybe' },
  { says: 'Replica disconnected from primary', written: 'maybe' },
  { says: 'D1 DB reset because its code was updated', written: 'maybe' },
  { says: 'Internal error in D1 DB storage', written: 'maybe' },
  { says: 'D1 DB storage operation exceeded timeout', written: 'maybe' },
  { says: 'exceeded its memory limit', written: 'maybe' },
  { says: 'exceeded its CPU time limit', written: 'maybe' },
  { says: NO_ANSWER, written: 'maybe' },
] as const

/** Errors of a statement: a constraint, or a mistake of ours. D1 itself works. */
const REFUSED =
  /SQLITE_|constraint failed|syntax error|no such (table|column)|malformed JSON|^D1_(TYPE|EXEC)_ERROR|^D1_COLUMN_NOTFOUND/i

/** @returns undefined if D1 did not fail. An error of D1 that is not in the table counts as `maybe`. */
function failureOf(error: unknown): 'no' | 'maybe' | undefined {
  for (const { message } of causes(error)) {
    const known = D1_FAILURES.find(({ says }) => message.includes(says))
    if (known) return known.written
    if (message.startsWith('D1_') && !REFUSED.test(message)) return 'maybe'
  }
  return undefined
}

/** True if D1 itself failed, and did not just refuse a statement. */
export const isDatabaseFailure = (error: unknown): boolean => failureOf(error) !== undefined

/** True if D1 works and refused a statement, so that its batch wrote nothing. */
export const wasRefused = (error: unknown): boolean =>
  !isDatabaseFailure(error) && causes(error).some(({ message }) => message.startsWith('D1_') && REFUSED.test(message))

/** True if D1 failed and wrote nothing. */
export const wasNotWritten = (error: unknown): boolean => failureOf(error) === 'no'

/** True if D1 failed and may have written. */
export const mayBeWritten = (error: unknown): boolean => failureOf(error) === 'maybe'

/** How often one call to D1 is tried. */
export const MAX_TRIES = 3

/** The second try waits 50 to 100 ms, the third twice that. The random part spreads callers who failed at once. */
const FIRST_WAIT = 50

/** Does `work`, again up to MAX_TRIES times if it fails with an error for which `isRepeatable` is true. */
export async function withRetries<T>(
  { wait, random }: Pick<Deps, 'wait' | 'random'>,
  isRepeatable: (error: unknown) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (tries === MAX_TRIES || !isRepeatable(error)) throw error
      const chance = (random(1)[0] as number) / 255
      await wait(FIRST_WAIT * 2 ** (tries - 1) * (1 + chance))
    }
  }
}
