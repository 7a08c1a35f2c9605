/** Who works on /console: an `admin` key, which only the sealed cookie has, looked up each time. */
import type { MiddlewareHandler } from 'hono'
import { AppError } from '../errors.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { authenticateKey } from '../keys/keys.ts'
import { allows } from '../keys/scopes.ts'
import { HOUR } from '../lib/time.ts'
import { readSealed, setSealed } from './cookies.ts'

const LIFETIME = 8 * HOUR

declare module 'hono' {
  interface ContextVariableMap {
    /** The id of the key that works on the console. */
    operator: string
  }
}

/** Sends who has no `admin` key to the log-in page, and notes every change in the log with the key's id. */
export const operating: MiddlewareHandler<AppEnv> = async (c, next) => {
  const cookie = await readSealed<{ key: string }>(c, 'console')
  const keyId = cookie && (await adminKey(c, cookie.key))
  if (!keyId) return c.redirect('/console/login', 303)
  c.set('operator', keyId)
  await next()
  if (c.req.method === 'POST') {
    // The pattern: names of users stay out of the log.
    const route = c.req.path.replace(/^(\/console\/users\/)[^/]+/, '$1:username')
    c.var.deps.log('info', { message: 'console', requestId: c.var.requestId, key: keyId, route, status: c.res.status })
  }
}

/** @throws AppError invalid_credentials, rate_limited */
export async function openConsole(c: Ctx, key: string, address: string): Promise<void> {
  if (!(await c.var.deps.limits.loginAddress(address)))
    throw new AppError('rate_limited', 'Too many log-in attempts.', { headers: { 'Retry-After': '60' } })
  if (!(await adminKey(c, key))) throw new AppError('invalid_credentials', 'This is no key with the scope admin.')
  await setSealed(c, 'console', { key }, LIFETIME)
}

async function adminKey(c: Ctx, key: string): Promise<string | undefined> {
  const found = await authenticateKey(c.var.deps, key)
  return found && allows(found.scopes, 'admin') ? found.keyId : undefined
}
