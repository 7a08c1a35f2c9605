/** The control rows that every isolate knows before it answers: is the service stopped, whose tokens are over. */
import type { Controls, Deps } from '../deps.ts'
import { SECOND } from '../lib/time.ts'
import { ACCESS_TOKEN_SECONDS, type Identity } from '../tokens/access-token.ts'
import { findControls } from './service.store.ts'

/** For so long an isolate may not know that the service was stopped or a token ended. */
const CONTROLS_SECONDS = 5

/** Reads the control rows at most every five seconds. Fails when they cannot be read: an ended token must not slip through. */
export async function readControls({ db, memory, now }: Pick<Deps, 'db' | 'memory' | 'now'>): Promise<Controls> {
  const at = now().getTime()
  const known = memory.controls
  if (known && at >= known.readAt && at - known.readAt < CONTROLS_SECONDS * SECOND) return known
  // A minute more than a token lives, for clocks that differ.
  const rows = await findControls(db, at - (ACCESS_TOKEN_SECONDS + 60) * SECOND)
  memory.controls = { ...rows, readAt: at }
  return memory.controls
}

/** True when the token's account version or its session was ended. */
export function isEnded({ ended }: Controls, { userId, version, sessionId }: Identity): boolean {
  if (version < (ended.get(String(userId)) ?? 0)) return true
  return sessionId !== undefined && ended.has(sessionId)
}
