/** Stats: showing them, and changing those of one user. */
import { type Authority, requireAuthorized } from '../authority/authority.ts'
import type { IdempotencyRecord, WriteResult } from '../db/idempotency-record.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import type { UserRef } from '../users/user-ref.ts'
import { noSuchUser } from '../users/users.ts'
import { boundsOf, ruleOf, STAT_NAMES, type StatName } from './catalog.ts'
import { type AppliedChange, asList, findStats, type StatOutcome, type StatResult, statCalls } from './stats.store.ts'
import { levelsOf, withDefaults, withLevels } from './values.ts'

/** The catalog as callers see it. */
export function listRules() {
  return STAT_NAMES.map((stat) => {
    const { curve, ...rule } = ruleOf(stat)
    return { stat, ...rule, topLevel: curve.top }
  })
}

/** @throws AppError not_found */
export async function showStats({ replica }: Pick<Deps, 'replica'>, ref: UserRef) {
  const stored = await findStats(replica, ref)
  if (!stored) throw noSuchUser()
  const stats = withDefaults(stored)
  return { stats, levels: levelsOf(stats) }
}

export type Changes = Partial<Record<StatName, number | undefined>>

/**
 * Adds to a user's stats, all or none. A player (the id of the user who calls) changes no other's, and each stat by no
 * more than the catalog allows in one call.
 * @throws AppError not_found; forbidden; out_of_bounds, naming each stat and the bound that it would break.
 */
export async function changeStats(
  { write, now }: Pick<Deps, 'write' | 'now'>,
  ref: UserRef,
  changes: Changes,
  { player, authority }: { player: number | undefined; authority: Authority },
  record: IdempotencyRecord,
): Promise<WriteResult<StatOutcome>> {
  const asked = STAT_NAMES.flatMap((stat) => (changes[stat] === undefined ? [] : [{ stat, change: changes[stat] }]))
  if (player !== undefined) {
    if ('id' in ref && ref.id !== player) throw notYours()
    const tooMuch = asked.filter(({ stat, change }) => Math.abs(change) > ruleOf(stat).maxChange)
    refuse(tooMuch, (stat) => `changes by at most ${ruleOf(stat).maxChange} in one call`)
  }
  const whose = 'id' in ref ? { userId: ref.id } : { userId: player, username: ref.username }
  const result = resultOf(
    await write(statCalls, {
      now: now().getTime(),
      record: record.item,
      authority,
      allOrNone: true,
      createMissing: false,
      changes: asked.map((change) => asList({ ...whose, ...change, rule: ruleOf(change.stat) })),
    }),
  )
  if ('earlier' in result) return result
  const made = result.outcome.made.filter(hasRule)
  if (made.some(({ code }) => code === 'not_found')) throw player === undefined ? noSuchUser() : notYours()
  refuse(
    made.filter(({ code }) => code === 'out_of_bounds'),
    (stat) => `has to stay ${boundsOf(stat)}`,
  )
  return result
}

/** @throws AppError stopped; unauthenticated where the right is gone. */
export function resultOf({ outcome, earlier, ...checked }: StatResult): WriteResult<StatOutcome> {
  if (earlier) return { earlier: { ...earlier, mayReplay: checked.authorized === 1 } }
  requireAuthorized(checked)
  return { outcome }
}

/** The answer to changes: every stat as it is now, and what each change did. */
export function describeChanges({ made, stored }: StatOutcome) {
  const changes = made.filter(hasRule)
  return { stats: withDefaults([...stored, ...changes]), changes: changes.map(withLevels) }
}

const hasRule = (change: StatOutcome['made'][number]): change is AppliedChange => change.code !== 'invalid_request'

const notYours = () =>
  new AppError('forbidden', 'Your own stats are the only ones that you may change without an API key.', {
    requiredScope: 'stats:write',
  })

function refuse(beyond: { stat: StatName }[], rule: (stat: StatName) => string): void {
  if (beyond.length === 0) return
  const errors = beyond.map(({ stat }) => ({ path: `changes.${stat}`, message: rule(stat) }))
  const detail = beyond.map(({ stat }) => `${stat} ${rule(stat)}`).join('; ')
  throw new AppError('out_of_bounds', `Nothing was changed: ${detail}.`, { errors })
}
