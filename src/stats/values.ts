/** Stored stats as callers see them: every stat of the catalog, with its level. */
import { isStatName, ruleOf, STAT_NAMES, type StatName } from './catalog.ts'
import { levelAt } from './levels.ts'

export type StatValues = Record<StatName, number>

/** Fills in the default of whatever is not stored; what is no longer in the catalog is not shown. */
export function withDefaults(stored: { stat: string; value: number }[]): StatValues {
  const values = Object.fromEntries(STAT_NAMES.map((stat) => [stat, ruleOf(stat).default])) as StatValues
  for (const { stat, value } of stored) if (isStatName(stat)) values[stat] = value
  return values
}

export function levelsOf(values: StatValues) {
  return STAT_NAMES.map((stat) => ({ stat, xp: values[stat], ...levelAt(ruleOf(stat).curve, values[stat]) }))
}
