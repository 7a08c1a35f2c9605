/** Who pays: the account behind the credentials, from a cache wherever that is possible. */
import type { MiddlewareHandler } from 'hono'
import { requireScope } from '../access/authenticated.ts'
import { authorityOf } from '../access/caller.ts'
import { refuseInBrowser, requireCaller } from '../access/identify.ts'
import { accountOf } from '../credits/account.ts'
import type { Payer } from '../credits/charge.ts'
import { AppError } from '../errors.ts'
import { type AppEnv, type Ctx, clientAddress } from '../http/context.ts'
import { documented, problems } from '../http/described.ts'
import { cachedKeyOf } from '../keys/cached-key.ts'
import { allows, isWide, type Scope } from '../keys/scopes.ts'
import { limitGuesses } from '../users/attempts.ts'
import { USERNAME } from '../users/user-ref.ts'
import { noSuchUser } from '../users/users.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** Whose credits the call takes; set by `paying`. */
    payer: Payer
  }
}

/** A key as it was sent, and the username sent with it. */
type Presented = { secret: string; username: string | undefined; inQuery: boolean }

const invalidKey = () => new AppError('unauthenticated', 'The API key is not valid.')

/**
 * A user, or an API key with one of `scopes`, whose owner pays by the first of them. The key comes from a cache and may be a day
 * old: the statement that takes the credits checks it again. `named` also takes the old app's `<username>:<key>`, in the header and
 * in `?token=`.
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
      else await payAsUser(c, scopes[0])
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

async function payByKey(c: Ctx, presented: Presented, scopes: [Scope, ...Scope[]]): Promise<void> {
  const { deps } = c.var
  const find = () => cachedKeyOf(deps, presented)
  const key = await (presented.username === undefined
    ? find()
    : limitGuesses(deps, presented.username, clientAddress(c), find))
  if (!key) throw invalidKey()
  refuseInBrowser(c, key.scopes)
  if (presented.inQuery && isWide(key.scopes))
    throw new AppError('forbidden', 'A key with a wide scope is not taken from the query string.')
  const caller = { kind: 'key', ...key } as const
  if (!scopes.some((scope) => allows(key.scopes, scope))) requireScope(caller, scopes[0])
  c.set('caller', caller)
  if (key.userId === undefined) return
  const account = await accountOf(deps, key.userId)
  if (!account) throw invalidKey()
  c.set('payer', { account, authority: authorityOf(caller, scopes[0]) })
}

async function payAsUser(c: Ctx, scope: Scope): Promise<void> {
  const caller = await requireCaller(c)
  if (caller.kind !== 'user') return
  const { userId } = caller
  const account = await accountOf(c.var.deps, userId)
  if (!account) throw new AppError('unauthenticated', 'The account does not exist any more.')
  c.set('payer', { account, authority: authorityOf(caller, scope) })
}

/** Whose credits the call takes. @throws AppError forbidden for a key without an owner. */
export function requirePayer(c: Ctx): Payer {
  const payer = c.get('payer')
  if (!payer) throw new AppError('forbidden', 'Nobody owns this API key, so there is no account that pays.')
  return payer
}

/** Somebody else's account, for a key with `credits:charge`. @throws AppError forbidden, not_found */
export async function payerNamed(c: Ctx, userId: number): Promise<Payer> {
  const { caller } = c.var
  requireScope(caller, 'credits:charge')
  const account = await accountOf(c.var.deps, userId)
  if (!account) throw noSuchUser()
  return { account, authority: authorityOf(caller, 'credits:charge') }
}
