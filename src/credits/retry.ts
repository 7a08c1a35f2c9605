/** One movement, tried until its outcome is known. */
import { mayBeWritten, withRetries } from '../db/failures.ts'
import type { Deps } from '../deps.ts'
import { toBase64Url } from '../lib/bytes.ts'
import type { Write } from './movements.store.ts'

/** How often a charge starts again because other calls changed the account. */
export const MAX_TRIES = 4

/** What all tries of one movement share. */
export function newMovement({ random, now }: Pick<Deps, 'random' | 'now'>): Omit<Write, 'writeId'> {
  return { txn: toBase64Url(random(9)), startedAt: now().getTime() }
}

/** Repeats a write whose answer was lost: under the same `txn` it finds what an earlier try wrote, or writes it now. */
export const untilKnown = <T>(
  deps: Pick<Deps, 'random' | 'wait'>,
  movement: Omit<Write, 'writeId'>,
  write: (write: Write) => Promise<T>,
): Promise<T> => withRetries(deps, mayBeWritten, () => write({ ...movement, writeId: toBase64Url(deps.random(9)) }))
