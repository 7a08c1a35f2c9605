/** `npm run test:unity`: compiles the Unity package and runs its checks against the real service behind a faulty proxy. */
import { spawnSync } from 'node:child_process'
import { buildWorker } from '../worker.ts'
import { build } from './build.ts'
import { toolchain } from './toolchain.ts'

build(toolchain())
await buildWorker('scripts/torture/faulty-worker.ts', 'dist/torture/faulty-worker.js', { minify: false })
const { status } = spawnSync(
  process.execPath,
  ['--test', '--test-reporter=spec', '--test-concurrency=1', '--test-timeout=60000', ...process.argv.slice(2), 'scripts/unity/test/*.node.ts'],
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1
