/** The pages that everybody sees. */
import { Hono, type MiddlewareHandler } from 'hono'
import type { Child } from 'hono/jsx'
import { AppError } from '../errors.ts'
import { cached } from '../http/cached.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { readCursor, signCursor } from '../http/paging.ts'
import { showAround } from '../leaderboards/leaderboards.ts'
import type { Place } from '../leaderboards/ranks.ts'
import { parseUserRef, USERNAME } from '../users/user-ref.ts'
import { showBoard, showLeaders } from './boards.ts'
import { cardOf } from './card.ts'
import { BoardPage } from './pages/board.tsx'
import { HomePage } from './pages/home.tsx'
import { PlayerPage } from './pages/player.tsx'
import { showPlayer } from './players.ts'
import { pagePolicy } from './policy.ts'
import { type Site, siteOf } from './site.ts'
import { slugOf, statFromSlug } from './stat-names.ts'

/** Entries of a page of a leaderboard, and those on each side of a player who is looked for. */
const BOARD_ENTRIES = 25
const AROUND_ENTRIES = 7

const ASSET = /^[a-z0-9-]+\.(css|js|svg|woff2|txt)$/

/** `cached` without its word in the OpenAPI document, which is the API's. */
export const cachedPage: MiddlewareHandler<AppEnv> = (c, next) => cached(c, next)

/** `/`, `/players`, `/leaderboards`, `/assets` */
export const publicPages = new Hono<AppEnv>()
  .get('/', pagePolicy, cachedPage, async (c) => {
    const site = siteFor(c)
    return sendPage(c, <HomePage site={site} boards={await showLeaders(c.var.deps, site.stats)} />)
  })
  .get('/players', pagePolicy, (c) => {
    const name = (c.req.query('q') ?? '').trim()
    return c.redirect(name === '' ? '/' : `/players/${encodeURIComponent(name)}`, 303)
  })
  .get('/players/:username', pagePolicy, cachedPage, async (c) =>
    sendPage(c, <PlayerPage site={siteFor(c)} player={await playerInPath(c)} />),
  )
  .get('/players/:username/card.png', pagePolicy, async (c) => {
    const site = siteFor(c)
    const card = await cardOf(c.var.deps, c.req.path, site, () => playerInPath(c))
    const headers = { ETag: card.etag, 'Cache-Control': 'public, no-cache' }
    if (c.req.header('If-None-Match')?.includes(card.etag)) return c.body(null, 304, headers)
    return c.body(await card.paint(), 200, { ...headers, 'Content-Type': 'image/png' })
  })
  .get('/leaderboards', pagePolicy, (c) => {
    const [first] = siteFor(c).stats
    return c.redirect(`/leaderboards/${first ? slugOf(first) : ''}`, 302)
  })
  .get('/leaderboards/:stat', pagePolicy, cachedPage, async (c) => {
    const site = siteFor(c)
    const stat = statFromSlug(c.req.param('stat'))
    if (!stat) throw new AppError('not_found', 'There is no such leaderboard.')
    const around = (c.req.query('around') ?? '').trim()
    if (around !== '') {
      return sendPage(
        c,
        <BoardPage
          site={site}
          stat={stat}
          entries={await entriesAround(c, stat, around)}
          around={around}
          isFirst={false}
        />,
      )
    }
    const { deps } = c.var
    const [list, cursor] = [`page ${stat}`, c.req.query('cursor') || undefined]
    const after = await readCursor<Place>(deps, list, cursor)
    const { next, ...board } = await showBoard(deps, stat, { after, limit: BOARD_ENTRIES })
    const nextCursor = next && (await signCursor(deps, list, next))
    return sendPage(c, <BoardPage site={site} {...board} nextCursor={nextCursor} isFirst={after === undefined} />)
  })
  .get('/assets/:file', async (c) => {
    if (!ASSET.test(c.req.param('file'))) throw new AppError('not_found', 'There is no such file.')
    const known = c.req.header('If-None-Match')
    const request = new Request(new URL(c.req.path, c.req.url), known ? { headers: { 'If-None-Match': known } } : {})
    const file = await c.var.deps.assets.fetch(request)
    if (file.status !== 200 && file.status !== 304) throw new AppError('not_found', 'There is no such file.')
    const response = new Response(file.body, file)
    response.headers.set('Cache-Control', 'public, max-age=300, stale-while-revalidate=86400')
    return response
  })

export const siteFor = (c: Ctx): Site => siteOf(c.var.deps.config, c.req.url)

export const sendPage = (c: Ctx, page: Child, status: 200 | 400 | 401 | 403 | 404 | 409 | 422 | 429 = 200) =>
  c.html(String(page), status)

/** @throws AppError not_found */
async function playerInPath(c: Ctx) {
  const name = c.req.param('username') ?? ''
  const player = USERNAME.test(name) ? await showPlayer(c.var.deps, name, siteFor(c).stats) : undefined
  if (!player) throw new AppError('not_found', 'There is no such player.')
  return player
}

/** Nobody where the player is not listed. */
async function entriesAround(c: Ctx, stat: Parameters<typeof showAround>[1], name: string) {
  const ref = parseUserRef(name)
  if (!ref || ref === 'me') return []
  try {
    return await showAround(c.var.deps, stat, ref, AROUND_ENTRIES)
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return []
    throw error
  }
}
