/** While the operator has stopped the service, only `admin` keys get through. */
import type { MiddlewareHandler } from 'hono'
import { AppError } from '../errors.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { allows } from '../keys/scopes.ts'
import { describeError } from '../lib/log.ts'
import { readSharedState } from '../service/shared-state.ts'
import { requireCaller } from './identify.ts'

/** Paths that answer in any state, and read the state themselves. */
const ALWAYS_OPEN = new Set(['/health', '/_ah/warmup', '/stopServer', '/startServer', '/api/service'])

/** Pages for a stopped service: what its page loads, and the console, which asks for an `admin` key itself. */
const OPEN_PAGES = /^\/(assets|console)(\/|$)/

/** Lets requests through while the service runs, and those of `admin` keys always. Requests already under way complete. */
export const maintenanceMode: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (!ALWAYS_OPEN.has(c.req.path) && !OPEN_PAGES.test(c.req.path)) {
    const { stoppedAt } = await sharedState(c)
    if (stoppedAt !== undefined && !(await isAdmin(c))) {
      throw new AppError('stopped', 'The operator has stopped the service. Try again later.')
    }
  }
  await next()
}

async function sharedState(c: Ctx) {
  const { deps } = c.var
  return readSharedState(deps).catch((error: unknown) => {
    deps.log('error', {
      message: 'the shared state cannot be read',
      requestId: c.var.requestId,
      ...describeError(error),
    })
    throw new AppError('unavailable', 'The database could not be reached. Try again shortly.')
  })
}

/** Looks at keys only, so that no password is hashed for a call that is refused anyway. */
async function isAdmin(c: Ctx): Promise<boolean> {
  if (!/^bearer\s+sk_/i.test(c.req.header('Authorization') ?? '')) return false
  try {
    const caller = await requireCaller(c)
    return caller.kind === 'key' && allows(caller.scopes, 'admin')
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}
