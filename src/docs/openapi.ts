/** The whole contract as OpenAPI 3.1, collected from what stands on the route lines. */
import type { Hono } from 'hono'
import type * as z from 'zod'
import { type ErrorCode, PROBLEMS } from '../errors.ts'
import type { AppEnv } from '../http/context.ts'
import { codeOf, IDEMPOTENCY_KEY, type Part, Problem, partOf, type ResponsePart } from '../http/described.ts'
import { frame, IF_NONE_MATCH, REPLAYED, REQUEST_ID, textHeader } from './frame.ts'
import { problemResponse } from './problem-response.ts'
import { Schemas } from './schemas.ts'

/** Gives codes of one status a response, and a name for it. */
type NameProblem = (codes: ErrorCode[]) => { $ref: string }

/** The two collections that operations refer to. */
type Components = { schemas: Schemas; nameProblem: NameProblem }

/** What a call that asks who is calling may answer. */
const REFUSALS: ErrorCode[] = ['unauthenticated', 'invalid_credentials', 'token_expired', 'forbidden', 'rate_limited']

/** The document of all routes that `app` has. */
export function describeRoutes(app: Hono<AppEnv>) {
  const schemas = new Schemas()
  const responses: Record<string, object> = {}
  const nameProblem: NameProblem = (codes) => {
    const name = codes.join('.')
    responses[name] ??= problemResponse(codes)
    return { $ref: `#/components/responses/${name}` }
  }
  const paths: Record<string, Record<string, object>> = {}
  for (const [route, parts] of partsByRoute(app)) {
    const [method, path] = route.split(' ') as [string, string]
    paths[path] ??= {}
    paths[path][method] = {
      operationId: operationId(method, path),
      ...operation(merged(parts), method, { schemas, nameProblem }),
    }
  }
  schemas.describe(Problem)
  return { openapi: '3.1.0', ...frame, components: { ...frame.components, schemas: schemas.named, responses }, paths }
}

/** `get /api/users/{user}` -> what its middlewares say, in their order. A route without a summary stays out. */
function partsByRoute(app: Hono<AppEnv>): [route: string, parts: Part[]][] {
  const routes = Map.groupBy(
    app.routes.filter(({ method }) => method !== 'ALL'),
    ({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`,
  )
  return [...routes]
    .map(([route, handlers]): [string, Part[]] => [route, handlers.flatMap(({ handler }) => partOf(handler) ?? [])])
    .filter(([, parts]) => parts.some(({ summary }) => summary))
}

/** The parts of one route as one; of lists and responses all are kept, of single values the last. */
function merged(parts: Part[]): Part {
  return {
    ...Object.assign({}, ...parts),
    security: parts.flatMap(({ security = [] }) => security),
    parameters: parts.flatMap(({ parameters = [] }) => parameters),
    responses: Object.assign({}, ...parts.map(({ responses }) => responses)),
  }
}

/** `get`, `/api/users/{user}/stats` -> `getUsersByUserStats`. */
function operationId(method: string, path: string): string {
  const words = path.split('/').map((part) => (part.startsWith('{') ? `by-${part}` : part))
  const id = words
    .flatMap((part) => part.split(/[\W_]+/))
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
  return `${method}${id.replace(/^Api(?=[A-Z])/, '') || 'Index'}`
}

/** Adds what follows from a route's method and parts, so that no route has to say it. */
function operation(part: Part, method: string, { schemas, nameProblem }: Components) {
  const {
    param,
    query,
    body,
    responses = {},
    'x-headers': added = {},
    security = [],
    tags,
    summary,
    description,
  } = part
  const parameters = [
    ...(part.parameters ?? []),
    ...schemas.parameters('path', param),
    ...schemas.parameters('query', query),
  ]
  if (method === 'post' || method === 'patch') parameters.push(IDEMPOTENCY_KEY)
  if ('304' in responses) parameters.push(IF_NONE_MATCH)
  const repeatable = parameters.some((parameter) => '$ref' in parameter && parameter.$ref === IDEMPOTENCY_KEY.$ref)

  const codes = new Set(Object.keys(responses).flatMap((key) => codeOf(key) ?? []))
  const successes = Object.fromEntries(Object.entries(responses).filter(([key]) => !codeOf(key)))
  // `me` in a path, and a route that is open to some, ask who is calling only sometimes.
  const openToSome = codes.has('unauthenticated') && codes.has('forbidden')
  const asksSometimes = security.length === 0 && (openToSome || (param !== undefined && 'user' in param.shape))
  if (asksSometimes) for (const code of REFUSALS) codes.add(code)
  if (param) codes.add('not_found')
  if (repeatable) codes.add('idempotency_key_reused')

  const headers = { ...mapValues(added, textHeader), ...(repeatable ? REPLAYED : {}), ...REQUEST_ID }
  return {
    tags,
    summary,
    ...(description ? { description } : {}),
    ...(body ? { requestBody: { required: body.required, content: jsonContent(schemas, body.schema) } } : {}),
    security: asksSometimes ? [{}, { bearer: [] }, { basic: [] }] : security,
    ...(parameters.length > 0 ? { parameters } : {}),
    responses: {
      ...mapValues(successes, (response) => ({ ...success(schemas, response), headers })),
      ...Object.fromEntries([...byStatus(codes)].map(([status, group]) => [status, nameProblem(group)])),
    },
  }
}

const jsonContent = (schemas: Schemas, schema: z.ZodType) => ({
  'application/json': { schema: schemas.describe(schema) },
})

const success = (schemas: Schemas, { description, schema }: ResponsePart) => ({
  description,
  ...(schema ? { content: jsonContent(schemas, schema) } : {}),
})

/** In the order of `PROBLEMS`, so that the same codes always give the same response. */
function byStatus(codes: Set<ErrorCode>): Map<number, ErrorCode[]> {
  const ordered = (Object.keys(PROBLEMS) as ErrorCode[]).filter((code) => codes.has(code))
  return Map.groupBy(ordered, (code) => PROBLEMS[code].status)
}

function mapValues<A, B>(object: Record<string, A>, change: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]))
}
