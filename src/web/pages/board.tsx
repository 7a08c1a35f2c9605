/** `/leaderboards/{stat}`: who has most of a stat, in pages, or around one player. */

import type { StatName } from '../../stats/catalog.ts'
import type { BoardEntry } from '../boards.ts'
import { Page } from '../parts/layout.tsx'
import { Icon, number } from '../parts/shapes.tsx'
import type { Site } from '../site.ts'
import { labelOf, slugOf } from '../stat-names.ts'

export type BoardProps = {
  site: Site
  stat: StatName
  entries: BoardEntry[]
  /** Unknown where the page shows who stands around a player. */
  players?: number | undefined
  nextCursor?: string | undefined
  isFirst: boolean
  /** Who was looked for. */
  around?: string | undefined
}

const MEDALS: Record<number, string> = { 1: 'Gold', 2: 'Silver', 3: 'Bronze' }

export function BoardPage({ site, stat, entries, players, nextCursor, isFirst, around }: BoardProps) {
  const [label, path] = [labelOf(stat), `/leaderboards/${slugOf(stat)}`]
  const leader = entries[0]
  const description = isFirst && leader ? `${leader.username} leads with level ${leader.level}` : undefined
  return (
    <Page site={site} title={`${label} leaderboard`} section="boards" path={path} description={description}>
      <h1>
        <Icon stat={stat} /> {label}
      </h1>
      <nav class="tabs" aria-label="Leaderboards">
        {site.stats.map((other) => (
          <a href={`/leaderboards/${slugOf(other)}`} aria-current={other === stat ? 'page' : undefined}>
            {labelOf(other)}
          </a>
        ))}
      </nav>
      <form class="search find-me" action={path}>
        <label for="around">Find me on this board</label>
        <div class="field">
          <input
            id="around"
            name="around"
            value={around ?? ''}
            maxlength={32}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            required
          />
          <button type="submit">Find</button>
        </div>
      </form>
      <section id="live" data-live="15" aria-label={`${label} leaderboard`}>
        {entries.length > 0 ? (
          <Entries entries={entries} around={around} players={players} />
        ) : (
          <Nobody label={label} around={around} />
        )}
      </section>
      <nav class="pages" aria-label="Pages">
        {isFirst ? null : <a href={path}>From the top</a>}
        {nextCursor ? (
          <a rel="next" href={`${path}?cursor=${encodeURIComponent(nextCursor)}`}>
            Next page
          </a>
        ) : null}
      </nav>
    </Page>
  )
}

function Entries({ entries, around, players }: Pick<BoardProps, 'entries' | 'around' | 'players'>) {
  return (
    <table class="board">
      <caption>{around ? `Around ${around}` : players === undefined ? '' : `${number(players)} players`}</caption>
      <thead>
        <tr>
          <th scope="col">Rank</th>
          <th scope="col">Player</th>
          <th scope="col" class="number">
            Level
          </th>
          <th scope="col" class="number">
            XP
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ rank, username, level, value }) => (
          <tr class={username.toLowerCase() === around?.toLowerCase() ? 'me' : undefined}>
            <td>
              <span class={`rank place-${rank}`}>{number(rank)}</span>
              {MEDALS[rank] ? <span class="medal"> {MEDALS[rank]}</span> : null}
            </td>
            <th scope="row">
              <a href={`/players/${username}`}>{username}</a>
            </th>
            <td class="number level">{level}</td>
            <td class="number">{number(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Nobody({ label, around }: { label: string; around?: string | undefined }) {
  return (
    <div class="plate wide">
      {around ? (
        <p>
          <strong>{around}</strong> is not on this board. Either nobody has that name, or they have earned no {label} XP
          yet.
        </p>
      ) : (
        <p>Nobody is on this board yet. The first one to earn {label} XP leads.</p>
      )}
    </div>
  )
}
