/** A player as the website shows one: every shown stat with level, rank and the way to the next level. */
import type { Deps } from '../deps.ts'
import { isoTime } from '../lib/time.ts'
import { ruleOf, type StatName } from '../stats/catalog.ts'
import { levelAt } from '../stats/levels.ts'
import { findPlayer, type RankedStat } from './pages.store.ts'

export type PlayerStat = {
  stat: StatName
  xp: number
  level: number
  /** XP that is still missing; 0 at the top level. */
  toNext: number
  /** How much of this level is done, from 0 to 1. */
  progress: number
  /** 0 for who is not ranked. */
  rank: number
}

export type Player = { username: string; since: string; totalLevel: number; stats: PlayerStat[] }

/** @returns undefined where there is no such player. */
export async function showPlayer(
  { replica }: Pick<Deps, 'replica'>,
  username: string,
  shown: StatName[],
): Promise<Player | undefined> {
  const row = await findPlayer(replica, username)
  if (!row) return undefined
  const stats = shown.map((stat) =>
    describeStat(
      stat,
      row.stats.find((stored) => stored.stat === stat),
    ),
  )
  const totalLevel = stats.reduce((sum, { level }) => sum + level, 0)
  return { username: row.username, since: isoTime(row.createdAt), totalLevel, stats }
}

function describeStat(stat: StatName, stored: RankedStat | undefined): PlayerStat {
  const rule = ruleOf(stat)
  const xp = stored?.value ?? rule.default
  const { level, levelXp, nextLevelXp } = levelAt(rule.curve, xp)
  const isTop = nextLevelXp === 0
  return {
    stat,
    xp,
    level,
    toNext: isTop ? 0 : nextLevelXp - xp,
    progress: isTop ? 1 : (xp - levelXp) / (nextLevelXp - levelXp),
    rank: stored && xp !== rule.default ? stored.rank : 0,
  }
}

/** The best ranks first: `#3 in Melee, #5 in Speed`. */
export const bestRanks = ({ stats }: Player, count: number): PlayerStat[] =>
  stats
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => a.rank - b.rank || b.level - a.level)
    .slice(0, count)
