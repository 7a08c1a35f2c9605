/** Ranks of entries in the order of a leaderboard: the highest value first, the oldest account first among equals. */

export const inOrder = (a: { value: number; id: number }, b: { value: number; id: number }) =>
  b.value - a.value || a.id - b.id

/** A rank is one more than the number of players with a higher value: 1, 2, 2, 4. */
export type Ranked<Entry> = Omit<Entry, 'rank'> & { rank: number }

/** Where a page ends: its last entry, that entry's rank, and how many entries came up to it. */
export type Place = { value: number; id: number; rank: number; position: number }

/** Ranks of the entries that follow `after`, or of the first ones. */
export function rankPage<Entry extends { value: number }>(
  entries: Entry[],
  after: Pick<Place, 'value' | 'rank' | 'position'> | undefined,
): Ranked<Entry>[] {
  const ranked: Ranked<Entry>[] = []
  for (const [index, entry] of entries.entries()) {
    const above = ranked.at(-1) ?? after
    const rank = above?.value === entry.value ? above.rank : (after?.position ?? 0) + index + 1
    ranked.push({ ...entry, rank })
  }
  return ranked
}

/**
 * Ranks of the entries around a player whose value is `own`. Three groups of equal values may have more players than are here,
 * and come with their rank: the highest, the player's own, and the next below. The others are complete, and counted here.
 */
export function rankAround<Entry extends { value: number; rank: number | null }>(
  entries: Entry[],
  own: number,
): Ranked<Entry>[] {
  const known = new Map(entries.map(({ value, rank }) => [value, rank]))
  const nextBelow = Math.max(...entries.map(({ value }) => value).filter((value) => value < own))
  const count = (low: number, high: number) => entries.filter(({ value }) => value > low && value < high).length
  return entries.map((entry) => {
    const { value } = entry
    const counted =
      value > own ? (known.get(own) ?? 0) - count(own, value + 1) : (known.get(nextBelow) ?? 0) + count(value, own)
    return { ...entry, rank: entry.rank ?? counted }
  })
}
