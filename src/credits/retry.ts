/** One movement, tried until its outcome is known. */
import { isDatabaseFailure } from '../db/client.ts'
import type { Deps } from '../deps.ts'
import { toBase64Url } from '../lib/bytes.ts'
import type { Write } from './movements.store.ts'

/** Tries before a movement is given up: each was refused whole, or is recognised by the next. */
export const MAX_TRIES = 4

/** What all tries of one movement share. */
export function newMovement({ random, now }: Pick<Deps, 'random' | 'now'>): Omit<Write, 'writeId'> {
  return { txn: toBase64Url(random(9)), startedAt: now().getTime() }
}

/** Repeats a write whose answer was lost: under the same `txn` it finds what an earlier try wrote, or writes it now. */
export async function untilKnown<T>(
  { random }: Pick<Deps, 'random'>,
  movement: Omit<Write, 'writeId'>,
  write: (write: Write) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write({ ...movement, writeId: toBase64Url(random(9)) })
    } catch (error) {
      if (!isDatabaseFailure(error) || tries === MAX_TRIES) throw error
    }
  }
}
