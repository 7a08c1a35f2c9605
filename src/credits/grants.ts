/** The same top-up for many, in pages. */
import type { Deps } from '../deps.ts'
import { toBase64Url } from '../lib/bytes.ts'
import { DAY } from '../lib/time.ts'
import { insertTopUps, usersToGrant } from './grants.store.ts'

export type MassGrant = {
  amount: number
  reason: string
  expiresInDays: number
  runId: string
  usernames: string[] | undefined
  after: number
  limit: number
}

/** Grants to a page of users by id; a repeated page, or run, grants nothing twice. `last` is undefined when all are done. */
export async function grantToMany(
  deps: Deps,
  { usernames, after, limit, expiresInDays, ...grant }: MassGrant,
): Promise<{ granted: number; last: number | undefined }> {
  const now = deps.now().getTime()
  const page = { ...grant, now, expiresAt: now + expiresInDays * DAY, users: usersToGrant(after, limit, usernames) }
  const { ids, granted } = await insertTopUps(deps.db, page, toBase64Url(deps.random(9)))
  return { granted, last: ids.length < limit ? undefined : ids.at(-1) }
}
