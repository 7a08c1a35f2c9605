/** API keys: checking, making, replacing and revoking them. */
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError, invalidField } from '../errors.ts'
import { sha256, toBase64Url } from '../lib/bytes.ts'
import { describeError } from '../lib/log.ts'
import { HOUR, isoTime, SECOND } from '../lib/time.ts'
import { noSuchUser, requireUser } from '../users/users.ts'
import {
  type Access,
  deleteKey,
  findActiveKey,
  findKey,
  insertKey,
  type KeyRow,
  type KeyTerms,
  listKeys,
  type NewKeyRow,
  updateLastUse,
} from './keys.store.ts'
import { isWide, SCOPES, type Scope } from './scopes.ts'

/** Unexpired keys of a user. */
export const MAX_KEYS = 20

/** A user manages their own keys, `admin` all of them. */
export type KeyManager = Access | 'admin'

/**
 * The active key with this secret, or undefined. Read each time, so a revoked key fails at the very next call. The use is
 * stored after the response, at most once an hour for each key.
 */
export async function authenticateKey(
  { db, now, defer, log }: Pick<Deps, 'db' | 'now' | 'defer' | 'log'>,
  secret: string,
) {
  const at = now().getTime()
  const key = await findActiveKey(db, await sha256(secret), undefined, at)
  if (!key) return undefined
  const hour = Math.floor(at / HOUR) * HOUR
  if ((key.lastUsedAt ?? 0) < hour) {
    const noted = updateLastUse(db, key.id, hour)
    defer(noted.catch((error) => log('warn', { message: 'last use of a key not noted', ...describeError(error) })))
  }
  const { id: keyId, name, scopes } = key
  return { keyId, name, userId: key.userId ?? undefined, scopes: scopes.split(' ') as Scope[] }
}

/** Makes a key: its secret, to be shown once, and the row to store. */
export async function makeKey(
  deps: Pick<Deps, 'random'>,
  key: { name: string; scopes: Scope[]; userId: number | null; now: number; expiresAt?: number | null },
): Promise<{ secret: string; row: NewKeyRow }> {
  const { name, scopes, userId, now, expiresAt = null } = key
  const secret = `sk_${toBase64Url(deps.random(32))}`
  const row = {
    id: newId(deps, 'key'),
    userId,
    name,
    secretHash: await sha256(secret),
    prefix: secret.slice(0, 7),
    lastFour: secret.slice(-4),
    scopes: SCOPES.filter((scope) => scopes.includes(scope)).join(' '),
    createdAt: now,
    expiresAt,
  }
  return { secret, row }
}

export type NewKey = { name: string; scopes: Scope[]; expiresAt?: string | undefined; username?: string | undefined }

/** @throws AppError forbidden for a scope that the manager lacks; invalid_request, not_found, conflict past MAX_KEYS. */
export async function createKey(deps: Deps, manager: KeyManager, wanted: NewKey, record: IdempotencyRecord) {
  const { name, scopes, username } = wanted
  requireMayGrant(manager, scopes)
  const now = deps.now().getTime()
  const expiresAt = wanted.expiresAt === undefined ? null : Date.parse(wanted.expiresAt)
  if (expiresAt !== null && expiresAt <= now) throw invalidField('expiresAt', 'has to be in the future')
  const userId = (await ownerOf(deps, manager, username)) ?? null
  const { secret, row } = await makeKey(deps, { name, scopes, userId, now, expiresAt })
  return storeKey(deps, manager, row, secret, { now, maxKeys: MAX_KEYS }, record)
}

/**
 * Replaces a key with one that has a new secret. The old one stays active for the overlap, during which a user may have
 * one key more than MAX_KEYS.
 * @throws AppError not_found; forbidden for a key with a scope that the manager lacks; conflict.
 */
export async function rotateKey(
  deps: Deps,
  manager: KeyManager,
  id: string,
  overlapSeconds: number,
  record: IdempotencyRecord,
) {
  const now = deps.now().getTime()
  const old = await findKey(deps.db, id, ownScope(manager), now)
  if (!old) throw noSuchKey()
  const scopes = old.scopes.split(' ') as Scope[]
  requireMayGrant(manager, scopes)
  const { secret, row } = await makeKey(deps, { ...old, scopes, now })
  const overlaps = overlapSeconds > 0
  const replaces = { id, until: overlaps ? now + overlapSeconds * SECOND : undefined }
  const maxKeys = overlaps ? MAX_KEYS + 1 : Number.MAX_SAFE_INTEGER
  return storeKey(deps, manager, row, secret, { now, maxKeys, replaces }, record)
}

async function storeKey(
  { db }: Deps,
  manager: KeyManager,
  row: NewKeyRow,
  secret: string,
  terms: Omit<KeyTerms, 'access'>,
  record: IdempotencyRecord,
) {
  const access = manager === 'admin' ? undefined : manager
  const made = await insertKey(db, row, { ...terms, access }, record, { key: secret })
  if (made === 'limit')
    throw new AppError('conflict', `A user has at most ${MAX_KEYS} keys. Revoke one that is not used.`)
  if (made === 'replaced') throw noSuchKey()
  if (made === 'access') throw access ? new AppError('unauthenticated', 'The access token was revoked.') : noSuchUser()
  return { ...made, key: secret }
}

/** The unexpired keys of the manager, or with `admin` those of this user, or those that nobody owns. */
export async function showKeys(deps: Pick<Deps, 'db' | 'now'>, manager: KeyManager, username: string | undefined) {
  const rows = await listKeys(deps.db, await ownerOf(deps, manager, username), deps.now().getTime())
  return rows.map(describeKey)
}

/** @throws AppError not_found */
export async function revokeKey({ db }: Pick<Deps, 'db'>, manager: KeyManager, id: string): Promise<void> {
  if (!(await deleteKey(db, id, ownScope(manager)))) throw noSuchKey()
}

/** As clients see a key. */
export function describeKey({ scopes, createdAt, expiresAt, lastUsedAt, ...key }: KeyRow) {
  return {
    ...key,
    scopes: scopes.split(' ') as Scope[],
    createdAt: isoTime(createdAt),
    expiresAt: isoTime(expiresAt),
    lastUsedAt: isoTime(lastUsedAt),
  }
}

const noSuchKey = () => new AppError('not_found', 'There is no such key.')

const ownScope = (manager: KeyManager) => (manager === 'admin' ? undefined : manager.userId)

/** Nobody can give a key a scope that they lack. Users have the narrow ones, `admin` has all. */
function requireMayGrant(manager: KeyManager, scopes: Scope[]): void {
  if (manager !== 'admin' && isWide(scopes))
    throw new AppError('forbidden', 'Only a key with the scope admin makes a key with a wide scope.', {
      requiredScope: 'admin',
    })
}

/** The owner: the manager, or with `admin` the named user, or nobody. */
async function ownerOf(
  deps: Pick<Deps, 'db'>,
  manager: KeyManager,
  username: string | undefined,
): Promise<number | undefined> {
  if (username === undefined) return ownScope(manager)
  const { id } = await requireUser(deps, { username })
  if (manager !== 'admin' && manager.userId !== id)
    throw new AppError('forbidden', "Only a key with the scope admin manages another user's keys.", {
      requiredScope: 'admin',
    })
  return id
}
