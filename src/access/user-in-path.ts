/** `{user}` in a path: a name, an id, or `me` for the account behind the credentials. */
import { AppError } from '../errors.ts'
import type { Ctx } from '../http/context.ts'
import { parseUserRef, type UserRef } from '../users/user-ref.ts'
import { noSuchUser } from '../users/users.ts'
import { requireCaller } from './identify.ts'

/** @throws AppError not_found for text that can name no user; unauthenticated or forbidden where `me` has no account. */
export async function userInPath(c: Ctx): Promise<UserRef> {
  const ref = parseUserRef(c.req.param('user') ?? '')
  if (!ref) throw noSuchUser()
  if (ref !== 'me') return ref
  const { userId } = await requireCaller(c)
  if (userId === undefined)
    throw new AppError('forbidden', 'Nobody owns this API key, so there is no "me". Name the user in the path.')
  return { id: userId }
}
