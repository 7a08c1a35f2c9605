/** Stats as people read them, and which of them the site shows. */
import { isStatName, STAT_NAMES, type StatName } from '../stats/catalog.ts'
import { ICONS, LABELS } from './theme.ts'

export const labelOf = (stat: StatName): string => LABELS[stat] ?? stat

/** `meleeAtkXp` has the address `/leaderboards/melee`, and its own name works too. */
export const slugOf = (stat: StatName): string =>
  labelOf(stat)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')

export function statFromSlug(slug: string): StatName | undefined {
  if (isStatName(slug)) return slug
  return STAT_NAMES.find((stat) => slugOf(stat) === slug.toLowerCase())
}

/** Those of `SITE_STATS`, in its order; all where it names none. */
export function shownStats(names: string): StatName[] {
  const wanted = names.split(',').flatMap((name) => statFromSlug(name.trim()) ?? [])
  return wanted.length > 0 ? [...new Set(wanted)] : STAT_NAMES
}

const rowsOf = (stat: string) => (ICONS[stat] ?? (ICONS.other as string)).trim().split('\n')

/** The pixels of a stat's icon: runs of one row, from left to right. */
export function iconRuns(stat: string): { x: number; y: number; length: number }[] {
  return rowsOf(stat).flatMap((row, y) =>
    [...row.matchAll(/#+/g)].map(({ index, 0: run }) => ({ x: index, y, length: run.length })),
  )
}
