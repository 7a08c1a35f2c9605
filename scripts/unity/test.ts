/**
 * `npm run test:unity`: compiles the Unity package and runs its checks against the real service behind a faulty proxy.
 * `npm run test:unity -- queue session` runs only these files of scripts/unity/test.
 */
import { globSync } from 'node:fs'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { buildWorker } from '../worker.ts'
import { build } from './build.ts'
import { compileAhead } from './runtimes.ts'
import { toolchain } from './toolchain.ts'

/** As many as CI has processors. The tests wait more than they compute. */
const FILES_AT_A_TIME = 2
const TEST_TIMEOUT_MS = 180_000

const only = process.argv.slice(2)
const files = (only.length > 0 ? only : ['*']).flatMap((name) => globSync(`scripts/unity/test/${name}.node.ts`)).sort()
if (files.length === 0) throw new Error(`There is no such file in scripts/unity/test: ${only.join(', ')}`)

const start = performance.now()
const say = (text: string) => console.log(`unity: ${text} (${Math.round((performance.now() - start) / 1000)} s)`)

const tools = toolchain()
say('the toolchain is there')
build(tools)
say('the package is compiled')
compileAhead()
say('the probe is compiled ahead of time')
await buildWorker('scripts/torture/faulty-worker.ts', 'dist/torture/faulty-worker.js', { minify: false })
say('the service is built')

// Until the summary says otherwise.
process.exitCode = 1
const tests = run({ files, concurrency: FILES_AT_A_TIME, timeout: TEST_TIMEOUT_MS })
tests.on('test:summary', ({ file, counts, success }) => {
  // Each file has a summary too; the last one is of all.
  if (file !== undefined) return
  process.exitCode = success ? 0 : 1
  process.on('exit', () =>
    console.log(`${counts.passed} passed, ${counts.tests - counts.passed - counts.skipped} failed`),
  )
})
tests.compose(spec).pipe(process.stdout)
