/** The shape of a request, checked before anything else is done with it. */
import { zValidator } from '@hono/zod-validator'
import { resolver, uniqueSymbol } from 'hono-openapi'
import * as z from 'zod'
import { AppError, type FieldError } from '../errors.ts'
import { fromUtf8 } from '../lib/bytes.ts'
import type { Ctx } from './context.ts'
import { documented, problems } from './described.ts'

/** Errors beyond this many help nobody. */
const MAX_ERRORS = 20

/**
 * One part of the request against its schema; the handler finds it in `c.req.valid(target)`.
 * A malformed path names nothing: 404. `bodyRequired` asks for a body even where no field is required.
 */
export function validated<T extends 'json' | 'query' | 'param', S extends z.ZodType>(
  target: T,
  schema: S,
  { bodyRequired = false }: { bodyRequired?: boolean } = {},
) {
  const check = zValidator(target, schema, (result) => {
    if (!result.success) throw refusal(target, result.error.issues as z.core.$ZodIssue[])
  })
  if (target !== 'json') return Object.assign(check, { [uniqueSymbol]: { target, ...resolver(schema) } })

  // Not zValidator for bodies: Hono's part of it parses once more, and takes a body for {} whose content type it does not like.
  const checkBody: typeof check = async (c, next) => {
    const { success, data, error } = schema.safeParse(await readBody(c as unknown as Ctx, bodyRequired))
    if (!success) throw refusal(target, error.issues)
    c.req.addValidatedData(target, data as object)
    await next()
  }
  return documented(checkBody, {
    requestBody: {
      required: bodyRequired || !schema.safeParse({}).success,
      content: { 'application/json': { schema: resolver(schema) } },
    },
    responses: problems('invalid_request', 'body_too_large', 'unsupported_media_type'),
  })
}

function refusal(target: string, issues: z.core.$ZodIssue[]): AppError {
  if (target === 'param') return new AppError('not_found', 'There is nothing at this path.')
  const errors = fieldErrors(issues)
  const detail = errors.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ')
  return new AppError('invalid_request', detail, { errors })
}

async function readBody(c: Ctx, required: boolean): Promise<unknown> {
  const bytes = await c.req.arrayBuffer()
  if (bytes.byteLength === 0) {
    if (!required) return {}
    throw new AppError(
      'invalid_request',
      'The body is empty; it has to be a JSON object, {} at the least.',
      bodyError('is empty'),
    )
  }
  if (!/^application\/([a-z.-]+\+)?json\s*(;|$)/i.test(c.req.header('Content-Type') ?? '')) {
    throw new AppError('unsupported_media_type', 'The body has to be declared as Content-Type: application/json.')
  }
  try {
    const text = fromUtf8(bytes)
    if (text !== undefined) return JSON.parse(text)
  } catch {}
  throw new AppError('invalid_request', 'The body is not JSON in UTF-8.', bodyError('is not JSON in UTF-8'))
}

const bodyError = (message: string) => ({ errors: [{ path: '', message }] })

/** Each field and its rule; never the value, which may be a password. */
function fieldErrors(issues: z.core.$ZodIssue[]): FieldError[] {
  const errors = issues.flatMap((issue): FieldError[] => {
    const path = issue.path.map(String)
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: [...path, key.slice(0, 64)].join('.'),
        message: 'is not a field of this call',
      }))
    }
    return [{ path: path.join('.'), message: issue.message }]
  })
  return errors.slice(0, MAX_ERRORS)
}

/** What Unity's JsonUtility cannot leave out: an empty text counts as absent. */
export const optionalText = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional()).optional()

/** The same for an id: 0 counts as absent. */
export const optionalId = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === 0 ? undefined : value), schema.optional()).optional()

/** A whole number in the query string. An empty value counts as absent. */
export const queryInteger = (least: number, most: number, otherwise: number) =>
  z
    .preprocess(
      (value) =>
        value === '' || value === undefined ? otherwise : /^\d{1,15}$/.test(String(value)) ? Number(value) : value,
      z.int().min(least).max(most),
    )
    .optional()
    .default(otherwise)

/** A text in the query string. An empty value counts as absent. */
export const queryText = <S extends z.ZodType>(schema: S) => optionalText(schema)
