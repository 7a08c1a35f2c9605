/** What the Unity client knows of the OpenAPI document: its calls, the fields of their answers and bodies, stat names, error codes. */
export type Schema = {
  $ref?: string
  type?: string
  enum?: string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  description?: string
}
type Operation = {
  operationId: string
  parameters?: { name: string; in: string; required?: boolean }[]
  requestBody?: { content: { 'application/json': { schema: Schema } } }
}
export type Document = {
  info: { version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

export type Field = { name: string; type: string; list: boolean; required: boolean; about: string }
export type Model = {
  /** Method, path and query of each call that the client makes. */
  calls: string[]
  /** Class -> fields, of the answers. */
  answers: Record<string, Field[]>
  /** Method -> fields, of the request bodies. */
  bodies: Record<string, Field[]>
  stats: string[]
  codes: string[]
}

/** The answers that the client reads, and what the objects inside them are called. */
const ANSWERS = [
  ...['OwnProfile', 'Profile', 'Profiles', 'Level', 'ChangedProfile', 'CreatedUser', 'Usernames', 'UserStats'],
  ...['ChangedStats', 'Catalog', 'BatchResults', 'Leaderboard', 'LeaderboardEntry', 'Neighbours'],
  ...['Balance', 'Granted', 'Ledger', 'Usage', 'Spent', 'Held', 'Captured', 'Released', 'Refunded'],
  ...['TokenPair', 'Sessions', 'PasswordSet', 'Problem'],
]
const INSIDE: Record<string, string> = {
  'ChangedStats.changes': 'StatChange',
  'Catalog.stats': 'StatRule',
  'BatchResults.results': 'BatchResult',
  'Balance.grants': 'CreditGrant',
  'Balance.period': 'BillingPeriod',
  'Ledger.entries': 'LedgerEntry',
  'Usage.days': 'UsageDay',
  'Sessions.sessions': 'SessionInfo',
  'Problem.errors': 'FieldError',
}
/** A C# property must not be called as its class is. */
const RENAMED: Record<string, string> = {
  Sessions: 'SessionList',
  Level: 'StatLevel',
  Balance: 'CreditBalance',
  Captured: 'CapturedHold',
  Released: 'ReleasedHold',
}
const BODIES: Record<string, string> = {
  postUsers: 'NewUser',
  patchUsersMe: 'ChangeAccount',
  deleteUsersMe: 'DeleteAccount',
  postUsersLookup: 'LookUp',
  patchUsersByUserStats: 'ChangeStats',
  postStatsBatch: 'BatchStats',
  postTokenRefresh: 'Refresh',
  postPasswordReset: 'ResetPassword',
  postCreditsSpend: 'Spend',
  postCreditsHolds: 'Hold',
  postCreditsHoldsByIdCapture: 'Capture',
  postCreditsRefunds: 'Refund',
  postUsersByUserCreditsGrants: 'Grant',
}

/** What a game or its server never calls: it is for operators, or an older form of another call. */
const OTHER_PATHS = /^\/(?!api\/)|^\/api\/(service|datasets|v1\.0|keys|resource|webhooks|jobs)\b/
const OTHER_CALLS = [
  ...['postUsersUpdate', 'patchUsersByUser', 'deleteUsersByUser', 'postUsersByUserPasswordReset', 'getToken'],
  ...['getUsersByUserCredits', 'patchUsersByUserCredits', 'getUsersByUserCreditsLedger', 'getUsersByUserCreditsUsage'],
]

export function readModel({ paths, components: { schemas } }: Document): Model {
  const answers: Record<string, Field[]> = {}
  const stats = Object.keys(schemas.StatValues?.properties ?? {})
  const fieldsOf = (owner: string, schema: Schema, into: Record<string, Field[]>): Field[] => {
    const { properties = {}, required = [] } = united(schema)
    return Object.entries(properties).map(([name, property]) => ({
      name,
      ...typeOf(`${owner}.${name}`, property, into),
      required: required.includes(name),
      about: property.description ?? '',
    }))
  }
  const typeOf = (path: string, schema: Schema, into: Record<string, Field[]>): { type: string; list: boolean } => {
    if (schema.$ref) {
      const name = schema.$ref.split('/').at(-1) as string
      return { type: name === 'StatValues' ? 'StatMap' : (RENAMED[name] ?? name), list: false }
    }
    if (schema.type === 'array') return { ...typeOf(path, schema.items ?? {}, into), list: true }
    if (schema.type === 'integer' || schema.type === 'number') return { type: 'long', list: false }
    if (schema.type === 'boolean') return { type: 'bool', list: false }
    if (schema.type === 'string' || schema.anyOf?.every(({ type }) => type === 'string'))
      return { type: 'string', list: false }
    // A map from stat to change: a new stat needs no new client.
    if (stats.some((stat) => schema.properties?.[stat])) return { type: 'StatMap', list: false }
    const name = into === answers ? INSIDE[path] : `${path.split('.')[0]}Item`
    if (!name) throw new Error(`${path}: the client has no type for it: name it in scripts/unity/api-model.ts`)
    into[name] = fieldsOf(name, schema, into)
    return { type: name, list: false }
  }

  for (const name of ANSWERS) {
    const schema = schemas[name]
    if (!schema) throw new Error(`${name}: the API no longer has this answer`)
    answers[RENAMED[name] ?? name] = fieldsOf(name, schema, answers)
  }
  const bodies: Record<string, Field[]> = {}
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
  for (const [id, name] of Object.entries(BODIES)) {
    const body = operations.find(({ operationId }) => operationId === id)?.requestBody
    if (!body) throw new Error(`${id}: the API no longer has this call, or it takes no body`)
    bodies[name] = fieldsOf(name, body.content['application/json'].schema, bodies)
  }
  const calls = Object.entries(paths)
    .filter(([path]) => !OTHER_PATHS.test(path))
    .flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { operationId }]) => !OTHER_CALLS.includes(operationId))
        .map(([method, operation]) => `${method.toUpperCase()} ${path}${queryOf(operation)}`),
    )
  return { calls, answers, bodies, stats, codes: schemas.Problem?.properties?.code?.enum ?? [] }
}

