/** The shape of a request, checked before anything else is done with it. */
import { zValidator } from '@hono/zod-validator'
import { resolver, uniqueSymbol } from 'hono-openapi'
import * as z from 'zod'
import { AppError, type FieldError } from '../errors.ts'
import { fromUtf8 } from '../lib/bytes.ts'
import type { Ctx } from './context.ts'
import { documented, problems } from './described.ts'

/** Errors beyond this many help nobody. */
const MOST_ERRORS = 20

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
    if (result.success) return
    if (target === 'param') throw new AppError('not_found', 'There is nothing at this path.')
    const errors = fieldErrors(result.error.issues as z.core.$ZodIssue[])
    throw new AppError(
      'invalid_request',
      errors.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; '),
      { errors },
    )
  })
  const middleware: typeof check = async (c, next) => {
    if (target === 'json') await readBody(c as unknown as Ctx, bodyRequired)
    return check(c, next)
  }
  if (target !== 'json') return Object.assign(middleware, { [uniqueSymbol]: { target, ...resolver(schema) } })
  return documented(middleware, {
    requestBody: {
      required: bodyRequired || !schema.safeParse({}).success,
      content: { 'application/json': { schema: resolver(schema) } },
    },
    responses: problems('invalid_request', 'body_too_large', 'unsupported_media_type'),
  })
}

/** Reads the body before Hono's validator does, which finds its text in the cache and parses that. */
async function readBody(c: Ctx, required: boolean): Promise<void> {
  const bytes = await c.req.arrayBuffer()
  const type = c.req.header('Content-Type')
  if (bytes.byteLength === 0) {
    if (required)
      throw new AppError(
        'invalid_request',
        'The body is empty; it has to be a JSON object, {} at the least.',
        bodyError('is empty'),
      )
    c.req.bodyCache.text = Promise.resolve('{}')
    return
  }
  if (!/^application\/([a-z.-]+\+)?json\s*(;|$)/i.test(type ?? '')) {
    throw new AppError('unsupported_media_type', 'The body has to be declared as Content-Type: application/json.')
  }
  requireJson(bytes)
}

function requireJson(bytes: ArrayBuffer): void {
  try {
    const text = fromUtf8(bytes)
    if (text !== undefined) return void JSON.parse(text)
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
  return errors.slice(0, MOST_ERRORS)
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
