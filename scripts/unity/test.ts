/**
 * `npm run test:unity`: compiles the Unity package and runs its checks against the real service behind a faulty proxy.
 * `npm run test:unity -- queue session` runs only these files of scripts/unity/test.
 */
import { spawnSync } from 'node:child_process'
import { buildWorker } from '../worker.ts'
import { build } from './build.ts'
import { compileAhead } from './runtimes.ts'
import { toolchain } from './toolchain.ts'

const only = process.argv.slice(2)
const files = (only.length > 0 ? only : ['*']).map((name) => `scripts/unity/test/${name}.node.ts`)

build(toolchain())
compileAhead()
await buildWorker('scripts/torture/faulty-worker.ts', 'dist/torture/faulty-worker.js', { minify: false })
const { status } = spawnSync(
  process.execPath,
  ['--test', '--test-reporter=spec', '--test-concurrency=2', '--test-timeout=180000', ...files],
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1
