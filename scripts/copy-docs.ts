/** Copies Swagger UI for the page `/docs`, so that it comes from no other host. wrangler.toml runs this before each build, vitest.config.ts before the tests. */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath, URL } from 'node:url'

const FILES = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'favicon-32x32.png',
  'LICENSE',
  'NOTICE',
]

const from = fileURLToPath(new URL('../node_modules/swagger-ui-dist/', import.meta.url))
const to = fileURLToPath(new URL('../public/docs/vendor/', import.meta.url))

mkdirSync(to, { recursive: true })
for (const file of FILES) {
  // An unchanged file is not written: another process may be reading it.
  const same = existsSync(to + file) && readFileSync(to + file).equals(readFileSync(from + file))
  if (!same) copyFileSync(from + file, to + file)
}
