/** `/overlay`: puts an overlay for a stream together, with a preview. */
import { KINDS, MAX_ENTRIES, overlayPath, SCALES, THEMES, type Wish } from '../overlay-look.ts'
import { Page } from '../parts/layout.tsx'
import type { Site } from '../site.ts'
import { labelOf, slugOf } from '../stat-names.ts'

const KIND_NAMES = { player: "A player's levels", leaderboard: 'A leaderboard', levelups: 'Level-ups as they happen' }

export function BuilderPage({ site, wish }: { site: Site; wish: Wish }) {
  const { kind, player, stat, look, stats } = wish
  const isReady = kind === 'leaderboard' || player !== ''
  const url = isReady ? site.origin + overlayPath(wish) : ''
  return (
    <Page site={site} title="Overlay for a stream" section="overlay" path="/overlay">
      <h1>Overlay</h1>
      <p>Put together what your stream shows, then paste the address into OBS as a browser source.</p>
      <div class="columns even">
        <form class="stack" action="/overlay" data-builder>
          <div>
            <label for="kind">What it shows</label>
            <select id="kind" name="kind">
              {KINDS.map((value) => (
                <option value={value} selected={value === kind}>
                  {KIND_NAMES[value]}
                </option>
              ))}
            </select>
          </div>
          <div>
            <label for="player">Player; several with commas for level-ups</label>
            <input
              id="player"
              name="player"
              value={player}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
            />
          </div>
          <div>
            <label for="stat">Leaderboard</label>
            <select id="stat" name="stat">
              {site.stats.map((value) => (
                <option value={slugOf(value)} selected={value === stat}>
                  {labelOf(value)}
                </option>
              ))}
            </select>
          </div>
          <div class="row">
            <div>
              <label for="theme">Colours</label>
              <select id="theme" name="theme">
                {THEMES.map((theme) => (
                  <option selected={theme === look.theme}>{theme}</option>
                ))}
              </select>
            </div>
            <div>
              <label for="scale">Size</label>
              <select id="scale" name="scale">
                {SCALES.map((scale) => (
                  <option value={String(scale)} selected={scale === look.scale}>
                    {scale} %
                  </option>
                ))}
              </select>
            </div>
            <div>
              <label for="limit">Entries</label>
              <input
                id="limit"
                name="limit"
                type="number"
                min="1"
                max={String(MAX_ENTRIES)}
                value={String(look.limit)}
              />
            </div>
          </div>
          <fieldset>
            <legend>Stats; none chosen means all</legend>
            {site.stats.map((value) => (
              <label class="choice">
                <input type="checkbox" name="stats" value={slugOf(value)} checked={stats.includes(slugOf(value))} />{' '}
                {labelOf(value)}
              </label>
            ))}
          </fieldset>
          <button type="submit">Show it</button>
        </form>
        <section aria-labelledby="result">
          <h2 id="result">Preview</h2>
          <label for="overlay-url">Address for OBS</label>
          <div class="field">
            <input id="overlay-url" readonly value={url} placeholder="Name a player first" />
            <button type="button" data-copy-from="overlay-url" hidden>
              Copy
            </button>
          </div>
          <iframe class="preview" title="Preview of the overlay" src={isReady ? overlayPath(wish) : 'about:blank'} />
        </section>
      </div>
      <script src="/assets/builder.js" defer />
    </Page>
  )
}
