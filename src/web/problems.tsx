/** Errors of the website's paths as pages. */
import type { Ctx } from '../http/context.ts'
import { errorResponse } from '../http/error-response.ts'
import { ProblemPage } from './pages/problem.tsx'
import { pagePolicy } from './policy.ts'
import { siteOf } from './site.ts'

const SITE = /^\/(players|leaderboards|overlay|account|console)?(\/|$)/

/** Paths of the website; and others, where a browser asks and the path is not the API's. */
export function wantsPage(c: Ctx): boolean {
  const { path } = c.req
  if (SITE.test(path)) return true
  const asksForHtml = (c.req.header('Accept') ?? '').includes('text/html')
  return asksForHtml && !/^\/(api|docs|problems|health|openapi|assets|_ah|stopServer|startServer)/.test(path)
}

/** The same answer as the API's, as a page where a page was asked for. */
export async function problemResponse(error: unknown, c: Ctx): Promise<Response> {
  const response = errorResponse(error, c)
  const config = c.get('deps')?.config
  if (!wantsPage(c) || !config) return response
  const body = (await response.json()) as { status: number; code: string; detail: string; requestId: string }
  const retryAfter = response.headers.get('Retry-After') ?? undefined
  const page = <ProblemPage site={siteOf(config, c.req.url)} problem={{ ...body, retryAfter }} />
  const headers = new Headers(response.headers)
  headers.set('Content-Type', 'text/html; charset=UTF-8')
  headers.delete('WWW-Authenticate')
  await pagePolicy(c, async () => {
    c.res = new Response(String(page), { status: body.status, headers })
  })
  return c.res
}
