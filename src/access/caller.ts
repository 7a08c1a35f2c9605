/** Who is calling. */
import type { Authority } from '../authority/authority.ts'
import { allows, type Scope } from '../keys/scopes.ts'

export type UserCaller = {
  kind: 'user'
  userId: number
  via: 'password' | 'token'
  /** The account version that the credentials were issued for. */
  version: number
  /** The session that issued the access token, if one did. */
  sessionId: string | undefined
  /** The name that came with the password. */
  username?: string
}

export type KeyCaller = {
  kind: 'key'
  keyId: string
  /** undefined for a key without an owner. */
  userId: number | undefined
  scopes: Scope[]
}

export type Caller = UserCaller | KeyCaller

declare module 'hono' {
  interface ContextVariableMap {
    /** Set by `authenticated` and its variants. */
    caller: Caller
    /** True if the account of a password is from a cache, see `byCachedPassword`. */
    isCachedCaller: boolean
  }
}

/** The scope of a caller's idempotency keys: the account behind the credentials, or the key itself if it has no owner. */
export function callerName(caller: Caller): string {
  return caller.userId === undefined && caller.kind === 'key' ? `key:${caller.keyId}` : `user:${caller.userId}`
}

/** The caller's right to write, for the statements that check it. A key acts by `scope`, a user for their own account. */
export function authorityOf(caller: Caller, scope: Scope): Authority {
  if (caller.kind === 'user') {
    const { userId, version, sessionId } = caller
    return { kind: 'user', userId, version, sessionId, whileStopped: false }
  }
  return { kind: 'key', keyId: caller.keyId, scope, whileStopped: allows(caller.scopes, 'admin') }
}
