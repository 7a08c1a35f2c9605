/** One attempt to deliver a message, and its result. */
import type { Deps } from '../deps.ts'
import { SECOND } from '../lib/time.ts'
import type { Message } from './message.ts'
import { readRetryAfter } from './retry.ts'
import { refusalOf } from './target.ts'

export const ANSWER_TIMEOUT = 10 * SECOND

export type Attempt =
  | { result: 'delivered'; status: number }
  | {
      /** `gone`: the endpoint wants no more alerts, ever. `refused`: alerts may not go there, so it was not called. */
      result: 'failed' | 'gone' | 'refused'
      /** undefined where there was no answer. */
      status: number | undefined
      /** Text of ours. Never the URL, which may contain a secret, or what the receiver or the runtime said. */
      error: string
      /** The receiver asked not to be called before. */
      notBefore?: number | undefined
    }

/** Posts `message` to `url`, if alerts may go there. Only 2xx is success. The body of the answer is not read. */
export async function attempt(
  { fetch, config, now }: Pick<Deps, 'fetch' | 'config' | 'now'>,
  url: string,
  message: Message,
  timeoutMs = ANSWER_TIMEOUT,
): Promise<Attempt> {
  const refusal = refusalOf(url, { allowLocal: config.allowLocalWebhooks })
  if (refusal) return { result: 'refused', status: undefined, error: `not sent: the URL ${refusal}` }
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, { method: 'POST', ...message, redirect: 'manual', signal })
    response.body?.cancel().catch(() => {})
    return readAnswer(response, now().getTime())
  } catch {
    const error = signal.aborted ? `no answer within ${timeoutMs / SECOND} seconds` : 'could not be reached'
    return { result: 'failed', status: undefined, error }
  }
}

function readAnswer({ ok, status, headers }: Response, now: number): Attempt {
  if (ok) return { result: 'delivered', status }
  if (status === 410) return { result: 'gone', status, error: 'answered 410 Gone' }
  if (status >= 300 && status < 400) {
    return { result: 'failed', status, error: `answered ${status}: redirects are not followed` }
  }
  const mayAskToWait = status === 429 || status === 503
  return {
    result: 'failed',
    status,
    error: `answered ${status}`,
    notBefore: mayAskToWait ? readRetryAfter(headers.get('Retry-After'), now) : undefined,
  }
}
