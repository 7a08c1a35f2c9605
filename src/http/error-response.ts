/** The only place where an error becomes an answer: application/problem+json, RFC 9457. */
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { isDatabaseFailure } from '../db/failures.ts'
import { Misconfigured } from '../env.ts'
import { AppError, PROBLEMS } from '../errors.ts'
import { describeError, logToConsole } from '../lib/log.ts'
import type { Ctx } from './context.ts'

/** Seconds after which a call that met a stopped or failing service is worth another try. */
const RETRY_AFTER_SECONDS = 5

export function errorResponse(error: unknown, c: Ctx): Response {
  const known = asAppError(error, c)
  const { status, title } = PROBLEMS[known.code]
  const { headers, ...members } = known.details
  const problem = {
    type: `/problems/${known.code}`,
    title,
    status,
    detail: known.message,
    code: known.code,
    requestId: c.get('requestId'),
    ...members,
  }
  return c.body(JSON.stringify(problem), status as ContentfulStatusCode, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    // Bearer only: at a Basic challenge a browser would open its own log-in box.
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer realm="statkeep"' } : {}),
    ...(status === 503 ? { 'Retry-After': String(RETRY_AFTER_SECONDS) } : {}),
    ...headers,
  })
}

/** Whatever is no AppError is logged, and answered with a fixed text. */
function asAppError(error: unknown, c: Ctx): AppError {
  if (error instanceof AppError) return error
  const log = c.get('deps')?.log ?? logToConsole
  log('error', {
    message: error instanceof Misconfigured ? `misconfigured: ${error.message}` : 'unexpected error',
    requestId: c.get('requestId'),
    ...describeError(error),
  })
  return isDatabaseFailure(error)
    ? new AppError('unavailable', 'The database could not be reached. Try again shortly.')
    : new AppError('internal', 'Something went wrong here. It has been logged.')
}
