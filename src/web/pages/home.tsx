/** `/`: who leads, a way to find anybody, and what there is for players, streamers and makers of games. */
import type { Board } from '../boards.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Page, Search } from '../parts/layout.tsx'
import { counted, Icon, number } from '../parts/shapes.tsx'
import type { Site } from '../site.ts'
import { labelOf, slugOf } from '../stat-names.ts'

export function HomePage({ site, boards }: { site: Site; boards: Board[] }) {
  const best = mostMedals(boards)
  return (
    <Page site={site} title={site.name} path="/">
      <section class={best.length > 0 ? 'hero' : 'hero alone'}>
        <div>
          <h1>{site.name}</h1>
          <p class="lead">{site.text}</p>
          <Search />
          <p class="share">
            <a class="button" href="/account">
              {site.signup === 'open' ? 'Make an account' : 'Log in'}
            </a>
            <a class="button quiet" href="/docs">
              See the API
            </a>
          </p>
        </div>
        {best.length > 0 ? <Podium best={best} /> : null}
      </section>
      {best.length > 0 ? <Leaders boards={boards} /> : <EmptyWorld />}
      <ForWhom />
    </Page>
  )
}

type Medals = { username: string; firsts: number; medals: number }

/** The three who stand highest most often. */
function mostMedals(boards: Board[]): Medals[] {
  const all = new Map<string, Medals & { points: number }>()
  for (const { username, rank } of boards.flatMap(({ entries }) => entries)) {
    const { points, firsts, medals } = all.get(username) ?? { points: 0, firsts: 0, medals: 0 }
    const risen = { points: points + 4 - rank, firsts: firsts + Number(rank === 1), medals: medals + 1 }
    all.set(username, { username, ...risen })
  }
  return [...all.values()].sort((a, b) => b.points - a.points || (a.username < b.username ? -1 : 1)).slice(0, 3)
}

function Podium({ best }: { best: Medals[] }) {
  return (
    <section class="podium" aria-labelledby="most-medals">
      <h2 id="most-medals">Most medals</h2>
      <ol>
        {best.map(({ username, firsts, medals }, i) => (
          <li class={`step-${i + 1}`}>
            <Avatar name={username} />
            <a href={`/players/${username}`}>{username}</a>
            <span class={`block place-${i + 1}`}>
              <strong>{i + 1}</strong>
              {counted(medals, 'medal')}
              {firsts > 0 ? <span>{firsts} gold</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Leaders({ boards }: { boards: Board[] }) {
  return (
    <section aria-labelledby="leaders" data-live="15" id="live">
      <h2 id="leaders">Who leads</h2>
      <div class="plates">
        {boards.map(({ stat, players, entries }) => (
          <article class="plate leaders">
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

function ForWhom() {
  return (
    <section class="for-whom" aria-label="What this is for">
      <article>
        <h2>You play</h2>
        <p>
          Every player has a page: levels, ranks, and a picture that chats show for its link. Find yours by name, and
          make an <a href="/account/signup">account</a> to see your credits.
        </p>
      </article>
      <article>
        <h2>You stream</h2>
        <p>
          Put a player, a leaderboard or level-ups as they happen <a href="/overlay">on your stream</a>. One address for
          OBS, nothing to install.
        </p>
      </article>
      <article>
        <h2>You build</h2>
        <p>
          Accounts, stats, leaderboards and credits over one <a href="/docs">API</a>. Make a key and send the first call
          in a minute.
        </p>
      </article>
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
