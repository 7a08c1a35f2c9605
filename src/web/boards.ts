/** Leaderboards as the website shows them. */
import type { Deps } from '../deps.ts'
import { inOrder, type Place, rankPage } from '../leaderboards/ranks.ts'
import { ruleOf, type StatName } from '../stats/catalog.ts'
import { levelAt } from '../stats/levels.ts'
import { type BoardRow, listBoard, listLeaders } from './pages.store.ts'

export type BoardEntry = { rank: number; username: string; value: number; level: number }
export type Board = { stat: StatName; players: number; entries: BoardEntry[] }

const boardOf = (stat: StatName) => ({ stat, unlisted: ruleOf(stat).default })

const asEntry = (stat: StatName, { rank, username, value }: Omit<BoardEntry, 'level'>): BoardEntry => ({
  rank,
  username,
  value,
  level: levelAt(ruleOf(stat).curve, value).level,
})

/** The first three of each board. */
export async function showLeaders({ replica }: Pick<Deps, 'replica'>, stats: StatName[]): Promise<Board[]> {
  const rows = await listLeaders(replica, stats.map(boardOf), 3)
  return stats.map((stat) => {
    const own = rows.filter((row) => row.stat === stat).sort(inOrder)
    return {
      stat,
      players: own[0]?.players ?? 0,
      entries: rankPage<BoardRow>(own, undefined).map((e) => asEntry(stat, e)),
    }
  })
}

/** A page of one board; `next` is where it ends, if there are more. */
export async function showBoard(
  { replica }: Pick<Deps, 'replica'>,
  stat: StatName,
  { after, limit }: { after: Place | undefined; limit: number },
): Promise<Board & { next: Place | undefined }> {
  const found = await listBoard(replica, boardOf(stat), after, limit + 1)
  const page = rankPage<BoardRow>(found.sort(inOrder).slice(0, limit), after)
  const last = page.at(-1)
  const position = (after?.position ?? 0) + page.length
  const next = last && found.length > limit ? { value: last.value, id: last.id, rank: last.rank, position } : undefined
  return { stat, players: found[0]?.players ?? 0, entries: page.map((entry) => asEntry(stat, entry)), next }
}
