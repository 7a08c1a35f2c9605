/** How routes document themselves: what stands on a route line is collected into the OpenAPI document. */
import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import * as z from 'zod'
import { type ErrorCode, PROBLEMS } from '../errors.ts'
import type { AppEnv, Ctx } from './context.ts'
import { checkRequest, MAX_BODY_KIB } from './received.ts'

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

export type ResponsePart = { description: string; schema?: z.ZodType }

/** What one middleware of a route line adds to the operation in the OpenAPI document. */
export type Part = {
  tags?: string[]
  summary?: string
  description?: string
  security?: Record<string, string[]>[]
  parameters?: { $ref: string }[]
  /** The shape of the path's parameters. */
  param?: z.ZodObject
  /** The shape of the query. */
  query?: z.ZodObject
  body?: { schema: z.ZodType; required: boolean; maxKib: number }
  /** By status, or by a key of `problems`. */
  responses?: Record<string, ResponsePart>
  /** Name -> description of the headers that a successful answer carries because of this middleware. */
  'x-headers'?: Record<string, string>
}

const parts = new WeakMap<object, Part>()

/** Middleware with its part of the document. */
export function documented<M extends object>(middleware: M, part: Part): M {
  parts.set(middleware, part)
  return middleware
}

/** undefined for middleware that adds nothing, and for handlers. */
export const partOf = (middleware: object): Part | undefined => parts.get(middleware)

/**
 * The errors that these codes become. The key is a code and not a status, because several middlewares of a route may
 * add errors of one status; `docs/openapi.ts` merges them into one response for each status.
 */
export function problems(...codes: ErrorCode[]): Record<string, ResponsePart> {
  return Object.fromEntries(
    codes.map((code) => [`${PROBLEMS[code].status} ${code}`, { description: PROBLEMS[code].title }]),
  )
}

/** The code in a key of `problems`; undefined for the status of a success. */
export const codeOf = (key: string) => key.split(' ')[1] as ErrorCode | undefined

/** The parameter of every call that can be repeated; `docs/openapi.ts` adds it to each `POST` and `PATCH`. */
export const IDEMPOTENCY_KEY = { $ref: '#/components/parameters/IdempotencyKey' }

type Answers = Record<number, z.ZodType | string>

/**
 * The first middleware of a route: what the call does, what it answers, and the errors that no other middleware of the
 * route adds. Its tag is the room. A status with a text instead of a schema has no JSON body.
 * It refuses query parameters that the rest of the route does not declare, and bodies that are encoded or too large.
 */
export function answers(
  tag: string,
  summary: string,
  responses: Answers,
  ...errors: ErrorCode[]
): MiddlewareHandler<AppEnv> {
  return documented<MiddlewareHandler<AppEnv>>(
    (c, next) => checkRequest(c, declaredBy(c), next),
    describe(tag, summary, responses, [...errors, 'invalid_request']),
  )
}

/** The same for a page that people open in a browser. Links to it may carry any query: others add parameters of theirs. */
export function showsPage(tag: string, summary: string, description: string): MiddlewareHandler<AppEnv> {
  return documented<MiddlewareHandler<AppEnv>>((_c, next) => next(), describe(tag, summary, { 200: description }, []))
}

function describe(tag: string, summary: string, responses: Answers, errors: ErrorCode[]): Part {
  const successes = Object.entries(responses).map(([status, schema]) => [
    status,
    typeof schema === 'string' ? { description: schema } : { description: schema.description ?? 'OK', schema },
  ])
  return {
    tags: [tag],
    summary,
    responses: { ...Object.fromEntries(successes), ...problems(...errors, 'internal', 'stopped', 'unavailable') },
  }
}

/** What the middlewares of the matched route say about queries and bodies. */
function declaredBy(c: Ctx): { queryNames: string[]; maxKib: number } {
  const declared = matchedRoutes(c).flatMap(({ handler }) => partOf(handler) ?? [])
  const queryNames = declared.flatMap(({ query, security = [] }) => [
    ...Object.keys(query?.shape ?? {}),
    ...(security.some((scheme) => 'tokenQuery' in scheme) ? ['token'] : []),
  ])
  return { queryNames, maxKib: declared.find(({ body }) => body)?.body?.maxKib ?? MAX_BODY_KIB }
}
