/** The preview image of a player: cached as its figures, painted for each answer. */
import type { Deps } from '../deps.ts'
import { CACHE_SECONDS } from '../http/cached.ts'
import { sha256 } from '../lib/bytes.ts'
import { SECOND } from '../lib/time.ts'
import { paintCard } from './card/paint-card.ts'
import type { Player } from './players.ts'
import type { Site } from './site.ts'

/** `find` is asked where this isolate does not know the player's figures. */
export async function cardOf(
  { isolate, now }: Pick<Deps, 'isolate' | 'now'>,
  key: string,
  site: Site,
  find: () => Promise<Player>,
) {
  const at = now().getTime()
  const known = isolate.responses.get(key, at)
  const { writes } = isolate
  const body = known?.body ?? JSON.stringify(await find())
  const etag = known?.etag ?? `"${(await sha256(`${site.name}\n${site.origin}\n${body}`)).slice(0, 32)}"`
  if (!known && isolate.writes === writes)
    isolate.responses.set(key, { body, etag, contentType: '' }, at + CACHE_SECONDS * SECOND)
  return { etag, paint: () => paintCard(JSON.parse(body) as Player, site) }
}
