/** Who pays: the account behind the credentials, known without a read of its own wherever that is possible. */
import type { MiddlewareHandler } from 'hono'
import { refuseInBrowser, requireCaller, requireScope } from '../access/authenticated.ts'
import type { UserCaller } from '../access/caller.ts'
import { accountOf, type KeyAccount, keyAccountOf } from '../credits/account.ts'
import type { Payer } from '../credits/charge.ts'
import { AppError } from '../errors.ts'
import { type AppEnv, type Ctx, clientAddress } from '../http/context.ts'
import { documented, problems } from '../http/described.ts'
import { allows, isWide, type Scope } from '../keys/scopes.ts'
import { limitedLookup } from '../users/credentials.ts'
import { USERNAME } from '../users/user-ref.ts'
import { noSuchUser } from '../users/users.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** Whose credits the call takes; set by `paying`. */
    payer: Payer
  }
}

/** A key as it came, and as whose. */
type Presented = { secret: string; username: string | undefined; inQuery: boolean }

const invalidKey = () => new AppError('unauthenticated', 'The API key is not valid.')

/**
 * A user, or an API key with one of `scopes`, whose owner pays. The key itself is checked by the statement that takes the credits:
 * what is known of it here may be a day old. `named` also takes the old app's `<username>:<key>`, in the header and in `?token=`.
 */
export function paying(
  scopes: [Scope, ...Scope[]],
  { named = false }: { named?: boolean } = {},
): MiddlewareHandler<AppEnv> {
  return documented(
    async (c, next) => {
      // What costs something has no HEAD, which would cost the same and show nothing.
      if (c.req.method === 'HEAD')
        throw new AppError('method_not_allowed', 'This path has GET.', { headers: { Allow: 'GET' } })
      const key = presentedKey(c, named)
      if (key) await payByKey(c, key, scopes)
      else await payAsUser(c)
      await next()
    },
    {
      security: [{ bearer: [] }, { basic: [] }, ...(named ? [{ namedKey: [] }, { tokenQuery: [] }] : [])] as Record<
        string,
        string[]
      >[],
      responses: problems(
        'unauthenticated',
        'invalid_credentials',
        'token_expired',
        'forbidden',
        'rate_limited',
        'insufficient_credits',
      ),
    },
  )
}

function presentedKey(c: Ctx, named: boolean): Presented | undefined {
  const header = c.req.header('Authorization')
  const query = named ? c.req.query('token') : undefined
  if (header === undefined && query !== undefined) return splitNamed(query, true)
  const bearer = /^bearer\s+(sk_\S+)\s*$/i.exec(header ?? '')?.[1]
  if (bearer) return { secret: bearer, username: undefined, inQuery: false }
  return named && header !== undefined && !/^(bearer|basic)(\s|$)/i.test(header) ? splitNamed(header, false) : undefined
}

/** `<username>:<key>`: the first colon splits, the key may have more of them, commas and spaces too. */
function splitNamed(text: string, inQuery: boolean): Presented {
  const colon = text.indexOf(':')
  const [username, secret] = [text.slice(0, colon).trim(), text.slice(colon + 1)]
  if (colon < 0 || !USERNAME.test(username) || secret === '') throw invalidKey()
  return { secret, username, inQuery }
}

async function payByKey(c: Ctx, key: Presented, scopes: [Scope, ...Scope[]]): Promise<void> {
  const find = async (fresh: boolean): Promise<KeyAccount> => {
    const { deps } = c.var
    const look = () => keyAccountOf(deps, key, { fresh })
    const found = await (key.username === undefined
      ? look()
      : limitedLookup(deps, key.username, clientAddress(c), look))
    if (!found) throw invalidKey()
    return found
  }
  const found = await find(false)
  refuseInBrowser(c, found.scopes)
  if (key.inQuery && isWide(found.scopes))
    throw new AppError('forbidden', 'A key with a wide scope is not taken from the query string.')
  const caller = { kind: 'key', keyId: found.keyId, userId: found.account?.userId, scopes: found.scopes } as const
  if (!scopes.some((scope) => allows(found.scopes, scope))) requireScope(caller, scopes[0])
  c.set('caller', caller)
  if (found.account) c.set('payer', keyPayer(found, find))
}

function keyPayer({ keyId, scopes, account }: KeyAccount, find: (fresh: boolean) => Promise<KeyAccount>): Payer {
  if (!account) throw noOwner()
  return {
    account,
    authority: { kind: 'key', keyId, ownerId: account.userId },
    whileStopped: allows(scopes, 'admin'),
    renew: async () => keyPayer(await find(true), find),
  }
}

async function payAsUser(c: Ctx): Promise<void> {
  const caller = await requireCaller(c)
  if (caller.kind === 'user') c.set('payer', await userPayer(c, caller, false))
}

async function userPayer(c: Ctx, caller: UserCaller, fresh: boolean): Promise<Payer> {
  const account = await accountOf(c.var.deps, caller.userId, { fresh })
  if (!account) throw new AppError('unauthenticated', 'The account does not exist any more.')
  return {
    account,
    authority: { kind: 'user', userId: caller.userId, version: caller.version },
    whileStopped: false,
    renew: async () => {
      if (fresh) throw new AppError('unauthenticated', 'The credentials are no longer valid.')
      return userPayer(c, caller, true)
    },
  }
}

const noOwner = () => new AppError('forbidden', 'Nobody owns this API key, so there is no account that pays.')

/** Whose credits the call takes. @throws AppError forbidden for a key that nobody owns */
export function requirePayer(c: Ctx): Payer {
  const payer = c.get('payer')
  if (!payer) throw noOwner()
  return payer
}

/** Somebody else's account, for a key with `credits:charge`. @throws AppError forbidden, not_found */
export async function payerNamed(c: Ctx, userId: number): Promise<Payer> {
  const { caller } = c.var
  requireScope(caller, 'credits:charge')
  const { keyId, userId: ownerId, scopes } = caller
  const pay = async (): Promise<Payer> => {
    const account = await accountOf(c.var.deps, userId, { fresh: true })
    if (!account) throw noSuchUser()
    return { account, authority: { kind: 'key', keyId, ownerId }, whileStopped: allows(scopes, 'admin'), renew: pay }
  }
  return pay()
}
