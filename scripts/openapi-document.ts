/** The service's OpenAPI document, outside a Worker. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'

// Node strips types, but does not compile the website's JSX.
registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('.tsx')) return nextLoad(url, context)
    const text = readFileSync(fileURLToPath(url), 'utf8')
    const { code } = transformSync(text, { loader: 'tsx', jsx: 'automatic', jsxImportSource: 'hono/jsx' })
    return { format: 'module', shortCircuit: true, source: code }
  },
})

const { createApp } = await import('../src/app.ts')
const { describeRoutes } = await import('../src/docs/openapi.ts')

export const openapiDocument = () => describeRoutes(createApp())
