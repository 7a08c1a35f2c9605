/** How the Worker with slow commits is built and started. */
import type { StartOptions } from '../worker.ts'

export const SLOW = { entry: 'scripts/bench/slow-worker.ts', built: 'dist/slow-worker/slow-worker.js' }

export const slowOptions: StartOptions = { built: SLOW.built, objects: { COMMITTER: 'Committer', DISK: 'Disk' } }
