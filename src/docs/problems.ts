/** What an error code means, as data and as a page. */
import { html, raw } from 'hono/html'
import { type ErrorCode, PROBLEMS } from '../errors.ts'

export const explainProblem = (code: ErrorCode) => ({ code, ...PROBLEMS[code] })

/** For whoever follows an error's `type` in a browser. */
export function problemPage({ code, status, title, explanation }: ReturnType<typeof explainProblem>) {
  const marked = explanation.replace(/`([^`]*)`/g, '<code>$1</code>')
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body>
<h1>${title}</h1>
<p><code>${code}</code>, status ${status}</p>
<p>${raw(marked)}</p>
<p><a href="/docs">All calls of this service</a></p>
</body>
</html>`
}
