/** Profiles of users. */
import type { Deps } from '../deps.ts'
import { isoTime } from '../lib/time.ts'
import { levelsOf, withDefaults } from '../stats/values.ts'
import { findProfile, listProfiles, listUsernames, type ProfileRow } from './profiles.store.ts'
import type { UserRef } from './user-ref.ts'
import { noSuchUser } from './users.ts'

/** The public profile. @throws AppError not_found */
export async function showProfile(deps: Pick<Deps, 'replica'>, ref: UserRef) {
  return withoutEmail(await showOwnProfile(deps, ref))
}

/** The profile with the email, which only its owner sees. @throws AppError not_found */
export async function showOwnProfile({ replica }: Pick<Deps, 'replica'>, ref: UserRef) {
  const row = await findProfile(replica, ref)
  if (!row) throw noSuchUser()
  return asProfile(row)
}

/** The users with these names, each once, in the order of the names. Unknown names are left out. */
export async function lookUpProfiles({ replica }: Pick<Deps, 'replica'>, usernames: string[]) {
  const rows = await listProfiles(replica, usernames)
  return rows.map((row) => withoutEmail(asProfile(row)))
}

/** A page of names in alphabetical order; `next` is the last of them if there are more. */
export async function listUsers(
  { replica }: Pick<Deps, 'replica'>,
  { prefix, after, limit }: { prefix?: string | undefined; after?: string | undefined; limit: number },
) {
  const found = await listUsernames(replica, { prefix, after, limit: limit + 1 })
  const users = found.slice(0, limit)
  return { users, next: found.length > limit ? users.at(-1) : undefined }
}

function asProfile({ createdAt, stats: stored, ...row }: ProfileRow) {
  const stats = withDefaults(JSON.parse(stored))
  return { ...row, createdAt: isoTime(createdAt), stats, levels: levelsOf(stats) }
}

function withoutEmail<P extends { email: string }>({ email: _, ...profile }: P) {
  return profile
}
