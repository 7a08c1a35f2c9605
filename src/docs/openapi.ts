/** The whole contract as OpenAPI 3.1, collected from what stands on the route lines. */
import type { Hono } from 'hono'
import { generateSpecs, resolver } from 'hono-openapi'
import { type ErrorCode, PROBLEMS } from '../errors.ts'
import type { AppEnv } from '../http/context.ts'
import { codeOf, IDEMPOTENCY_KEY, type Part, Problem } from '../http/described.ts'
import { frame, IF_NONE_MATCH, REPLAYED, REQUEST_ID, textHeader } from './frame.ts'
import { problemResponse } from './problem-response.ts'

export type OpenApi = Awaited<ReturnType<typeof generateSpecs>>

/** What the words of one route add up to, as hono-openapi collects it. */
type Collected = Omit<Part, 'operationId'> & { operationId: string }

/** Gives codes of one status a response, and a name for it. */
type NameProblem = (codes: ErrorCode[]) => { $ref: string }

/** What a call that asks who is calling may answer. */
const REFUSALS: ErrorCode[] = ['unauthenticated', 'invalid_credentials', 'token_expired', 'forbidden', 'rate_limited']

/** The document of all routes that `app` has. */
export async function describeRoutes(app: Hono<AppEnv>): Promise<OpenApi> {
  const document = await generateSpecs(app, {
    documentation: frame,
    excludeStaticFile: false, // or a path with a dot in its last part is left out
    defaultValidationErrorResponse: false,
  })
  const responses: Record<string, object> = {}
  const nameProblem: NameProblem = (codes) => {
    const name = codes.join('.')
    responses[name] ??= problemResponse(codes)
    return { $ref: `#/components/responses/${name}` }
  }
  const paths = mapValues(document.paths, (methods) =>
    mapValues(methods as Record<string, Collected>, (operation, method) => finished(operation, method, nameProblem)),
  )
  const { components } = await resolver(Problem).toOpenAPISchema()
  const schemas = { ...document.components.schemas, ...components?.schemas }
  const whole = { ...document, paths, components: { ...document.components, schemas, responses } }
  // Zod has no name for the recursive `z.json()`, the one schema of the house that needs one.
  return JSON.parse(JSON.stringify(whole).replaceAll('__schema0', 'Json'), readable)
}

/** Adds what follows from a route's method and words, so that no route has to say it. */
function finished(collected: Collected, method: string, nameProblem: NameProblem) {
  const { operationId, parameters = [], responses = {}, 'x-headers': added, security = [], ...rest } = collected
  const all = [...parameters]
  if (method === 'post' || method === 'patch') all.push(IDEMPOTENCY_KEY)
  if ('304' in responses) all.push(IF_NONE_MATCH)
  const takes = (place: string) => all.some((parameter) => 'in' in parameter && parameter.in === place)
  const named = (name: string) => all.some((parameter) => 'name' in parameter && parameter.name === name)
  const repeatable = all.some((parameter) => '$ref' in parameter && parameter.$ref === IDEMPOTENCY_KEY.$ref)

  const codes = new Set(Object.keys(responses).flatMap((key) => codeOf(key) ?? []))
  const successes = Object.fromEntries(Object.entries(responses).filter(([key]) => !codeOf(key)))
  // `me` in a path, and a route that is open to some, ask who is calling only sometimes.
  const openToSome = codes.has('unauthenticated') && codes.has('forbidden')
  const asksSometimes = security.length === 0 && (openToSome || named('user'))
  if (asksSometimes) for (const code of REFUSALS) codes.add(code)
  if (takes('path')) codes.add('not_found')
  if (takes('query') || repeatable) codes.add('invalid_request')
  if (repeatable) codes.add('idempotency_key_reused')

  const headers = { ...mapValues(added ?? {}, textHeader), ...(repeatable ? REPLAYED : {}), ...REQUEST_ID }
  return {
    operationId: operationId.replace(/^([a-z]+)Api(?=[A-Z])/, '$1'),
    ...rest,
    security: asksSometimes ? [{}, { bearer: [] }, { basic: [] }] : security,
    ...(all.length > 0 ? { parameters: all } : {}),
    responses: {
      ...mapValues(successes, (response) => ({ ...response, headers })),
      ...Object.fromEntries([...byStatus(codes)].map(([status, group]) => [status, nameProblem(group)])),
    },
  }
}

/** Zod spells out the pattern of a date, and the bounds of a safe integer, which a page would take for an example. */
function readable(_key: string, value: unknown): unknown {
  if (!isSchema(value)) return value
  const { minimum, maximum, pattern, ...rest } = value
  if (rest.format === 'date-time') return rest
  if (rest.type !== 'integer' || maximum !== Number.MAX_SAFE_INTEGER) return value
  return { ...rest, format: 'int64', ...(minimum === Number.MIN_SAFE_INTEGER ? {} : { minimum }) }
}

const isSchema = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && 'type' in value

/** In the order of `PROBLEMS`, so that the same codes always give the same response. */
function byStatus(codes: Set<ErrorCode>): Map<number, ErrorCode[]> {
  const ordered = (Object.keys(PROBLEMS) as ErrorCode[]).filter((code) => codes.has(code))
  return Map.groupBy(ordered, (code) => PROBLEMS[code].status)
}

function mapValues<A, B>(object: Record<string, A>, change: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]))
}
