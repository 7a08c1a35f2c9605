/** `/players/{username}`: everything that somebody has earned. */
import { Page } from '../parts/layout.tsx'
import { Bar, Icon, number, Radar, Time } from '../parts/shapes.tsx'
import { bestRanks, type Player, type PlayerStat } from '../players.ts'
import type { Site } from '../site.ts'
import { labelOf, slugOf } from '../stat-names.ts'

export function PlayerPage({ site, player }: { site: Site; player: Player }) {
  const { username, since, totalLevel, stats } = player
  const path = `/players/${username}`
  const best = bestRanks(player, 2).map(({ rank, stat }) => `#${number(rank)} in ${labelOf(stat)}`)
  const description = [`Total level ${totalLevel}`, ...best].join(', ')
  return (
    <Page site={site} title={username} description={description} path={path} image={`${path}/card.png`}>
      <div class="player" id="live" data-live="15">
        <header class="who">
          <div>
            <h1 class="name">{username}</h1>
            <p class="soft">
              {best.length > 0 ? `${best.join(', ')} · ` : ''}playing since <Time iso={since} dateOnly />
            </p>
          </div>
          <p class="total">
            <strong>{totalLevel}</strong> <span>total level</span>
          </p>
        </header>
        <div class="columns">
          <section class="plates" aria-label="Stats">
            {stats.map((stat) => (
              <StatPlate {...stat} username={username} />
            ))}
          </section>
          {stats.length > 2 ? (
            <figure class="plate radar-plate">
              <Radar stats={stats} />
              <figcaption class="soft small">
                Levels side by side; the outer ring is level {Math.max(2, ...stats.map(({ level }) => level))}. The
                plates say the same in words.
              </figcaption>
            </figure>
          ) : null}
        </div>
      </div>
      <p class="share">
        <button type="button" data-copy={site.origin + path} hidden>
          Copy the link
        </button>
        <a href={`${path}/card.png`}>Picture to share</a>
        <a href={`/overlay?player=${username}`}>Put it on a stream</a>
      </p>
      <p class="hidden" role="status" data-news />
    </Page>
  )
}

export function StatPlate({ stat, level, xp, toNext, progress, rank, username }: PlayerStat & { username: string }) {
  const label = labelOf(stat)
  return (
    <article class="plate stat" data-level={level} data-stat={label} data-player={username}>
      <Icon stat={stat} />
      <div class="words">
        <h2>
          <a href={rank > 0 ? `/leaderboards/${slugOf(stat)}?around=${username}` : `/leaderboards/${slugOf(stat)}`}>
            {label}
          </a>
        </h2>
        <p class="soft small">
          {rank > 0 ? `#${number(rank)} · ` : ''}
          {toNext === 0 ? `${number(xp)} XP, top level` : `${number(toNext)} XP to level ${level + 1}`}
        </p>
      </div>
      <p class="big">
        <span class="hidden">Level </span>
        {level}
      </p>
      <Bar share={progress} />
    </article>
  )
}
