/** Stats: showing them, and changing those of one user. */
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import type { UserRef } from '../users/user-ref.ts'
import { noSuchUser } from '../users/users.ts'
import { boundsOf, ruleOf, STAT_NAMES, type StatName } from './catalog.ts'
import { addToStats, findStats, type UserChanges } from './stats.store.ts'
import { levelsOf, withDefaults, withLevels } from './values.ts'

/** The catalog as callers see it. */
export function listRules() {
  return STAT_NAMES.map((stat) => {
    const { curve, ...rule } = ruleOf(stat)
    return { stat, ...rule, topLevel: curve.top }
  })
}

/** @throws AppError not_found */
export async function showStats({ db }: Pick<Deps, 'db'>, ref: UserRef) {
  const stored = await findStats(db, ref)
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
  { db }: Pick<Deps, 'db'>,
  ref: UserRef,
  changes: Changes,
  { player }: { player: number | undefined },
  record: IdempotencyRecord,
): Promise<UserChanges> {
  const asked = STAT_NAMES.flatMap((stat) => (changes[stat] === undefined ? [] : [{ stat, change: changes[stat] }]))
  if (player !== undefined) {
    if ('id' in ref && ref.id !== player) throw notYours()
    const tooMuch = asked.filter(({ stat, change }) => Math.abs(change) > ruleOf(stat).maxChange)
    refuse(tooMuch, (stat) => `changes by at most ${ruleOf(stat).maxChange} in one call`)
  }
  const whose = 'id' in ref ? { userId: ref.id } : { userId: player, username: ref.username }
  const outcome = await addToStats(
    db,
    asked.map((change) => ({ ...whose, ...change, rule: ruleOf(change.stat) })),
    record,
  )
  if (outcome.made.some(({ code }) => code === 'not_found')) throw player === undefined ? noSuchUser() : notYours()
  refuse(
    outcome.made.filter(({ code }) => code === 'out_of_bounds'),
    (stat) => `has to stay ${boundsOf(stat)}`,
  )
  return outcome
}

/** The answer to changes: every stat as it is now, and what each change did. */
export function describeChanges({ made, stored }: UserChanges) {
  return { stats: withDefaults([...stored, ...made]), changes: made.map(withLevels) }
}

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
