/** Puts Swagger UI beside the page of `/docs`, so that it comes from this service and no other host. wrangler.toml runs it before each build, vitest.config.ts before the tests. */
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
  // A file that is the same stays as it is, for whoever is just reading it.
  const same = existsSync(to + file) && readFileSync(to + file).equals(readFileSync(from + file))
  if (!same) copyFileSync(from + file, to + file)
}
