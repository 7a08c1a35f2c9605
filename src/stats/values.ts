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

export type ValueChange = { stat: StatName; change: number; previous: number; value: number }

/** A change of a value, and what it did to the level. */
export function withLevels({ stat, change, previous, value }: ValueChange) {
  const { curve } = ruleOf(stat)
  const { level: previousLevel } = levelAt(curve, previous)
  const { level, nextLevelXp } = levelAt(curve, value)
  return { stat, change, previous, value, previousLevel, level, leveledUp: level > previousLevel, nextLevelXp }
}
