/** What a call can throw: a problem that the service describes, or no usable answer at all. */
import type { components } from './api.gen.ts'

export type Problem = components['schemas']['Problem']
export type ProblemCode = Problem['code']

/** The service answered with an error, or with something that is no answer of a Statkeep service (`bad_response`). */
export class StatkeepError extends Error {
  declare readonly code: ProblemCode | 'bad_response'
  declare readonly status: number
  declare readonly detail: string
  declare readonly requestId: string
  declare readonly errors: { path: string; message: string }[]
  /** Seconds to wait, where the service says so. */
  declare readonly retryAfter: number | undefined
  /** With `insufficient_credits`. */
  declare readonly balance: number | undefined
  declare readonly required: number | undefined
  declare readonly resetsAt: string | undefined
  /** With `forbidden`, where another scope would help. */
  declare readonly requiredScope: string | undefined
  /** Of the answer. */
  declare readonly headers: Headers

  constructor(problem: Partial<Omit<Problem, 'code'>> & Pick<StatkeepError, 'code'>, status: number, headers: Headers) {
    super(`${problem.code}: ${problem.detail}`)
    Object.assign(this, { errors: [], requestId: headers.get('x-request-id') }, problem, {
      name: 'StatkeepError',
      retryAfter: secondsToWait(headers),
      status,
      headers,
    })
  }
}

/** No answer came: no connection, or none within the time that the call has. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  declare readonly code: 'network' | 'timeout'

  constructor(code: NetworkError['code'], cause?: unknown) {
    super(`No answer: ${code}`, { cause })
    Object.assign(this, { code })
  }
}

type WithCode<Code> = StatkeepError & { code: Code }

/** Narrows what was caught: `if (isProblem(error, 'insufficient_credits')) show(error.balance)`. */
export function isProblem<Code extends StatkeepError['code']>(
  error: unknown,
  code: Code,
): error is Code extends 'insufficient_credits'
  ? WithCode<Code> & { balance: number; required: number; resetsAt: string }
  : WithCode<Code> {
  return error instanceof StatkeepError && error.code === code
}

/** Of `Retry-After`. A date is not read: it would be compared with the device's clock, which may be wrong. */
export function secondsToWait(headers: Headers): number | undefined {
  const value = headers.get('retry-after')
  return /^\d+$/.test(value ?? '') ? Number(value) : undefined
}
