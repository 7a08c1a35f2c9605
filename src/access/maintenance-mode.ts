/** While the operator has stopped the service, only who runs it gets through. */
import type { MiddlewareHandler } from 'hono'
import { AppError } from '../errors.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { allows } from '../keys/scopes.ts'
import { describeError } from '../lib/log.ts'
import { readSharedState } from '../service/shared-state.ts'
import { requireCaller } from './authenticated.ts'

/** What answers in any state, and asks the database by itself. */
const ALWAYS_OPEN = new Set(['/health', '/_ah/warmup', '/stopServer', '/startServer', '/api/service'])

/** Lets a request in while the service runs; and an `admin` key's, always. What is under way when it is stopped completes. */
export const maintenanceMode: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (!ALWAYS_OPEN.has(c.req.path)) {
    const { stoppedAt } = await controls(c)
    if (stoppedAt !== undefined && !(await isAdmin(c))) {
      throw new AppError('stopped', 'The operator has stopped the service. Try again later.')
    }
  }
  await next()
}

async function controls(c: Ctx) {
  const { deps } = c.var
  return readSharedState(deps).catch((error: unknown) => {
    deps.log('error', {
      message: 'the control rows cannot be read',
      requestId: c.var.requestId,
      ...describeError(error),
    })
    throw new AppError('unavailable', 'The database could not be reached. Try again shortly.')
  })
}

/** Only a key can be, so that no password is hashed for a call that is refused anyway. */
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
