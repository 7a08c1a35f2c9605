/** `{user}` in a path: a name, an id, or `me`, which is the account behind the credentials. */
import { AppError } from '../errors.ts'
import type { Ctx } from '../http/context.ts'
import { parseUserRef, type UserRef } from '../users/user-ref.ts'
import { requireCaller } from './authenticated.ts'

/** @throws AppError not_found for what can name no user; unauthenticated and forbidden where `me` is nobody. */
export async function userInPath(c: Ctx): Promise<UserRef> {
  const ref = parseUserRef(c.req.param('user') ?? '')
  if (!ref) throw new AppError('not_found', 'There is no such user.')
  if (ref !== 'me') return ref
  const { userId } = await requireCaller(c)
  if (userId === undefined)
    throw new AppError('forbidden', 'Nobody owns this API key, so there is no "me". Name the user in the path.')
  return { id: userId }
}
