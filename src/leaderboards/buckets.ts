/** Ranks are summed from buckets of players. This keeps the buckets small as players come and their values move. */
import type { Deps } from '../deps.ts'
import { listLargeBuckets, splitBucket } from './buckets.store.ts'

/** Limits the time and cost of a run. A bucket whose players are all equal may exceed it. */
const MAX_PLAYERS_PER_RUN = 200_000
const MAX_BUCKETS_PER_RUN = 20

/** Splits buckets that have grown too large; the rest waits for the next run, a minute later. @returns how many. */
export async function splitBuckets({ db }: Pick<Deps, 'db'>): Promise<number> {
  let [split, left] = [0, MAX_PLAYERS_PER_RUN]
  for (const bucket of await listLargeBuckets(db, MAX_BUCKETS_PER_RUN)) {
    if (left < bucket.most) break
    await splitBucket(db, bucket, left)
    left -= bucket.players
    split += 1
  }
  return split
}
