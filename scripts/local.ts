/** Servers on this machine: a free port, and whether somebody answers. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { SECOND } from '../src/lib/time.ts'

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** True as soon as `/health` says ok; false when it does not within `milliseconds`. */
export async function untilHealthy(url: string, milliseconds: number): Promise<boolean> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(SECOND / 2)) {
    const health = await fetch(`${url}/health`, { signal: AbortSignal.timeout(10 * SECOND) }).catch(() => undefined)
    if (health?.ok) return true
  }
  return false
}
