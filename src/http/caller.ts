/** Who is calling. */
import type { Scope } from '../keys/scopes.ts'

export type UserCaller = {
  kind: 'user'
  userId: number
  /** A password or an access token: a token does not make another token. */
  via: 'password' | 'token'
  /** The account's version that the credentials belong to. */
  version: number
  /** The session whose access token it is, if it came from one. */
  sessionId: string | undefined
}

export type KeyCaller = {
  kind: 'key'
  keyId: string
  /** undefined: nobody owns it. */
  userId: number | undefined
  scopes: Scope[]
}

export type Caller = UserCaller | KeyCaller

/** Whose idempotency keys these are: the account behind the credentials, or the key itself where it has no owner. */
export function callerName(caller: Caller): string {
  return caller.userId === undefined && caller.kind === 'key' ? `key:${caller.keyId}` : `user:${caller.userId}`
}
