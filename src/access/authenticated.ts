/** Who is calling, from the `Authorization` header. */
import type { MiddlewareHandler } from 'hono'
import type { Deps } from '../deps.ts'
import { AppError, PROBLEMS } from '../errors.ts'
import { type AppEnv, type Ctx, clientAddress } from '../http/context.ts'
import { documented, problems } from '../http/described.ts'
import { cachedKeyOf } from '../keys/cached-key.ts'
import { authenticateKey } from '../keys/keys.ts'
import { allows, isWide, type Scope } from '../keys/scopes.ts'
import { fromBase64, fromUtf8 } from '../lib/bytes.ts'
import { isRevoked, readSharedState } from '../service/shared-state.ts'
import { type Identity, looksLikeAccessToken, readAccessToken } from '../tokens/access-token.ts'
import { type Credentials, cachedCredentials, verifyCredentials } from '../users/credentials.ts'
import type { Caller, KeyCaller, UserCaller } from './caller.ts'

/** `security` in the OpenAPI document. */
const anyone: Record<string, string[]>[] = [{ bearer: [] }, { basic: [] }]
const refusals = problems('unauthenticated', 'invalid_credentials', 'token_expired', 'forbidden', 'rate_limited')

/** Anyone with valid credentials: a user's token or password, or an API key. */
export const authenticated: MiddlewareHandler<AppEnv> = documented(
  async (c, next) => {
    await requireCaller(c)
    await next()
  },
  { security: anyone, responses: refusals },
)

/**
 * `authenticated` and `scoped` for calls whose own statements check the authority again, see `authorityOf`: a key comes from a cache
 * and may be a day old, which saves a round trip.
 */
export const authenticatedInStatement: MiddlewareHandler<AppEnv> = documented(
  async (c, next) => {
    await requireCachedCaller(c)
    await next()
  },
  { security: anyone, responses: refusals },
)

export function scopedInStatement(scope: Scope): MiddlewareHandler<AppEnv> {
  return documented(
    async (c, next) => {
      requireScope(await requireCachedCaller(c), scope)
      await next()
    },
    { security: [{ bearer: [] }], responses: refusals, description: `Needs an API key with the scope \`${scope}\`.` },
  )
}

/** A user with their own password or token. Keys cannot manage accounts, sessions or keys. */
export const signedIn: MiddlewareHandler<AppEnv> = documented(
  async (c, next) => {
    await requireCaller(c)
    signedInUser(c)
    await next()
  },
  { security: anyone, responses: refusals },
)

/** A user with username and password. */
export const byPassword: MiddlewareHandler<AppEnv> = documented(
  async (c, next) => {
    requirePassword(await requireCaller(c))
    await next()
  },
  { security: [{ basic: [] }], responses: refusals },
)

/**
 * `byPassword` for calls whose own statement checks the account again: if the password was verified a moment ago, the account comes
 * from a cache, which saves a round trip. The handler's work goes into `withFreshPassword`.
 */
export const byCachedPassword: MiddlewareHandler<AppEnv> = documented(
  async (c, next) => {
    const credentials = readBasic(c.req.header('Authorization'))
    const account = credentials && (await cachedCredentials(c.var.deps, credentials))
    if (account) {
      c.set('caller', passwordCaller(account, credentials.username))
      c.set('isCachedCaller', true)
    }
    requirePassword(await requireCaller(c))
    await next()
  },
  { security: [{ basic: [] }], responses: refusals },
)

/** Does `work` once more, with the password verified afresh, if the account that came from a cache is refused. */
export async function withFreshPassword<R>(c: Ctx, work: () => Promise<R>): Promise<R> {
  if (!c.get('isCachedCaller')) return work()
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppError) || PROBLEMS[error.code].status !== 401) throw error
    const caller = await identify(c)
    if (caller) c.set('caller', caller)
    return work()
  }
}

function requirePassword(caller: Caller): void {
  if (caller.kind !== 'user' || caller.via !== 'password')
    throw new AppError('forbidden', 'A token does not make another token: this call needs user name and password.')
}

/** A user with their own password or token, or an API key with `admin`. */
export const signedInOrAdmin: MiddlewareHandler<AppEnv> = documented(
  async (c, next) => {
    const caller = await requireCaller(c)
    if (caller.kind === 'key') requireScope(caller, 'admin')
    await next()
  },
  { security: anyone, responses: refusals },
)

/** An API key with this scope, or `admin`. */
export function scoped(scope: Scope): MiddlewareHandler<AppEnv> {
  return documented(
    async (c, next) => {
      requireScope(await requireCaller(c), scope)
      await next()
    },
    { security: [{ bearer: [] }], responses: refusals, description: `Needs an API key with the scope \`${scope}\`.` },
  )
}

/** @throws AppError forbidden, naming the scope, unless the caller is a key that has it. */
export function requireScope(caller: Caller, scope: Scope): asserts caller is KeyCaller {
  if (caller.kind !== 'key' || !allows(caller.scopes, scope)) {
    throw new AppError('forbidden', `This call needs an API key with the scope ${scope}.`, { requiredScope: scope })
  }
}

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

async function requireCachedCaller(c: Ctx): Promise<Caller> {
  const known = c.get('caller')
  const secret = known ? undefined : /^bearer\s+(sk_\S+)\s*$/i.exec(c.req.header('Authorization') ?? '')?.[1]
  if (!secret) return requireCaller(c)
  const caller = keyCaller(c, await cachedKeyOf(c.var.deps, { secret }))
  c.set('caller', caller)
  return caller
}

/** The signed-in user, for handlers behind `signedIn`. @throws AppError forbidden for a key */
export function signedInUser(c: Ctx): UserCaller {
  const { caller } = c.var
  if (caller.kind !== 'user')
    throw new AppError('forbidden', "This call needs the user's own password or token, not an API key.")
  return caller
}

/** undefined where there is no `Authorization` header. */
async function identify(c: Ctx): Promise<Caller | undefined> {
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
