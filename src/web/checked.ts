/** The fields of a form against a schema of the API, with the same words for what is wrong. */
import type * as z from 'zod'
import { AppError } from '../errors.ts'

/** @throws AppError invalid_request, naming each field and the rule that it breaks, never a value. */
export function checked<S extends z.ZodType>(schema: S, fields: unknown): z.infer<S> {
  const { success, data, error } = schema.safeParse(fields)
  if (success) return data
  const errors = error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
  throw new AppError('invalid_request', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), { errors })
}
