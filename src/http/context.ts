/** What every handler finds in its Hono context. Rooms add their own variables by extending Hono's `ContextVariableMap`. */
import type { Context } from 'hono'
import type { Deps } from '../deps.ts'
import type { Env } from '../env.ts'

export type AppEnv = {
  Bindings: Env
  Variables: { deps: Deps; requestId: string }
}

export type Ctx = Context<AppEnv>

/** The address the call came from. Cloudflare sets this header and overwrites whatever a client sends. */
export function clientAddress(c: Ctx): string {
  return c.req.header('CF-Connecting-IP') ?? 'unknown'
}
