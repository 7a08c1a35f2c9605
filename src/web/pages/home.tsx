/** `/`: who leads, and a way to find anybody. */
import type { Board } from '../boards.ts'
import { Page, Search } from '../parts/layout.tsx'
import { Icon, number } from '../parts/shapes.tsx'
import type { Site } from '../site.ts'
import { labelOf, slugOf } from '../stat-names.ts'

export function HomePage({ site, boards }: { site: Site; boards: Board[] }) {
  const isEmpty = boards.every(({ entries }) => entries.length === 0)
  return (
    <Page site={site} title={site.name} path="/">
      <section class="hero">
        <h1>{site.name}</h1>
        <p>{site.text}</p>
        <Search />
      </section>
      {isEmpty ? <EmptyWorld /> : <Leaders boards={boards} />}
    </Page>
  )
}

function Leaders({ boards }: { boards: Board[] }) {
  return (
    <section aria-labelledby="leaders" data-live="15" id="live">
      <h2 id="leaders">Who leads</h2>
      <div class="plates">
        {boards.map(({ stat, players, entries }) => (
          <article class="plate podium">
            <h3>
              <Icon stat={stat} />
              <a href={`/leaderboards/${slugOf(stat)}`}>{labelOf(stat)}</a>
            </h3>
            {entries.length === 0 ? (
              <p class="soft">Nobody yet. The first one to earn XP leads.</p>
            ) : (
              <ol>
                {entries.map(({ rank, username, level }) => (
                  <li>
                    <span class={`rank place-${rank}`}>
                      <span class="hidden">Rank </span>
                      {rank}
                    </span>
                    <a href={`/players/${username}`}>{username}</a>
                    <span class="level">
                      <span class="hidden">level </span>
                      {level}
                    </span>
                  </li>
                ))}
              </ol>
            )}
            {players > 3 ? <p class="soft small">{number(players)} players</p> : null}
          </article>
        ))}
      </div>
    </section>
  )
}

function EmptyWorld() {
  return (
    <section class="plate wide" aria-labelledby="empty">
      <h2 id="empty">An empty world</h2>
      <p>Nobody has earned anything yet. To get going:</p>
      <ol class="steps">
        <li>
          <a href="/account/signup">Make an account</a>, or let your game make one by <code>POST /api/users</code>.
        </li>
        <li>
          Make a key that may write stats: <code>npm run key -- --name game --scopes stats:write</code>
        </li>
        <li>
          Send the first XP by <code>PATCH /api/users/&lt;name&gt;/stats</code>. <a href="/docs">All calls</a> can be
          tried in the browser.
        </li>
      </ol>
    </section>
  )
}
