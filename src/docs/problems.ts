/** What an error code means, as data and as a page. */
import { html } from 'hono/html'
import { type ErrorCode, PROBLEMS } from '../errors.ts'

export const explainProblem = (code: ErrorCode) => ({ code, ...PROBLEMS[code] })

/** For whoever follows an error's `type` in a browser. */
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
