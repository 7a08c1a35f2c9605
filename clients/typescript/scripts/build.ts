/** `npm run build`: the modules with their types, and one minified file for a page without a bundler. */
import { execFileSync } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { minify } from 'terser'

const HOME = fileURLToPath(new URL('..', import.meta.url))

rmSync(`${HOME}dist`, { recursive: true, force: true })
execFileSync(process.execPath, [`${HOME}node_modules/typescript/bin/tsc`, '-p', HOME], { stdio: 'inherit' })

const { outputFiles } = await build({
  entryPoints: [`${HOME}src/index.ts`],
  bundle: true,
  format: 'esm',
  target: 'es2022',
  // openapi-fetch asks it for an undici option that this client does not set.
  define: { process: 'undefined' },
  write: false,
})
const { code = '' } = await minify(outputFiles[0]?.text ?? '', {
  module: true,
  ecma: 2020,
  compress: {
    passes: 4,
    keep_fargs: false,
    hoist_props: true,
    booleans_as_integers: false,
    pure_getters: true,
    unsafe: true,
    unsafe_arrows: true,
    unsafe_methods: true,
  },
})
writeFileSync(`${HOME}dist/statkeep.min.js`, code)
cpSync(`${HOME}node_modules/openapi-fetch/LICENSE`, `${HOME}dist/statkeep.min.js.LEGAL.txt`)
