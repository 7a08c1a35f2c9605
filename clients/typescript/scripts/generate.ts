/**
 * `npm run generate`: the types of the API from the service's OpenAPI document. With `--check` it changes nothing and
 * fails with the name of each field that differs.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import openapiTypescript, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { changedFields } from './changed-fields.ts'

const ROOT = new URL('../../../', import.meta.url)
const FILE = new URL('../src/api.gen.ts', import.meta.url)
const HEAD = '/** Generated from the OpenAPI document by `npm run generate`. Do not edit. */\n'

const home = mkdtempSync(join(tmpdir(), 'statkeep-openapi-'))
try {
  const document = process.env.OPENAPI ?? join(home, 'openapi.json')
  if (!process.env.OPENAPI) execFileSync(process.execPath, ['scripts/openapi.ts', document], { cwd: ROOT })
  const made = HEAD + astToString(await openapiTypescript(pathToFileURL(document), { alphabetize: true, transform }))
  if (process.argv.includes('--check')) {
    const changed = changedFields(readFileSync(FILE, 'utf8'), made)
    for (const line of changed) console.error(line)
    if (changed.length > 0) {
      console.error('The client does not know this API. Run `npm run generate` in clients/typescript.')
      process.exitCode = 1
    }
  } else {
    writeFileSync(FILE, made)
  }
} finally {
  rmSync(home, { recursive: true })
}

/** Free JSON: TypeScript refuses the recursive type that would be made of it. */
function transform(_schema: unknown, { path }: { path?: string }) {
  return path?.endsWith('/schemas/Json') ? ts.factory.createKeywordTypeNode(ts.SyntaxKind.UnknownKeyword) : undefined
}
