/** The shape of a request, checked before anything else is done with it. */
import { zValidator } from '@hono/zod-validator'
import type { MiddlewareHandler } from 'hono'
import * as z from 'zod'
import { AppError } from '../errors.ts'
import { fromUtf8 } from '../lib/bytes.ts'
import { jsonFault } from '../lib/json.ts'
import type { AppEnv, Ctx } from './context.ts'
import { documented, problems } from './described.ts'
import { fieldErrors, fieldMessage, invalidRequest } from './field-errors.ts'
import { MAX_BODY_KIB } from './received.ts'

type Checked<Target extends string, S extends z.ZodType> = MiddlewareHandler<
  AppEnv,
  string,
  { in: { [K in Target]: z.input<S> }; out: { [K in Target]: z.output<S> } }
>

export type BodyOptions = {
  /** Asks for a body even where no field is required. */
  bodyRequired?: boolean
  maxKib?: number
  /** The body holds JSON that is stored: what would not come back as it was sent is refused. */
  freeJson?: boolean
}

/**
 * One part of the request against its schema; the handler finds it in `c.req.valid(target)`.
 * A malformed path names nothing: 404. A field that is null counts as absent, unless its schema has a null.
 */
export function validated<Target extends 'json' | 'query' | 'param', S extends z.ZodType>(
  target: Target,
  schema: S,
  { bodyRequired = false, maxKib = MAX_BODY_KIB, freeJson = false }: BodyOptions = {},
): Checked<Target, S> {
  const refuse = (issues: z.core.$ZodIssue[]) =>
    target === 'param' ? nothingHere() : invalidRequest(fieldErrors(issues))
  if (target !== 'json') {
    const check = zValidator(
      target,
      schema as z.ZodType,
      (result) => {
        if (!result.success) throw refuse(result.error.issues)
      },
      { validationFunction: parse },
    )
    return documented(check as unknown as Checked<Target, S>, { [target]: schema as unknown as z.ZodObject })
  }
  // Not zValidator: Hono's part of it parses once more, and takes a body for {} whose content type it does not like.
  const checkBody: Checked<Target, S> = async (c, next) => {
    const value = await readBody(c as unknown as Ctx, { bodyRequired, freeJson })
    const { success, data, error } = parse(schema, value)
    if (!success) throw refuse(error.issues)
    c.req.addValidatedData(target, data as object)
    await next()
  }
  return documented(checkBody, {
    body: { schema, required: bodyRequired || !schema.safeParse({}).success, maxKib },
    responses: problems('invalid_request', 'body_too_large', 'unsupported_media_type'),
  })
}

const nothingHere = () => new AppError('not_found', 'There is nothing at this path.')

/** Nulls that the schema refuses are taken out, and the rest is checked again. */
function parse<S extends z.ZodType>(schema: S, value: unknown): z.ZodSafeParseResult<z.output<S>> {
  const result = schema.safeParse(value, { error: fieldMessage })
  const removed = result.error?.issues.filter(({ path }) => removeNull(value, path)) ?? []
  return removed.length > 0 ? schema.safeParse(value, { error: fieldMessage }) : result
}

/** True if there was a null in the field at this path. Entries of lists stay: without them the others would move up. */
function removeNull(value: unknown, path: PropertyKey[]): boolean {
  const name = path.at(-1)
  let parent: unknown = value
  for (const part of path.slice(0, -1)) parent = isObject(parent) ? parent[part] : undefined
  if (!isObject(parent) || Array.isArray(parent) || name === undefined || parent[name] !== null) return false
  return delete parent[name]
}

const isObject = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === 'object' && value !== null

async function readBody(
  c: Ctx,
  { bodyRequired, freeJson }: Required<Pick<BodyOptions, 'bodyRequired' | 'freeJson'>>,
): Promise<unknown> {
  const bytes = await c.req.arrayBuffer()
  if (bytes.byteLength === 0) {
    if (!bodyRequired) return {}
    throw invalidRequest([{ path: '', message: 'is empty; it has to be a JSON object, {} at the least' }])
  }
  if (!/^application\/([a-z.-]+\+)?json\s*(;|$)/i.test(c.req.header('Content-Type') ?? '')) {
    throw new AppError('unsupported_media_type', 'The body has to be declared as Content-Type: application/json.')
  }
  const text = fromUtf8(bytes)
  const body = text === undefined ? undefined : parseJson(text)
  if (text === undefined || body === undefined) throw invalidRequest([{ path: '', message: 'is not JSON in UTF-8' }])
  const fault = freeJson ? jsonFault(text) : undefined
  if (fault) throw invalidRequest([fault])
  return body
}

/** undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What Unity's JsonUtility cannot leave out: an empty text counts as absent. */
export const optionalText = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional()).optional()

/** The same for an id: 0 counts as absent. */
export const optionalId = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === 0 ? undefined : value), schema.optional()).optional()

/** A whole number in the query string. An empty value counts as absent. */
export const queryInteger = (min: number, max: number, defaultValue: number) =>
  z
    .preprocess(
      (value) =>
        value === '' || value === undefined ? defaultValue : /^\d{1,15}$/.test(String(value)) ? Number(value) : value,
      z.int('has to be a whole number').min(min).max(max),
    )
    .optional()
    .default(defaultValue)

/** A text in the query string. An empty value counts as absent. */
export const queryText = <S extends z.ZodType>(schema: S) => optionalText(schema)
