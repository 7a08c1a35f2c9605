/** The `fetch` under every call: credentials, idempotency key, retries, and an answer that is JSON or an error. */
import { NetworkError, StatkeepError, secondsToWait } from './errors.ts'
import { type Outside, within } from './outside.ts'

const MAX_BODY_BYTES = 5 * 2 ** 20
const MAX_TEXT_SHOWN = 200
const FIRST_DELAY_MS = 500
const MAX_DELAY_MS = 8000
const OWN_WRITE_MS = 10_000
const MAX_REPLAYED_REFRESHES = 2
const TRANSIENT = /^(408|429|50[0234])$/

export type Credentials = {
  token: (signal: AbortSignal) => Promise<string | undefined>
  /** @returns undefined where there is no other token to repeat the call with. A replayed one may have run out. */
  renew: (used: string, signal: AbortSignal) => Promise<'new' | 'replay' | undefined>
}

type Options = {
  outside: Outside
  base: string
  timeout: number
  retries: number
  credentials: Credentials
  apiKey: string | undefined
}

/** Calls that anybody may make. Without credentials a browser needs no preflight for the reads, and no log-in can spoil them. */
const PUBLIC =
  /^(GET \/api\/(stats|leaderboards|users)(?!.*\/(me|credits)\b)|POST \/api\/(users(\/lookup|\/update)?|password-reset|token.*)\/?$)/
const READS_OWN_WRITES = /^GET \/api\/(users|leaderboards|resource)/
const NO_WRITE = /^(GET|HEAD)|\/api\/(token|users\/lookup)/
const TAKES_KEY = /^(POST|PATCH)|^GET \/api\/v1\.0\//

export function createTransport({ outside, base, timeout, retries, credentials, apiKey }: Options) {
  let ownWriteUntil = 0
  let bookmark: string | null = null

  const send = async (request: Request, signal: AbortSignal): Promise<Response> => {
    const { method, url } = request
    const call = `${method} ${url.slice(base.length).split('?')[0]}`
    const headers = new Headers(request.headers)
    const isWrite = !NO_WRITE.test(call)
    const isAnonymous = headers.has('authorization') || (!apiKey && PUBLIC.test(call))
    const end = outside.now() + timeout
    // Read once: a Request's body is gone after the first attempt.
    const body = /GET|HEAD/.test(method) ? undefined : (await request.text()) || undefined
    if (TAKES_KEY.test(call) && !headers.has('idempotency-key')) headers.set('idempotency-key', outside.newKey())

    let isUnsure = false
    for (let failures = 0, refreshesLeft = 1 + MAX_REPLAYED_REFRESHES; ; ) {
      const token = isAnonymous ? undefined : (apiKey ?? (await credentials.token(signal)))
      if (token) headers.set('authorization', `Bearer ${token}`)
      if (READS_OWN_WRITES.test(call) && outside.now() < ownWriteUntil) headers.set('cache-control', 'no-cache')
      if (bookmark) headers.set('x-d1-bookmark', bookmark)

      let answer: Response | StatkeepError | NetworkError
      try {
        answer = await checked(await outside.fetch(url, { method, headers, body, signal }), method)
        bookmark = answer.headers.get('x-d1-bookmark') ?? bookmark
      } catch (error) {
        signal.throwIfAborted()
        answer = error instanceof StatkeepError ? error : new NetworkError('network', error)
      }
      if (isWrite) ownWriteUntil = outside.now() + OWN_WRITE_MS

      const status = 'status' in answer ? answer.status : 503
      // The attempt whose answer was lost had done it.
      if (isUnsure && method === 'DELETE' && (status === 401 || status === 404))
        return new Response(null, { status: 204 })
      if (status === 401 && token && !apiKey && refreshesLeft > 0) {
        const renewed = await credentials.renew(token, signal)
        refreshesLeft = renewed === 'replay' ? refreshesLeft - 1 : 0
        if (renewed) continue
      }
      const delay =
        'headers' in answer && answer.headers.has('retry-after')
          ? (secondsToWait(answer.headers) ?? timeout) * 1000
          : outside.random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures)
      if (!TRANSIENT.test(`${status}`) || failures++ >= retries || outside.now() + delay >= end) {
        if (answer instanceof Error) throw answer
        return answer
      }
      isUnsure ||= status >= 500
      await outside.sleep(delay, signal)
      signal.throwIfAborted()
    }
  }
  return (request: Request) => within(outside, timeout, request.signal, (signal) => send(request, signal))
}

/** Reads the whole body, because a call is not over before. @throws `bad_response` for what no Statkeep service sends. */
async function checked(response: Response, method: string): Promise<Response> {
  const { status, headers } = response
  if (method === 'HEAD' || status === 204 || status === 304) return response
  const text = await textOf(response)
  try {
    const body = /json/.test(headers.get('content-type') ?? '') && JSON.parse(text as string)
    if (response.ok ? typeof body === 'object' : body.code) return new Response(text, { status, headers })
  } catch {}
  const detail = text?.slice(0, MAX_TEXT_SHOWN) ?? 'too long'
  throw new StatkeepError({ code: 'bad_response', detail }, status, headers)
}

/** @returns undefined where it is longer than any answer of the service. */
async function textOf({ body }: Response): Promise<string | undefined> {
  let text = ''
  if (!body) return text
  const reader = body.getReader()
  const decoder = new TextDecoder()
  for (let size = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    size += value.length
    // The end of the call closes the connection.
    if (size > MAX_BODY_BYTES) return
    text += decoder.decode(value, { stream: true })
  }
}
