/** Stat changes of many users in one call. Each change succeeds or fails on its own. */
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import type { Deps } from '../deps.ts'
import { Username } from '../users/user-ref.ts'
import { noSuchUser } from '../users/users.ts'
import { boundsOf, isStatName, ruleOf } from './catalog.ts'
import { addToManyStats, type ManyChanges } from './stats.store.ts'
import { withLevels } from './values.ts'

/** The user is given by name or by id. */
export type BatchChange = { username?: string | undefined; userId?: number | undefined; stat: string; change: number }

/** Applies the changes that are valid. With `createMissing`, unknown names become users without a password. */
export function changeManyStats(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  changes: BatchChange[],
  { createMissing }: { createMissing: boolean },
  record: IdempotencyRecord,
): Promise<ManyChanges> {
  const asked = changes.map((change) => ({
    ...change,
    rule: isStatName(change.stat) && !hasRefusedName(change) ? ruleOf(change.stat) : undefined,
  }))
  return addToManyStats(db, asked, createMissing ? now().getTime() : undefined, record)
}

/** The answer: one result for each change, in order. */
export function describeResults({ made }: ManyChanges) {
  return made.map((change, index) =>
    change.code === ''
      ? { index, ok: true as const, username: change.username, ...withLevels(change) }
      : { index, ok: false as const, code: change.code, detail: reasonOf(change) },
  )
}

function reasonOf({ code, stat }: ManyChanges['made'][number]): string {
  if (code === 'not_found') return noSuchUser().message
  if (!isStatName(stat)) return 'There is no such stat.'
  return code === 'out_of_bounds'
    ? `${stat} has to stay ${boundsOf(stat)}.`
    : 'This is no user name that anyone can have.'
}

const hasRefusedName = ({ username }: BatchChange) => username !== undefined && !Username.safeParse(username).success
