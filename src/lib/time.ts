/** Times as numbers and as text. */

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Milliseconds since 1970 as an ISO 8601 UTC string; an absent time as an empty string. */
export function isoTime(milliseconds: number | null | undefined): string {
  return milliseconds === null || milliseconds === undefined ? '' : new Date(milliseconds).toISOString()
}

/** Resolves after so many milliseconds, or as soon as `until` is aborted. */
export function wait(milliseconds: number, until?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (until?.aborted) return resolve()
    const timer = setTimeout(resolve, milliseconds)
    until?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
