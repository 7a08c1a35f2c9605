/** Stat changes of many users in one call. Each change succeeds or fails on its own. */
import type { Authority } from '../authority/authority.ts'
import type { IdempotencyRecord, WriteResult } from '../db/idempotency-record.ts'
import type { Deps } from '../deps.ts'
import { Username } from '../users/user-ref.ts'
import { noSuchUser } from '../users/users.ts'
import { boundsOf, isStatName, ruleOf } from './catalog.ts'
import { asList, type StatOutcome, statCalls } from './stats.store.ts'
import { resultOf } from './stats.ts'
import { withLevels } from './values.ts'

/** The user is given by name or by id. */
export type BatchChange = { username?: string | undefined; userId?: number | undefined; stat: string; change: number }

/** Applies the changes that are valid. With `createMissing`, unknown names become users without a password. */
export async function changeManyStats(
  { write, now }: Pick<Deps, 'write' | 'now'>,
  changes: BatchChange[],
  { createMissing, authority }: { createMissing: boolean; authority: Authority },
  record: IdempotencyRecord,
): Promise<WriteResult<StatOutcome>> {
  const asked = changes.map((change) => {
    const rule = isStatName(change.stat) && !hasRefusedName(change) ? ruleOf(change.stat) : undefined
    return asList({ ...change, rule })
  })
  return resultOf(
    await write(statCalls, {
      now: now().getTime(),
      record: record.item,
      authority,
      allOrNone: false,
      createMissing,
      changes: asked,
    }),
  )
}

/** The answer: one result for each change, in order. */
export function describeResults({ made }: StatOutcome) {
  return made.map((change, index) =>
    change.code === ''
      ? { index, ok: true as const, username: change.username, ...withLevels(change) }
      : { index, ok: false as const, code: change.code, detail: reasonOf(change) },
  )
}

function reasonOf({ code, stat }: StatOutcome['made'][number]): string {
  if (code === 'not_found') return noSuchUser().message
  if (!isStatName(stat)) return 'There is no such stat.'
  return code === 'out_of_bounds'
    ? `${stat} has to stay ${boundsOf(stat)}.`
    : 'This is no user name that anyone can have.'
}

const hasRefusedName = ({ username }: BatchChange) => username !== undefined && !Username.safeParse(username).success