const queryOf = ({ parameters = [] }: Operation) => {
  const names = parameters
    .filter((each) => each.in === 'query')
    .map(({ name, required }) => name + (required ? '!' : ''))
  return names.length > 0 ? ` (${names.sort().join(', ')})` : ''
}

/** `oneOf` of whole objects as one object: required is what each form requires. */
function united(schema: Schema): Schema {
  const forms = schema.oneOf
  if (!forms || schema.properties) return schema
  const required = (forms[0]?.required ?? []).filter((name) => forms.every((form) => form.required?.includes(name)))
  return { properties: Object.assign({}, ...forms.map(({ properties }) => properties)), required }
}

/** One line a field. Two documents that give the same lines need the same client. */
export function contractOf({ calls, answers, bodies }: Model): string[] {
  const lines = (kind: string, of: Record<string, Field[]>) =>
    Object.entries(of).flatMap(([owner, fields]) =>
      fields.map(
        ({ name, type, list, required }) =>
          `${kind} ${owner}.${name}: ${type}${list ? '[]' : ''}${required ? '' : ' (optional)'}`,
      ),
    )
  return [...calls.map((call) => `call ${call}`), ...lines('answer', answers), ...lines('body', bodies)].sort()
}

/** How the API differs from what the client was made from; empty where it does not. */
export function driftOf(known: string[], api: string[]): string[] {
  return [
    ...api.filter((line) => !known.includes(line)).map((line) => `The API has, and the client does not know: ${line}`),
    ...known
      .filter((line) => !api.includes(line))
      .map((line) => `The client knows, and the API no longer has: ${line}`),
  ]
}
