/** What an error code means, as data and as a page. */
import { html } from 'hono/html'
import { type ErrorCode, PROBLEMS } from '../errors.ts'
import { MAX_BODY_KIB, MAX_LARGE_BODY_KIB } from '../http/received.ts'
import { IDEMPOTENCY_RECORD_DAYS } from '../idempotency/idempotent.ts'
import { ACCESS_TOKEN_SECONDS } from '../tokens/access-token.ts'

/** The texts of `/problems/<code>`, in Markdown: names are in backticks. */
const EXPLANATIONS: Record<ErrorCode, string> = {
  invalid_request:
    'A part of the request does not have the shape that this call asks for; `errors` names each field and the rule it breaks.',
  unauthenticated:
    'The call needs an `Authorization` header with a valid access token, API key, or Basic user name and password.',
  invalid_credentials: 'The user name and password do not belong together. An unknown user answers alike.',
  token_expired: `An access token lives ${ACCESS_TOKEN_SECONDS} seconds. Get a new one from /api/token or /api/token/refresh.`,
  insufficient_credits:
    'The account has fewer credits than the call costs; `balance`, `required` and `resetsAt` say how many and until when.',
  forbidden:
    'These credentials are valid and do not allow this call. Where an API key with another scope would, `requiredScope` names it.',
  not_found: 'There is nothing at this path.',
  method_not_allowed: 'The path exists and does not have this method; the `Allow` header lists those that it has.',
  username_taken: 'User names are unique whatever their case. Choose another.',
  email_taken: 'Another account has this email address.',
  conflict: 'What the call asks for was done already, or no longer can be; `detail` says which.',
  body_too_large: `Bodies are at most ${MAX_BODY_KIB} KiB, ${MAX_LARGE_BODY_KIB} KiB for /api/stats/batch and datasets.`,
  unsupported_media_type:
    'Send the header `Content-Type: application/json`, and the body without a `Content-Encoding`.',
  idempotency_key_reused: `This key was used for a request with another path, query or body in the last ${IDEMPOTENCY_RECORD_DAYS} days; the same fields in another order are another body. Make a new key for each new request.`,
  out_of_bounds:
    'A change would take a stat below its minimum or above its maximum (GET /api/stats lists them). Nothing was changed.',
  exceeds_hold:
    'A capture takes at most what the hold reserved. The hold is still open: capture that much or less, or release it.',
  rate_limited:
    'Too many log-ins or new accounts from this address or for this name. Wait as many seconds as `Retry-After` says.',
  internal: 'A fault of the service. It has been logged under `requestId`.',
  stopped: 'The operator has stopped the service. Try again later.',
  unavailable:
    'The service cannot reach its database, or more writes arrive than it can take. Nothing is charged twice: try again after `Retry-After` seconds with the same `Idempotency-Key`.',
}

export const explainProblem = (code: ErrorCode) => ({ code, ...PROBLEMS[code], explanation: EXPLANATIONS[code] })

/** For people who open an error's `type` in a browser. */
export function problemPage({ code, status, title, explanation }: ReturnType<typeof explainProblem>) {
  const marked = explanation.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><link rel="icon" href="/docs/vendor/favicon-32x32.png"></head>
<body>
<h1>${title}</h1>
<p><code>${code}</code>, status ${status}</p>
<p>${marked}</p>
<p><a href="/docs">All calls of this service</a></p>
</body>
</html>`
}
