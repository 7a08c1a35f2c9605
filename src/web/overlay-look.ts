/** How an overlay looks, from its query: `theme`, `scale`, `limit`, `stats`. What is not understood is left at its default. */
import type { StatName } from '../stats/catalog.ts'
import { shownStats, slugOf } from './stat-names.ts'

export const THEMES = ['dark', 'light'] as const
/** In percent. */
export const SCALES = [100, 150, 200, 300] as const
export const MAX_ENTRIES = 25
const DEFAULT_ENTRIES = 10

/** Players whose level-ups one overlay announces. */
export const MAX_PLAYERS = 20

export type Look = { theme: string; scale: number; limit: number; stats: StatName[] }

/** Reads `scale` as a factor, `1.5`, or in percent, `150`. */
export function readLook(query: Record<string, string>, siteStats: StatName[]): Look {
  const scale = Number(query.scale)
  const limit = Number(query.limit)
  return {
    theme: THEMES.find((theme) => theme === query.theme) ?? 'dark',
    scale: SCALES.find((known) => known === (scale < 10 ? scale * 100 : scale)) ?? 100,
    limit: Number.isInteger(limit) && limit >= 1 ? Math.min(limit, MAX_ENTRIES) : DEFAULT_ENTRIES,
    stats: query.stats ? shownStats(query.stats) : siteStats,
  }
}

export const KINDS = ['player', 'leaderboard', 'levelups'] as const
export type Kind = (typeof KINDS)[number]

export type Wish = { kind: Kind; player: string; stat: StatName; look: Look; stats: string[] }

/** The path of the overlay that somebody put together. */
export function overlayPath({ kind, player, stat, look, stats }: Wish): string {
  const query = new URLSearchParams()
  if (kind === 'levelups') query.set('users', player)
  if (look.theme !== 'dark') query.set('theme', look.theme)
  if (look.scale !== 100) query.set('scale', String(look.scale / 100))
  if (kind !== 'levelups' && look.limit !== DEFAULT_ENTRIES) query.set('limit', String(look.limit))
  if (kind !== 'leaderboard' && stats.length > 0) query.set('stats', stats.join(','))
  const path = {
    player: `/overlay/player/${encodeURIComponent(player)}`,
    leaderboard: `/overlay/leaderboard/${slugOf(stat)}`,
    levelups: '/overlay/levelups',
  }[kind]
  return query.size > 0 ? `${path}?${query}` : path
}
