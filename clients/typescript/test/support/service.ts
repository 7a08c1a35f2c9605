/** The real service with a clock that jumps, behind the proxy. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWorker, migrate, startWorker } from '../../../../scripts/worker.ts'
import { startProxy } from './proxy.ts'

export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const BUILT = 'dist/client-test/faulty-worker.js'
// The cheapest hash that the service takes: passwords are not what is tested here.
const VARS = { PLAYERS_WRITE_STATS: 'true', SCRYPT_LN: '4', SCRYPT_P: '1' }

export async function startService() {
  process.chdir(ROOT)
  await buildWorker('scripts/torture/faulty-worker.ts', BUILT, { minify: false })
  const state = mkdtempSync(join(tmpdir(), 'statkeep-client-'))
  const worker = await startWorker(state, VARS, { built: BUILT, quiet: true })
  await migrate(worker.env.DB)
  const proxy = await startProxy(worker.url)
  return {
    url: proxy.url,
    stop: async () => {
      await proxy.stop()
      await worker.stop()
      rmSync(state, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
