/** Who is logged in on /account: the cookie names a session, which is looked up each time. */

import { noRecord } from '../db/idempotency-record.ts'
import { AppError } from '../errors.ts'
import type { Ctx } from '../http/context.ts'
import { DAY } from '../lib/time.ts'
import { readAccessToken } from '../tokens/access-token.ts'
import { showSessions, startSession, type VerifiedAccount } from '../tokens/tokens.ts'
import { requireUser } from '../users/users.ts'
import { readSealed, setSealed } from './cookies.ts'

const LIFETIME = 30 * DAY

type Content = { userId: number; version: number; sessionId: string }

export type SignedIn = Content & {
  username: string
  email: string
  sessions: Awaited<ReturnType<typeof showSessions>>
}

declare module 'hono' {
  interface ContextVariableMap {
    /** Who is logged in; set on /account. */
    account: SignedIn
  }
}

/** @returns undefined for who is not logged in, whose session was ended, and whose account is disabled. */
export async function readSignedIn(c: Ctx): Promise<SignedIn | undefined> {
  const content = await readSealed<Content>(c, 'account')
  if (!content) return undefined
  const { deps } = c.var
  const [user, sessions] = await Promise.all([
    requireUser(deps, { id: content.userId }).catch(unlessMissing),
    showSessions(deps, content),
  ])
  if (!user || user.disabledAt !== null || !sessions.some(({ current }) => current)) return undefined
  return { ...content, username: user.username, email: user.email ?? '', sessions }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'not_found') return undefined
  throw error
}

/** Starts a session and lets the cookie name it. Its tokens go nowhere. */
export async function signIn(c: Ctx, account: VerifiedAccount): Promise<void> {
  const { deps } = c.var
  const started = await startSession(deps, account, noRecord)
  if ('earlier' in started) throw new Error('an earlier record was found for a call without an Idempotency-Key')
  const { sessionId } = await readAccessToken(deps.config.tokenSecrets, started.outcome.token, deps.now().getTime())
  await setSealed(c, 'account', { ...account, sessionId }, LIFETIME)
}
