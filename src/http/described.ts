/** How routes document themselves: what stands on a route line is collected into the OpenAPI document. */
import type { MiddlewareHandler } from 'hono'
import { type DescribeRouteOptions, type ResponsesWithResolver, resolver, uniqueSymbol } from 'hono-openapi'
import * as z from 'zod'
import { type ErrorCode, PROBLEMS } from '../errors.ts'
import type { AppEnv } from './context.ts'

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
    requiredScope: z.string().optional().meta({ description: 'With `forbidden`: a scope that would help' }),
    balance: z.int().optional().meta({ description: 'With `insufficient_credits`' }),
    required: z.int().optional().meta({ description: 'With `insufficient_credits`' }),
    resetsAt: z.iso.datetime().optional().meta({ description: 'With `insufficient_credits`' }),
  })
  .meta({ id: 'Problem', description: 'application/problem+json, RFC 9457' })

/**
 * The errors that these codes become. A code and not a status is the key, because several words of a route may bring
 * errors of one status; `docs/openapi.ts` makes one response a status of them.
 */
export function problems(...codes: ErrorCode[]): ResponsesWithResolver {
  return Object.fromEntries(
    codes.map((code) => [`${PROBLEMS[code].status} ${code}`, { description: PROBLEMS[code].title }]),
  )
}

/** The code that a key of `problems` names; undefined for the status of an answer. */
export const codeOf = (key: string) => key.split(' ')[1] as ErrorCode | undefined

/** The parameter of every call that can be repeated; `POST` and `PATCH` get it by themselves. */
export const IDEMPOTENCY_KEY = { $ref: '#/components/parameters/IdempotencyKey' }

/** A word's part of the document. `x-headers`: name -> description of what a successful answer carries because of it. */
export type Part = DescribeRouteOptions & { 'x-headers'?: Record<string, string> }

/** Middleware that carries its part of the document. */
export function documented<M extends MiddlewareHandler>(middleware: M, spec: Part): M {
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
): MiddlewareHandler<AppEnv> {
  const pass: MiddlewareHandler<AppEnv> = (_c, next) => next()
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
