/** A call for each status that the service has, and the code it comes with. */
import type { ErrorCode } from '../../src/errors.ts'
import { connectionLost, failing } from './failing.ts'
import { type Answer, type Call, insertKey, startService } from './service.ts'

export type Sample = { status: number; code: ErrorCode | undefined; call: (more?: Call) => Promise<Answer> }

/** Makes `kicksent` in the database of the test. The calls go through fresh services where one has to fail. */
export async function oneOfEachStatus(): Promise<Sample[]> {
  const { call, user, token } = startService()
  await user()
  const bearer = await token()
  const profile = await call('/api/users/kicksent')
  const broken = startService({ database: failing(() => new TypeError('x is no function'), 'FROM users'), log: silent })
  const lost = startService({ database: failing(connectionLost), log: silent })
  const limited = startService({ limits: { ...unlimited, signupAddress: async () => false } })
  const poor = startService({ vars: { MONTHLY_CREDITS: '0' } })
  const admin = await insertKey(['admin'])
  await call('/api/datasets/banks_data/EBILAEAD', { method: 'PUT', bearer: admin, body: { data: {} } })
  await call('/api/users', { body: {}, headers: { 'Idempotency-Key': KEY } })
  const stopped = startService()

  const sample =
    (service: { call: typeof call }, path: string, options: Call = {}): Sample['call'] =>
    (more = {}) =>
      service.call(path, { ...options, ...more, headers: { ...options.headers, ...more.headers } })
  return [
    { status: 200, code: undefined, call: sample({ call }, '/api/users/kicksent') },
    { status: 201, code: undefined, call: sample({ call }, '/api/users', { body: {} }) },
    { status: 204, code: undefined, call: sample({ call }, '/api/sessions', { method: 'DELETE', bearer }) },
    {
      status: 304,
      code: undefined,
      call: sample({ call }, '/api/users/kicksent', {
        headers: { 'If-None-Match': profile.headers.get('ETag') as string },
      }),
    },
    { status: 400, code: 'invalid_request', call: sample({ call }, '/api/users', { body: { name: 'x' } }) },
    { status: 401, code: 'unauthenticated', call: sample({ call }, '/api/users/me') },
    { status: 401, code: 'invalid_credentials', call: sample({ call }, '/api/token', { basic: 'kicksent:wrong' }) },
    {
      status: 402,
      code: 'insufficient_credits',
      call: sample(poor, '/api/v1.0/banks_data/EBILAEAD', { basic: 'kicksent:python' }),
    },
    { status: 403, code: 'forbidden', call: sample({ call }, '/api/users/kicksent', { method: 'DELETE', bearer }) },
    { status: 404, code: 'not_found', call: sample({ call }, '/api/nothing') },
    { status: 404, code: 'not_found', call: sample({ call }, '/api/users/nobody') },
    { status: 405, code: 'method_not_allowed', call: sample({ call }, '/api/users', { method: 'PUT' }) },
    { status: 409, code: 'username_taken', call: sample({ call }, '/api/users', { body: { username: 'KICKSENT' } }) },
    { status: 413, code: 'body_too_large', call: sample({ call }, '/api/users', { body: 'x'.repeat(65_537) }) },
    {
      status: 415,
      code: 'unsupported_media_type',
      call: sample({ call }, '/api/users', { body: '{}', headers: { 'Content-Type': 'text/plain' } }),
    },
    {
      status: 422,
      code: 'idempotency_key_reused',
      call: sample({ call }, '/api/users', { body: { email: 'a@b.c' }, headers: { 'Idempotency-Key': KEY } }),
    },
    { status: 429, code: 'rate_limited', call: sample(limited, '/api/users', { body: {} }) },
    { status: 500, code: 'internal', call: sample(broken, '/api/users/kicksent') },
    { status: 503, code: 'unavailable', call: sample(lost, '/api/users/kicksent') },
    {
      status: 503,
      code: 'stopped',
      call: async (more) => {
        await call('/stopServer', { method: 'POST', bearer: admin })
        const answer = await stopped.call('/api/users/kicksent', more)
        await call('/startServer', { method: 'POST', bearer: admin })
        return answer
      },
    },
  ]
}

const KEY = 'one-of-each-status-0123456789'
const silent = () => {}
const within = async () => true
const unlimited = { loginPair: within, loginName: within, loginAddress: within, signupAddress: within }
