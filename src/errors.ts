/** Every error that a caller can tell apart, and its status. */

/** code -> status and title. `docs/problems.ts` explains each. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: 'The request is malformed' },
  unauthenticated: { status: 401, title: 'No valid credentials' },
  invalid_credentials: { status: 401, title: 'Wrong user name or password' },
  token_expired: { status: 401, title: 'The token has expired' },
  insufficient_credits: { status: 402, title: 'Not enough credits' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  username_taken: { status: 409, title: 'The user name is taken' },
  email_taken: { status: 409, title: 'The email is taken' },
  conflict: { status: 409, title: 'Not possible in the present state' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is not declared as JSON' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key belongs to another request' },
  out_of_bounds: { status: 422, title: 'A stat would leave its bounds' },
  exceeds_hold: { status: 422, title: 'More than the hold has' },
  rate_limited: { status: 429, title: 'Too many attempts' },
  internal: { status: 500, title: 'Internal error' },
  stopped: { status: 503, title: 'The service is stopped' },
  unavailable: { status: 503, title: 'The database cannot be reached' },
} as const

export type ErrorCode = keyof typeof PROBLEMS

/** A field and the rule that it breaks. `path` is dotted: `changes.0.stat`. */
export type FieldError = { path: string; message: string }

/** What a code needs beside `detail`. `headers` become response headers, the rest members of the problem. */
export type ErrorDetails = Record<string, unknown> & { errors?: FieldError[]; headers?: Record<string, string> }

/** The one error class: thrown anywhere, turned into an answer in `http/error-response.ts` and nowhere else. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  /** `message` becomes the problem's `detail`: it is shown to the caller, so it never holds a secret. */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message)
    this.code = code
    this.details = details
  }
}

/** A malformed request: one field and the rule it breaks. */
export function invalidField(path: string, message: string): AppError {
  return new AppError('invalid_request', `${path}: ${message}`, { errors: [{ path, message }] })
}
