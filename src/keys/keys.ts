/** API keys: who may use them and how they come and go. */
import type { Deps } from '../deps.ts'
import { sha256 } from '../lib/bytes.ts'
import { findStandingKey } from './keys.store.ts'
import type { Scope } from './scopes.ts'

/** The key that this secret is of, or undefined. One row, read each time: a revoked key fails at the very next call. */
export async function authenticateKey({ db, now }: Pick<Deps, 'db' | 'now'>, secret: string) {
  const key = await findStandingKey(db, await sha256(secret), now().getTime())
  return key && { keyId: key.id, userId: key.userId ?? undefined, scopes: key.scopes.split(' ') as Scope[] }
}
