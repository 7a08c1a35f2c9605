/** Whatever went wrong, in plain words, with the way on. */
import { Page, Search } from '../parts/layout.tsx'
import type { Site } from '../site.ts'

export type Problem = {
  status: number
  code: string
  detail: string
  requestId: string
  retryAfter: string | undefined
}

const TITLES: Record<number, string> = {
  400: 'That request is not right',
  403: 'Not allowed',
  404: 'Nothing here',
  405: 'That is not how this page works',
  409: 'That has changed meanwhile',
  413: 'That is too large',
  429: 'A short break',
  503: 'The service is stopped',
}

/** Seconds after which a page of a stopped service looks again by itself. */
const LOOK_AGAIN_SECONDS = 15

export function ProblemPage({ site, problem }: { site: Site; problem: Problem }) {
  const { status, code, detail, requestId, retryAfter } = problem
  const title = code === 'unavailable' ? 'The database is out of reach' : (TITLES[status] ?? 'Something went wrong')
  return (
    <Page site={site} title={title} isPrivate refresh={status === 503 ? LOOK_AGAIN_SECONDS : undefined}>
      <section class="problem">
        <p class="code" aria-hidden="true">
          {status}
        </p>
        <h1>{title}</h1>
        <p>
          {status === 404 && code === 'not_found'
            ? 'No page and no player has this address. Names may be typed in any case.'
            : detail}
        </p>
        {status === 404 ? <Search /> : null}
        {status === 429 ? <p>Try again in {retryAfter ?? '60'} seconds.</p> : null}
        {status === 503 ? <p>This page looks again by itself every {LOOK_AGAIN_SECONDS} seconds.</p> : null}
        {status >= 500 && status !== 503 ? (
          <p class="soft small">
            It has been logged as <code>{requestId}</code>.
          </p>
        ) : null}
        <p>
          <a href="/">Back to the start</a>
        </p>
      </section>
    </Page>
  )
}
