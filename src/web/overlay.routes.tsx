/** /overlay: the builder, and what OBS loads. */
import { Hono } from 'hono'
import { AppError } from '../errors.ts'
import type { AppEnv } from '../http/context.ts'
import { lookUpProfiles } from '../users/profiles.ts'
import { USERNAME } from '../users/user-ref.ts'
import { showBoard } from './boards.ts'
import { KINDS, MAX_PLAYERS, readLook } from './overlay-look.ts'
import { BuilderPage } from './pages/builder.tsx'
import { BoardOverlay, LevelUpOverlay, PlayerOverlay } from './pages/overlay.tsx'
import { showPlayer } from './players.ts'
import { overlayPolicy, pagePolicy } from './policy.ts'
import { cachedPage, sendPage, siteFor } from './public.routes.tsx'
import { slugOf, statFromSlug } from './stat-names.ts'

export const overlayPages = new Hono<AppEnv>()
  .get('/overlay', pagePolicy, (c) => {
    const site = siteFor(c)
    const query = c.req.query()
    const stat = statFromSlug(query.stat ?? '') ?? site.stats[0]
    if (!stat) throw new AppError('not_found', 'There is no stat to show.')
    const kind = KINDS.find((known) => known === query.kind) ?? 'player'
    const chosen = (c.req.queries('stats') ?? []).flatMap((name) => statFromSlug(name) ?? []).map(slugOf)
    const names = (query.player ?? '').split(',').map((name) => name.trim())
    const player = (kind === 'levelups' ? names : names.slice(0, 1)).filter((name) => USERNAME.test(name)).join(',')
    const wish = { kind, player, stat, look: readLook({ ...query, stats: '' }, site.stats), stats: chosen }
    return sendPage(c, <BuilderPage site={site} wish={wish} />)
  })
  .get('/overlay/player/:username', overlayPolicy, cachedPage, async (c) => {
    const look = readLook(c.req.query(), siteFor(c).stats)
    const name = c.req.param('username')
    const player = USERNAME.test(name) ? await showPlayer(c.var.deps, name, look.stats) : undefined
    if (!player) throw new AppError('not_found', 'There is no such player.')
    return sendPage(c, <PlayerOverlay player={player} look={look} />)
  })
  .get('/overlay/leaderboard/:stat', overlayPolicy, cachedPage, async (c) => {
    const look = readLook(c.req.query(), siteFor(c).stats)
    const stat = statFromSlug(c.req.param('stat'))
    if (!stat) throw new AppError('not_found', 'There is no such leaderboard.')
    const { entries } = await showBoard(c.var.deps, stat, { after: undefined, limit: look.limit })
    return sendPage(c, <BoardOverlay stat={stat} entries={entries} look={look} />)
  })
  .get('/overlay/levelups', overlayPolicy, cachedPage, async (c) => {
    const look = readLook(c.req.query(), siteFor(c).stats)
    const names = (c.req.query('users') ?? '').split(',').slice(0, MAX_PLAYERS)
    const profiles = await lookUpProfiles(c.var.deps, names)
    const players = profiles.map(({ username, levels }) => ({
      username,
      levels: levels.filter(({ stat }) => look.stats.includes(stat)),
    }))
    return sendPage(c, <LevelUpOverlay players={players} look={look} />)
  })
