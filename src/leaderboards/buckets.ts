/** Keeps the buckets that ranks are summed from small enough, as players come and their values move. */
import type { Deps } from '../deps.ts'
import { listLargeBuckets, splitBucket } from './buckets.store.ts'

/** Players that one run looks at, give or take one bucket of equals: what bounds its time and its cost. */
const PLAYERS_A_RUN = 200_000
const BUCKETS_A_RUN = 20

/** Splits buckets that have grown too large. For each minute: the rest waits for the next run. @returns how many. */
export async function splitBuckets({ db }: Pick<Deps, 'db'>): Promise<number> {
  let [split, left] = [0, PLAYERS_A_RUN]
  for (const bucket of await listLargeBuckets(db, BUCKETS_A_RUN)) {
    if (left < bucket.most) break
    await splitBucket(db, bucket, left)
    left -= bucket.players
    split += 1
  }
  return split
}
