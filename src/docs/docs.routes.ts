import { Hono } from 'hono'
import { accepts } from 'hono/accepts'
import { secureHeaders } from 'hono/secure-headers'
import { AppError } from '../errors.ts'
import { withEtag } from '../http/cached.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { answers, showsPage } from '../http/described.ts'
import { validated } from '../http/validated.ts'
import * as shape from './docs.schema.ts'
import { describeRoutes } from './openapi.ts'
import { explainProblem, problemPage } from './problems.ts'

const tag = 'Service'

/** No script, style or call but to this service itself; no frame, no base, no form that is sent. */
const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  strictTransportSecurity: false, // it would bind the operator's whole domain
})

/** /openapi.json, /docs and /problems. `app` is the whole service; it has all its routes by the first call. */
export function docsRoutes(app: Hono<AppEnv>) {
  let document: string | undefined

  return new Hono<AppEnv>()
    .get('/openapi.json', answers(tag, 'This document', { 200: shape.OpenApiDocument }), withEtag, (c) => {
      document ??= JSON.stringify(describeRoutes(app))
      return c.body(document, 200, { 'Content-Type': 'application/json' })
    })
    .get('/docs', showsPage(tag, 'A page to read and try this API', 'The page, `text/html`'), pageHeaders, (c) =>
      sendFile(c, '/docs/'),
    )
    .get('/docs/*', pageHeaders, (c) => sendFile(c, c.req.path))
    .get(
      '/problems/:code',
      answers(tag, 'Explains an error code', { 200: shape.Explanation }),
      validated('param', shape.ProblemPath),
      pageHeaders,
      withEtag,
      (c) => {
        const explanation = explainProblem(c.req.valid('param').code)
        c.header('Vary', 'Accept')
        const wanted = accepts(c, {
          header: 'Accept',
          supports: ['application/json', 'text/html'],
          default: 'application/json',
        })
        return wanted === 'text/html' ? c.html(problemPage(explanation)) : c.json(explanation)
      },
    )
}

/** A file of `public`. */
async function sendFile(c: Ctx, path: string): Promise<Response> {
  const headers = new Headers()
  const known = c.req.header('If-None-Match')
  if (known) headers.set('If-None-Match', known)
  const file = await c.var.deps.assets.fetch(new Request(new URL(path, c.req.url), { headers }))
  if (file.status !== 200 && file.status !== 304) throw new AppError('not_found', 'There is nothing at this path.')
  const response = new Response(file.body, file)
  response.headers.set('Cache-Control', 'public, no-cache')
  return response
}
