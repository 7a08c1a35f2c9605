/** Leaderboards: the top players of a stat, and the players around one. */
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { ruleOf, type StatName } from '../stats/catalog.ts'
import { levelAt } from '../stats/levels.ts'
import type { UserRef } from '../users/user-ref.ts'
import { type Board, listAround, listEntries } from './leaderboards.store.ts'
import { inOrder, type Place, rankAround, rankPage } from './ranks.ts'

const boardOf = (stat: StatName): Board => ({ stat, unlisted: ruleOf(stat).default })

/** A page of a leaderboard; `next` is where it ends, if there are more. Players at the default value are not listed. */
export async function showTop(
  { replica }: Pick<Deps, 'replica'>,
  stat: StatName,
  { after, limit }: { after: Place | undefined; limit: number },
) {
  const found = await listEntries(replica, boardOf(stat), after, limit)
  const entries = rankPage(found.sort(inOrder), after)
  const last = entries.at(-1)
  const next: Place | undefined =
    last && last.id !== last.lastId
      ? {
          value: last.value,
          id: last.id,
          rank: last.rank,
          position: (after?.position ?? 0) + entries.length,
        }
      : undefined
  return { entries: entries.map((entry) => asEntry(stat, entry)), next }
}

/** Up to `radius` entries on each side of a player, and the player. @throws AppError not_found for a player who is not listed. */
export async function showAround({ replica }: Pick<Deps, 'replica'>, stat: StatName, ref: UserRef, radius: number) {
  const entries = await listAround(replica, boardOf(stat), ref, radius)
  const player = entries.find(({ isPlayer }) => isPlayer)
  if (!player) throw new AppError('not_found', 'There is no such user on this leaderboard.')
  return rankAround(entries, player.value).map((entry) => asEntry(stat, entry))
}

function asEntry(stat: StatName, { rank, username, value }: { rank: number; username: string; value: number }) {
  return { rank, username, value, level: levelAt(ruleOf(stat).curve, value).level }
}
