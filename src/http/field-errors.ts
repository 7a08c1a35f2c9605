/** What is wrong with a body or a query, field by field, in words of our own. */
import type * as z from 'zod'
import { AppError, type FieldError } from '../errors.ts'

/** Errors beyond this many help nobody. */
const MAX_ERRORS = 20

/** A long name is cut: it comes from the caller. */
const MAX_NAME_LENGTH = 64

export const shortened = (name: string) => name.slice(0, MAX_NAME_LENGTH)

export function invalidRequest(errors: FieldError[]): AppError {
  const told = errors.slice(0, MAX_ERRORS)
  const detail = told.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ')
  return new AppError('invalid_request', detail, { errors: told })
}

/** Each field and its rule; never the value, which may be a password. */
export function fieldErrors(issues: z.core.$ZodIssue[]): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = issue.path.map((part) => shortened(String(part)))
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: [...path, shortened(key)].join('.'),
        message: 'is not a field of this call',
      }))
    }
    // Of several forms that a field may have, the rule that tells most is that of the form which it nearly has.
    const nearest = issue.code === 'invalid_union' ? nearestForm(issue.errors) : undefined
    if (nearest) return fieldErrors(nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })))
    return [{ path: path.join('.'), message: issue.message }]
  })
}

/** The form whose type was right, if there is just one. */
function nearestForm(forms: z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  const near = forms.filter((issues) => issues.every(({ code }) => code !== 'invalid_type' && code !== 'invalid_value'))
  return near.length === 1 ? near[0] : undefined
}

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  date: 'a time',
  null: 'null',
}

const FORMATS: Record<string, string> = {
  datetime: 'has to be a time in ISO 8601 with its zone, such as 2027-01-01T00:00:00Z',
  date: 'has to be a date, such as 2027-01-31',
  email: 'has to be an email address',
  url: 'has to be an absolute URL',
}

/** `2027-01-01T00:00:00`, as Python's `isoformat` and C#'s "s" write it. */
const LOCAL_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?$/

/** Zod's error map. A message that stands at a rule of a schema goes before it. */
export const fieldMessage: z.core.$ZodErrorMap = (issue): string => {
  if (issue.input === undefined) return 'is required'
  switch (issue.code) {
    case 'invalid_type':
      return `has to be ${TYPES[issue.expected] ?? issue.expected}`
    case 'too_small':
      return sizeMessage(issue.origin, Number(issue.minimum), 'at least', issue.inclusive === false)
    case 'too_big':
      return sizeMessage(issue.origin, Number(issue.maximum), 'at most', issue.inclusive === false)
    case 'invalid_format':
      if (issue.format === 'datetime' && LOCAL_TIME.test(String(issue.input)))
        return 'has no time zone; let it end in Z, or in an offset such as +02:00'
      return FORMATS[issue.format] ?? formMessage(issue.pattern)
    case 'not_multiple_of':
      return `has to be a multiple of ${issue.divisor}`
    case 'invalid_value':
      return `has to be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
    case 'invalid_key':
      return 'has a name that is not allowed here'
    case 'invalid_element':
      return 'has an entry that is not allowed here'
    case 'unrecognized_keys':
      return 'has a field that this call does not know'
    case 'invalid_union':
      return 'has none of the forms that it may have'
    default:
      return 'is not allowed here'
  }
}

const formMessage = (pattern: string | undefined) =>
  pattern === undefined ? 'has the wrong form' : `has to match ${pattern}`

function sizeMessage(origin: string, bound: number, direction: string, exclusive: boolean): string {
  if (exclusive) return `has to be ${direction === 'at least' ? 'more' : 'less'} than ${bound}`
  const count = bound.toLocaleString('en-US')
  if (origin === 'string') return `has to have ${direction} ${count} ${bound === 1 ? 'character' : 'characters'}`
  if (origin === 'array' || origin === 'set' || origin === 'map' || origin === 'object')
    return `has to have ${direction} ${count} ${bound === 1 ? 'entry' : 'entries'}`
  return `has to be ${direction} ${bound}`
}
