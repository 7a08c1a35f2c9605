/** 405 with `Allow` for a known path that does not have the method. */
import type { Hono, MiddlewareHandler } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { AppError } from '../errors.ts'
import type { AppEnv } from './context.ts'
import { errorResponse } from './error-response.ts'

/** A path without parameters is known by itself: `GET /api/users/update` asks for no user of that name. */
export function knownMethods(app: Hono<AppEnv>): MiddlewareHandler<AppEnv> {
  const byPattern = methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => errorResponse(wrongMethod(methods), c),
  })
  let exact: Map<string, Set<string>> | undefined
  return async (c, next) => {
    exact ??= methodsByPath(app)
    const methods = exact.get(c.req.path)
    if (methods && !methods.has(c.req.method)) throw wrongMethod([...methods])
    await byPattern(c, next)
  }
}

function methodsByPath(app: Hono<AppEnv>): Map<string, Set<string>> {
  const exact = new Map<string, Set<string>>()
  for (const { method, path } of app.routes) {
    if (method === 'ALL' || /[:*]/.test(path)) continue
    const methods = exact.get(path) ?? new Set()
    methods.add(method)
    if (method === 'GET') methods.add('HEAD')
    exact.set(path, methods)
  }
  return exact
}

function wrongMethod(methods: string[]): AppError {
  const allow = methods.join(', ')
  return new AppError('method_not_allowed', `This path has ${allow}.`, { headers: { Allow: allow } })
}
