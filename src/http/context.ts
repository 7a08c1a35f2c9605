/** What every handler finds in its Hono context. */
import type { Context } from 'hono'
import type { Payer } from '../credits/charge.ts'
import type { Deps } from '../deps.ts'
import type { Env } from '../env.ts'
import type { Caller } from './caller.ts'

export type App = {
  Bindings: Env
  Variables: {
    deps: Deps
    requestId: string
    /** Who is calling; set by `authenticated` and its kin. */
    caller: Caller
    /** Whose credits the call takes; set by `paying`. */
    payer: Payer
  }
}

export type Ctx = Context<App>

/** The address that the call came from; Cloudflare sets the header and overwrites what a client sends. */
export function clientAddress(c: Ctx): string {
  return c.req.header('CF-Connecting-IP') ?? 'unknown'
}
