/** Access tokens without the log-in that would give them. */
import { env } from 'cloudflare:workers'
import { signAccessToken } from '../../src/tokens/access-token.ts'
import { NOON } from './service.ts'

/** A token of this user, at this version of the account. */
export const accessToken = (userId: number, version = 1) =>
  signAccessToken([env.TOKEN_SECRET], { userId, version, sessionId: undefined }, NOON)
