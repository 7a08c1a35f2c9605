/** Errors as responses of the OpenAPI document. */
import { type ErrorCode, PROBLEMS } from '../errors.ts'
import { REQUEST_ID, textHeader } from './frame.ts'
import { explainProblem } from './problems.ts'

const RETRY_AFTER = { 'Retry-After': textHeader('Whole seconds after which another try makes sense.') }

const OWN_HEADERS: Record<number, object> = {
  401: { 'WWW-Authenticate': textHeader('Always `Bearer`.') },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
}

/** The response of codes that share a status, with an example of each. */
export function problemResponse(codes: ErrorCode[]) {
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
    headers: { ...OWN_HEADERS[PROBLEMS[codes[0] as ErrorCode].status], ...REQUEST_ID },
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { value: example(code) }])),
      },
    },
  }
}

function example(code: ErrorCode) {
  const { status, title, explanation } = explainProblem(code)
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: explanation,
    code,
    requestId: '0d5c2f3a-8b1e-4c6f-9a57-2f1f3f0f8c11',
    ...(code === 'invalid_request' ? { errors: [{ path: 'username', message: 'is reserved' }] } : {}),
  }
}
