/**
 * Keeps a part of a page fresh: asks for the same page again and takes its part. While the network is gone the last
 * state stays on show. `data-live` says how many seconds lie between two looks.
 */
import { levelsIn, showLevelUps } from './level-ups.ts'
import { localiseTimes } from './times.ts'

const AFTER_FAILURE = 30
const JITTER = 0.2

export function keepLive(part: HTMLElement): void {
  const every = Number(part.dataset.live)
  let current = part
  let etag = ''
  let timer: ReturnType<typeof setTimeout>

  const plan = (seconds: number) => {
    clearTimeout(timer)
    timer = setTimeout(look, seconds * 1000 * (1 + JITTER * (Math.random() - 0.5)))
  }

  async function look() {
    if (document.hidden) return
    try {
      const response = await fetch(location.href, {
        headers: { Accept: 'text/html', ...(etag ? { 'If-None-Match': etag } : {}) },
        cache: 'no-store',
      })
      if (response.status === 200) {
        etag = response.headers.get('ETag') ?? ''
        take(await response.text())
      } else if (response.status !== 304) return plan(AFTER_FAILURE)
      plan(every)
    } catch {
      plan(AFTER_FAILURE)
    }
  }

  function take(html: string) {
    const fresh = new DOMParser().parseFromString(html, 'text/html').getElementById(current.id)
    if (!fresh) return
    localiseTimes(fresh)
    if (fresh.innerHTML === current.innerHTML || current.contains(document.activeElement)) return
    const before = levelsIn(current)
    current.replaceWith(fresh)
    current = fresh
    showLevelUps(current, before)
  }

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) plan(0.2)
  })
  plan(every)
}
