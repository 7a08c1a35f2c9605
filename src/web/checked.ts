/** The fields of a form against the rules of the API, with the same words for what is wrong. */
import type * as z from 'zod'
import { AppError, invalidField } from '../errors.ts'
import { jsonFault } from '../lib/json.ts'

/** @throws AppError invalid_request, naming each field and the rule that it breaks, never a value. */
export function checked<S extends z.ZodType>(schema: S, fields: unknown): z.infer<S> {
  const { success, data, error } = schema.safeParse(fields)
  if (success) return data
  const errors = error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
  throw new AppError('invalid_request', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), { errors })
}

/** Free JSON in a field or a file: stored as it was written, or refused. @throws AppError invalid_request */
export function readJson(field: string, text: string): unknown {
  const value = parse(field, text)
  const fault = jsonFault(text)
  if (fault) throw invalidField(field, `${fault.path === '' ? '' : `at ${fault.path} `}${fault.message}`)
  return value
}

function parse(field: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidField(field, 'has to be JSON')
  }
}
