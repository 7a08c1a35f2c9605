/** Who may call a route: the middleware on its line. */
import type { MiddlewareHandler } from 'hono'
import { AppError, PROBLEMS } from '../errors.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { documented, problems } from '../http/described.ts'
import { allows, type Scope } from '../keys/scopes.ts'
import type { Caller, KeyCaller, UserCaller } from './caller.ts'
import { cachedPasswordCaller, identify, requireCachedCaller, requireCaller } from './identify.ts'

/** `security` in the OpenAPI document. */
const anyone: Record<string, string[]>[] = [{ bearer: [] }, { basic: [] }]
const refusals = problems('unauthenticated', 'invalid_credentials', 'token_expired', 'forbidden', 'rate_limited')

type FindCaller = (c: Ctx) => Promise<Caller>

const withCaller = (find: FindCaller): MiddlewareHandler<AppEnv> =>
  documented(
    async (c, next) => {
      await find(c)
      await next()
    },
    { security: anyone, responses: refusals },
  )

const withScope =
  (find: FindCaller) =>
  (scope: Scope): MiddlewareHandler<AppEnv> =>
    documented(
      async (c, next) => {
        requireScope(await find(c), scope)
        await next()
      },
      { security: [{ bearer: [] }], responses: refusals, description: `Needs an API key with the scope \`${scope}\`.` },
    )

/** Anyone with valid credentials: a user's token or password, or an API key. */
export const authenticated = withCaller(requireCaller)

/** An API key with this scope, or `admin`. */
export const scoped = withScope(requireCaller)

/**
 * `authenticated` and `scoped` for calls whose own statements check the authority again, see `authorityOf`: a key comes from a cache
 * and may be a day old, which saves a round trip.
 */
export const authenticatedInStatement = withCaller(requireCachedCaller)
export const scopedInStatement = withScope(requireCachedCaller)

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
    const cached = await cachedPasswordCaller(c)
    if (cached) {
      c.set('caller', cached)
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

/** @throws AppError forbidden, naming the scope, unless the caller is a key that has it. */
export function requireScope(caller: Caller, scope: Scope): asserts caller is KeyCaller {
  if (caller.kind !== 'key' || !allows(caller.scopes, scope)) {
    throw new AppError('forbidden', `This call needs an API key with the scope ${scope}.`, { requiredScope: scope })
  }
}

/** The signed-in user, for handlers behind `signedIn`. @throws AppError forbidden for a key */
export function signedInUser(c: Ctx): UserCaller {
  const { caller } = c.var
  if (caller.kind !== 'user')
    throw new AppError('forbidden', "This call needs the user's own password or token, not an API key.")
  return caller
}
