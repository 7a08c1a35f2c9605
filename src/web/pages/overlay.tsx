/** `/overlay/...`: what a stream shows, on nothing. It keeps itself fresh; `live.ts` has how. */
import type { Child } from 'hono/jsx'
import type { StatName } from '../../stats/catalog.ts'
import type { BoardEntry } from '../boards.ts'
import type { Look } from '../overlay-look.ts'
import { Bare } from '../parts/layout.tsx'
import { number } from '../parts/shapes.tsx'
import type { Player, PlayerStat } from '../players.ts'
import { labelOf } from '../stat-names.ts'
import { StatPlate } from './player.tsx'

const EVERY_SECONDS = '5'

export function PlayerOverlay({ player, look }: { player: Player; look: Look }) {
  return (
    <Overlay look={look} title={player.username}>
      <h1 class="name">{player.username}</h1>
      <div class="plates">
        {player.stats.slice(0, look.limit).map((stat) => (
          <StatPlate {...stat} username={player.username} />
        ))}
      </div>
    </Overlay>
  )
}

export function BoardOverlay({ stat, entries, look }: { stat: StatName; entries: BoardEntry[]; look: Look }) {
  return (
    <Overlay look={look} title={`${labelOf(stat)} leaderboard`}>
      <h1 class="title">{labelOf(stat)}</h1>
      <table aria-label={`${labelOf(stat)} leaderboard`}>
        <tbody>
          {entries.map(({ rank, username, level }) => (
            <tr>
              <td>
                <span class={`rank place-${rank}`}>{number(rank)}</span>
              </td>
              <th scope="row">{username}</th>
              <td class="number level">{level}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Overlay>
  )
}

export type Levels = { username: string; levels: Pick<PlayerStat, 'stat' | 'level'>[] }

/** Nothing until somebody reaches a level; then a banner for a few seconds. */
export function LevelUpOverlay({ players, look }: { players: Levels[]; look: Look }) {
  return (
    <Overlay look={look} title="Level-ups" isBanner>
      {players.flatMap(({ username, levels }) =>
        levels.map(({ stat, level }) => (
          <span hidden data-player={username} data-stat={labelOf(stat)} data-level={level} />
        )),
      )}
    </Overlay>
  )
}

function Overlay({
  look,
  title,
  isBanner,
  children,
}: {
  look: Look
  title: string
  isBanner?: boolean
  children?: Child
}) {
  return (
    <Bare title={title} theme={look.theme}>
      <main class={`overlay scale-${look.scale}`}>
        <div id="live" data-live={EVERY_SECONDS}>
          {children}
        </div>
        {isBanner ? (
          <p class="plate banner" role="status" data-news hidden />
        ) : (
          <p class="hidden" role="status" data-news />
        )}
      </main>
    </Bare>
  )
}
