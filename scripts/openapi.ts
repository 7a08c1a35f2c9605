/** Writes the OpenAPI document into a file, for a linter or a client generator: `npm run openapi -- FILE`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { openapiDocument } from './openapi-document.ts'

const file = process.argv[2] ?? 'dist/openapi.json'
mkdirSync(dirname(file), { recursive: true })
writeFileSync(file, `${JSON.stringify(openapiDocument(), null, 2)}\n`)
console.log(`The OpenAPI document is in ${file}`)
