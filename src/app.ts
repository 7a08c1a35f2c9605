/** The order of middleware and the table of rooms. */
import { Hono } from 'hono'
import { requestId } from 'hono/request-id'
import { maintenanceMode } from './access/maintenance-mode.ts'
import { webhookRoutes } from './alerts/alerts.routes.ts'
import { noteFailure } from './alerts/failing.ts'
import { creditRoutes, userCreditRoutes } from './credits/credits.routes.ts'
import { datasetRoutes, meteredDataRoutes } from './datasets/datasets.routes.ts'
import { makeDeps, newIsolateCache, type Outside } from './deps.ts'
import { docsRoutes } from './docs/docs.routes.ts'
import { AppError } from './errors.ts'
import { accessLog } from './http/access-log.ts'
import { seenBy, showBookmark } from './http/bookmark.ts'
import { clearsCacheOnWrite } from './http/cached.ts'
import type { AppEnv } from './http/context.ts'
import { crossOrigin } from './http/cors.ts'
import { knownMethods } from './http/known-methods.ts'
import { serverTiming } from './http/server-timing.ts'
import { jobRoutes } from './jobs/jobs.routes.ts'
import { keyRoutes } from './keys/keys.routes.ts'
import { leaderboardRoutes } from './leaderboards/leaderboards.routes.ts'
import { healthRoutes } from './service/health.routes.ts'
import { serviceRoutes } from './service/service.routes.ts'
import { statRoutes, userStatRoutes } from './stats/stats.routes.ts'
import { sessionRoutes, tokenRoutes } from './tokens/tokens.routes.ts'
import { ownAccountRoutes, resourceRoutes } from './users/own-account.routes.ts'
import { passwordResetRoutes, userRoutes } from './users/users.routes.ts'
import { accountPages } from './web/account.routes.tsx'
import { consolePages } from './web/console.routes.tsx'
import { overlayPages } from './web/overlay.routes.tsx'
import { problemResponse } from './web/problems.tsx'
import { publicPages } from './web/public.routes.tsx'

/** The whole service. `outside` replaces the real clock, randomness, network and so on, for tests. */
export function createApp(outside: Outside = {}) {
  const isolate = newIsolateCache()
  const app = new Hono<AppEnv>({ getPath: withoutTrailingSlash })

  app.use(requestId({ headerName: '' }))
  app.use(async (c, next) => {
    await next()
    c.res.headers.set('X-Request-Id', c.var.requestId)
  })
  app.use(async (c, next) => {
    const outsideWorld = { defer: (work: Promise<unknown>) => c.executionCtx.waitUntil(work), ...outside }
    c.set('deps', makeDeps(c.env, isolate, outsideWorld, seenBy(c)))
    await next()
    const stopped = c.error instanceof AppError && c.error.code === 'stopped'
    if (c.res.status >= 500 && !stopped) noteFailure(c.var.deps)
  })
  app.use(accessLog)
  app.use(crossOrigin)
  app.use(serverTiming)
  app.use(showBookmark)
  app.use(async (c, next) => {
    await next()
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store')
  })
  app.use(maintenanceMode)
  app.use(knownMethods(app))
  app.use('/api/users/*', clearsCacheOnWrite)
  app.use('/api/stats/*', clearsCacheOnWrite)
  app.onError(problemResponse)
  app.notFound((c) => problemResponse(new AppError('not_found', 'There is nothing at this path.'), c))

  return app
    .route('/', healthRoutes)
    .route('/', serviceRoutes)
    .route('/', docsRoutes(app))
    .route('/', publicPages)
    .route('/', overlayPages)
    .route('/', accountPages)
    .route('/', consolePages)
    .route('/api/users', ownAccountRoutes)
    .route('/api/users', userRoutes)
    .route('/api/users', userCreditRoutes)
    .route('/api/users', userStatRoutes)
    .route('/api/stats', statRoutes)
    .route('/api/leaderboards', leaderboardRoutes)
    .route('/api/credits', creditRoutes)
    .route('/api/datasets', datasetRoutes)
    .route('/api/v1.0', meteredDataRoutes)
    .route('/api/token', tokenRoutes)
    .route('/api/sessions', sessionRoutes)
    .route('/api/keys', keyRoutes)
    .route('/api/password-reset', passwordResetRoutes)
    .route('/api/resource', resourceRoutes)
    .route('/api/webhooks', webhookRoutes)
    .route('/api/jobs', jobRoutes)
}

/** A path works with and without a trailing slash. */
function withoutTrailingSlash(request: Request): string {
  const { pathname } = new URL(request.url)
  return pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname
}
