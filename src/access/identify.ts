/** Who is calling, from the `Authorization` header. */
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { type Ctx, clientAddress } from '../http/context.ts'
import { cachedKeyOf } from '../keys/cached-key.ts'
import { authenticateKey } from '../keys/keys.ts'
import { isWide, type Scope } from '../keys/scopes.ts'
import { fromBase64, fromUtf8 } from '../lib/bytes.ts'
import { isRevoked, readSharedState } from '../service/shared-state.ts'
import { type Identity, looksLikeAccessToken, readAccessToken } from '../tokens/access-token.ts'
import { type Credentials, cachedCredentials, verifyCredentials } from '../users/credentials.ts'
import type { Caller, KeyCaller, UserCaller } from './caller.ts'

/** Who is calling, checked once per request. @throws AppError unauthenticated, or another refusal of the credentials. */
export async function requireCaller(c: Ctx): Promise<Caller> {
  const known = c.get('caller')
  if (known) return known
  const caller = await identify(c)
  if (!caller)
    throw new AppError(
      'unauthenticated',
      'This call needs an Authorization header: Bearer with a token or an API key, or Basic.',
    )
  c.set('caller', caller)
  return caller
}

/** The caller; a key comes from a cache, so a statement has to check it again. */
export async function requireCachedCaller(c: Ctx): Promise<Caller> {
  const known = c.get('caller')
  const secret = known ? undefined : /^bearer\s+(sk_\S+)\s*$/i.exec(c.req.header('Authorization') ?? '')?.[1]
  if (!secret) return requireCaller(c)
  const caller = keyCaller(c, await cachedKeyOf(c.var.deps, { secret }))
  c.set('caller', caller)
  return caller
}

/** undefined where there is no `Authorization` header. */
export async function identify(c: Ctx): Promise<Caller | undefined> {
  const header = c.req.header('Authorization')
  if (header === undefined) return undefined
  const [, scheme, credentials] = /^(\S+)\s+(\S+)\s*$/.exec(header) ?? []
  if (scheme && credentials && /^bearer$/i.test(scheme)) {
    return credentials.startsWith('sk_') ? fromKey(c, credentials) : fromToken(c, credentials)
  }
  if (scheme && credentials && /^basic$/i.test(scheme)) return fromBasic(c, header)
  throw new AppError(
    'unauthenticated',
    'The Authorization header has to be Bearer with a token or an API key, or Basic.',
  )
}

async function fromBasic(c: Ctx, header: string): Promise<UserCaller> {
  const credentials = readBasic(header)
  if (!credentials)
    throw new AppError('unauthenticated', 'Basic has to be followed by the base64 of username:password in UTF-8.')
  if (looksLikeAccessToken(credentials.username)) return fromToken(c, credentials.username)
  const { user } = await verifyCredentials(c.var.deps, credentials, clientAddress(c))
  return passwordCaller(user, credentials.username)
}

/** Username and password of a Basic header, RFC 7617. */
function readBasic(header = ''): Credentials | undefined {
  const [, encoded] = /^basic\s+(\S+)\s*$/i.exec(header) ?? []
  const bytes = encoded === undefined ? undefined : fromBase64(encoded)
  const text = bytes && fromUtf8(bytes)
  const colon = text?.indexOf(':') ?? -1
  return text === undefined || colon < 0
    ? undefined
    : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

const passwordCaller = ({ id, version }: { id: number; version: number }, username: string): UserCaller => ({
  kind: 'user',
  userId: id,
  via: 'password',
  version,
  sessionId: undefined,
  username,
})

/** The user of a Basic header that was verified here a moment ago. The account may have changed since. */
export async function cachedPasswordCaller(c: Ctx): Promise<UserCaller | undefined> {
  const credentials = readBasic(c.req.header('Authorization'))
  const account = credentials && (await cachedCredentials(c.var.deps, credentials))
  return account && passwordCaller(account, credentials.username)
}

async function fromToken(c: Ctx, token: string): Promise<UserCaller> {
  const { deps } = c.var
  const identity = await verifiedToken(deps, token)
  if (isRevoked(await readSharedState(deps), identity))
    throw new AppError('unauthenticated', 'The access token was revoked.')
  return { kind: 'user', via: 'token', ...identity }
}

/** A game sends the same token for ten minutes: its signature is verified once in each isolate. */
async function verifiedToken({ isolate, config, now }: Deps, token: string): Promise<Identity> {
  const at = now().getTime()
  const known = isolate.tokens.get(token, at)
  if (known) return known
  const { expiresAt, ...identity } = await readAccessToken(config.tokenSecrets, token, at)
  isolate.tokens.set(token, identity, expiresAt)
  return identity
}

const fromKey = async (c: Ctx, secret: string) => keyCaller(c, await authenticateKey(c.var.deps, secret))

function keyCaller(c: Ctx, key: Omit<KeyCaller, 'kind'> | undefined): KeyCaller {
  if (!key) throw new AppError('unauthenticated', 'The API key is not valid.')
  refuseInBrowser(c, key.scopes)
  return { kind: 'key', ...key }
}

/** Everybody who loads a page can read a key in it. */
export function refuseInBrowser(c: Ctx, scopes: Scope[]): void {
  const origin = c.req.header('Origin')
  if (origin !== undefined && origin !== new URL(c.req.url).origin && isWide(scopes)) {
    throw new AppError(
      'forbidden',
      'A key with a wide scope belongs on a server: it is refused on a request from a browser page of another origin.',
    )
  }
}
