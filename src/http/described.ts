/** How routes document themselves: what stands on a route line is collected into the OpenAPI document. */
import type { MiddlewareHandler } from 'hono'
import { type DescribeRouteOptions, resolver, uniqueSymbol } from 'hono-openapi'
import * as z from 'zod'
import { type ErrorCode, PROBLEMS } from '../errors.ts'
import type { App } from './context.ts'

/** The wire form of every error. */
export const Problem = z
  .object({
    type: z.string().meta({ description: 'A path of this service that explains the code' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEMS) as [ErrorCode, ...ErrorCode[]]),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'application/problem+json, RFC 9457' })

/** The responses that these codes become, one a status. */
export function problems(...codes: ErrorCode[]): DescribeRouteOptions['responses'] {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: resolver(Problem) } },
      },
    ]),
  )
}

/** Middleware that carries its part of the document. */
export function documented<M extends MiddlewareHandler>(middleware: M, spec: DescribeRouteOptions): M {
  return Object.assign(middleware, { [uniqueSymbol]: { spec } })
}

/**
 * A route's first word: what it does, what it answers, and the errors that none of its other words bring.
 * Its tag is the room. A status without a schema has no body.
 */
export function answers(
  tag: string,
  summary: string,
  responses: Record<number, z.ZodType | string>,
  ...errors: ErrorCode[]
): MiddlewareHandler<App> {
  const pass: MiddlewareHandler<App> = (_c, next) => next()
  return documented(pass, {
    tags: [tag],
    summary,
    responses: {
      ...Object.fromEntries(
        Object.entries(responses).map(([status, schema]) => [
          status,
          typeof schema === 'string'
            ? { description: schema }
            : {
                description: schema.description ?? 'OK',
                content: { 'application/json': { schema: resolver(schema) } },
              },
        ]),
      ),
      ...problems(...errors, 'internal', 'stopped', 'unavailable'),
    },
  })
}
