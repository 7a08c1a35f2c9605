/** What the client needs from the machine it runs on. Tests hand in their own. */
import { NetworkError } from './errors.ts'

export type Outside = {
  fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Milliseconds on a clock that nobody sets. */
  now: () => number
  /** From 0 to 1. */
  random: () => number
  /** Ends early, without an error, when the signal fires. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** An idempotency key that nobody can guess. */
  newKey: () => string
}

export const machine: Outside = {
  fetch: (url, init) => fetch(url, init),
  now: () => performance.now(),
  random: Math.random,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(end, ms)
      signal?.addEventListener('abort', end)
    }),
  // randomUUID is missing on pages without https.
  newKey: () => crypto.getRandomValues(new Uint32Array(6)).join('-'),
}

/** Waits for `work` until the signal fires, and leaves it running for others who wait. */
export const orAbort = <T>(signal: AbortSignal | null | undefined, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal?.reason)
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop)
    work.then(resolve, reject).finally(() => signal?.removeEventListener('abort', stop))
  })

/** Gives `work` a signal that fires with the caller's, or when the time is over. */
export async function within<T>(
  { sleep }: Outside,
  ms: number,
  signal: AbortSignal | null | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const ends = new AbortController()
  sleep(ms, ends.signal).then(() => ends.abort(new NetworkError('timeout')))
  try {
    return await orAbort(signal, orAbort(ends.signal, work(ends.signal)))
  } finally {
    ends.abort(signal?.reason)
  }
}
