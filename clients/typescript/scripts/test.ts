/** `npm test`: builds the package and runs every test. */
import { execFileSync, spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const cwd = fileURLToPath(new URL('..', import.meta.url))
execFileSync(process.execPath, ['--no-warnings', 'scripts/build.ts'], { cwd, stdio: 'inherit' })
// One file at a time, because each that needs the service starts its own.
const args = ['--no-warnings', '--test', '--test-concurrency=1', ...globSync('test/*.node.ts', { cwd })]
process.exitCode = spawnSync(process.execPath, args, { cwd, stdio: 'inherit' }).status ?? 1
