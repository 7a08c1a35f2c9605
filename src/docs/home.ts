/** The front page, for whoever opens the service's address in a browser. */
import { html } from 'hono/html'
import packageJson from '../../package.json' with { type: 'json' }

export const homePage = () => html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Statkeep</title><link rel="icon" href="/docs/vendor/favicon-32x32.png"></head>
<body>
<h1>Statkeep</h1>
<p>${packageJson.description}</p>
<p><a href="/docs">Read and try the API</a>, take it as <a href="/openapi.json">OpenAPI</a>, or see <a href="/health">whether the service is well</a>.</p>
</body>
</html>`
