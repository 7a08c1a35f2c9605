/** API keys: who may use them, and how they come and go. */
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { type Deps, newId } from '../deps.ts'
import { AppError, invalidField } from '../errors.ts'
import { sha256, toBase64Url } from '../lib/bytes.ts'
import { describeError } from '../lib/log.ts'
import { HOUR, isoTime, SECOND } from '../lib/time.ts'
import { noSuchUser, requireUser } from '../users/users.ts'
import {
  type Access,
  type ActiveKey,
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

const MAX_KEYS = 20

/** Who manages keys: a user their own, `admin` anyone's and nobody's. */
export type KeyManager = Access | 'admin'

type Using = Pick<Deps, 'db' | 'now' | 'defer' | 'log'>

/** The key that this secret is of, or undefined. One row, read each time: a revoked key fails at the very next call. */
export async function authenticateKey(deps: Using, secret: string) {
  return inUse(deps, await findActiveKey(deps.db, await sha256(secret), deps.now().getTime()))
}

/** Notes the use after the answer, at most once an hour and key. */
function inUse({ db, now, defer, log }: Using, key: ActiveKey | undefined) {
  if (!key) return undefined
  const hour = Math.floor(now().getTime() / HOUR) * HOUR
  if ((key.lastUsedAt ?? 0) < hour) {
    const noted = updateLastUse(db, key.id, hour)
    defer(noted.catch((error) => log('warn', { message: 'last use of a key not noted', ...describeError(error) })))
  }
  return { keyId: key.id, userId: key.userId ?? undefined, scopes: key.scopes.split(' ') as Scope[] }
}

/** Draws a key: its secret, to be shown once, and the row that is stored instead. */
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

/** @throws AppError forbidden for a scope that the manager lacks; invalid_request, not_found, conflict past 20 keys. */
export async function createKey(deps: Deps, manager: KeyManager, wanted: NewKey, record: IdempotencyRecord) {
  const { name, scopes, username } = wanted
  requireGivable(manager, scopes)
  const now = deps.now().getTime()
  const expiresAt = wanted.expiresAt === undefined ? null : Date.parse(wanted.expiresAt)
  if (expiresAt !== null && expiresAt <= now) throw invalidField('expiresAt', 'has to be in the future')
  const userId = (await ownerOf(deps, manager, username)) ?? null
  const { secret, row } = await makeKey(deps, { name, scopes, userId, now, expiresAt })
  return keepKey(deps, manager, row, secret, { now, below: MAX_KEYS }, record)
}

/**
 * Puts a key with a new secret in the place of one; the old one stands for the overlap. It works at the limit too: then
 * both together are one more.
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
  requireGivable(manager, scopes)
  const { secret, row } = await makeKey(deps, { ...old, scopes, now })
  const overlaps = overlapSeconds > 0
  const replaces = { id, until: overlaps ? now + overlapSeconds * SECOND : undefined }
  const below = overlaps ? MAX_KEYS + 1 : Number.MAX_SAFE_INTEGER
  return keepKey(deps, manager, row, secret, { now, below, replaces }, record)
}

async function keepKey(
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
  if (made === 'access') throw access ? new AppError('unauthenticated', 'The access was ended.') : noSuchUser()
  return { ...made, key: secret }
}

/** The keys that stand: the manager's own, or with `admin` those of this user, or nobody's. */
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

/** Nobody gives a scope that they lack: users have the narrow ones, `admin` has all. */
function requireGivable(manager: KeyManager, scopes: Scope[]): void {
  if (manager !== 'admin' && isWide(scopes))
    throw new AppError('forbidden', 'Only a key with the scope admin makes a key with a wide scope.', {
      requiredScope: 'admin',
    })
}

/** Whose keys are meant: the manager's own; with `admin` this user's, or nobody's. */
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
