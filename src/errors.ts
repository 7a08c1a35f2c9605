/** Everything that can go wrong in a way a caller should know, and the status each has. */

/** code -> status, title, and what `/problems/<code>` says. The table of `docs/` and OpenAPI is made from it. */
export const PROBLEMS = {
  invalid_request: {
    status: 400,
    title: 'The request is malformed',
    explanation:
      'A part of the request does not have the shape that this call asks for; `errors` names each field and the rule it breaks.',
  },
  unauthenticated: {
    status: 401,
    title: 'No valid credentials',
    explanation:
      'The call needs an `Authorization` header with a valid access token, API key, or Basic user name and password.',
  },
  invalid_credentials: {
    status: 401,
    title: 'Wrong user name or password',
    explanation: 'The user name and password do not belong together. An unknown user answers alike.',
  },
  token_expired: {
    status: 401,
    title: 'The token has expired',
    explanation: 'An access token lives 600 seconds. Get a new one from /api/token or /api/token/refresh.',
  },
  insufficient_credits: {
    status: 402,
    title: 'Not enough credits',
    explanation:
      'The account has fewer credits than the call costs; `balance`, `required` and `resetsAt` say how many and until when.',
  },
  forbidden: {
    status: 403,
    title: 'Not allowed',
    explanation:
      'These credentials are valid and do not allow this call. Where an API key with another scope would, `requiredScope` names it.',
  },
  not_found: { status: 404, title: 'Not found', explanation: 'There is nothing at this path.' },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    explanation: 'The path exists and does not have this method; the `Allow` header lists those that it has.',
  },
  username_taken: {
    status: 409,
    title: 'The user name is taken',
    explanation: 'User names are unique whatever their case. Choose another.',
  },
  email_taken: { status: 409, title: 'The email is taken', explanation: 'Another account has this email address.' },
  conflict: {
    status: 409,
    title: 'Not possible in the present state',
    explanation: 'What the call asks for was done already, or no longer can be; `detail` says which.',
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    explanation: 'Bodies are at most 64 KiB, 256 KiB for /api/stats/batch and datasets.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The body is not declared as JSON',
    explanation: 'Send the header `Content-Type: application/json`.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key belongs to another request',
    explanation:
      'This key was used for a request with another path, query or body in the last 7 days. Make a new key for each new request.',
  },
  out_of_bounds: {
    status: 422,
    title: 'A stat would leave its bounds',
    explanation:
      'A change would take a stat below its minimum or above its maximum (GET /api/stats lists them). Nothing was changed.',
  },
  exceeds_hold: {
    status: 422,
    title: 'More than the hold has',
    explanation: 'A capture takes at most what the hold reserved. The hold is still open: capture that much or less, or release it.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many attempts',
    explanation:
      'Too many log-ins or new accounts from this address or for this name. Wait as many seconds as `Retry-After` says.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    explanation: 'A fault of the service. It has been logged under `requestId`.',
  },
  stopped: {
    status: 503,
    title: 'The service is stopped',
    explanation: 'The operator has stopped the service. Try again later.',
  },
  unavailable: {
    status: 503,
    title: 'The database cannot be reached',
    explanation:
      'The service cannot reach its database. Nothing is charged twice: try again with the same `Idempotency-Key`.',
  },
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
