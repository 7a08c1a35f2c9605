/** The faulty service as the torture sees it: started, killed, started again on the same files. */
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Faults } from './faulty-worker.ts'

export const BUILT = 'dist/torture/faulty-worker.js'
export const ALLOWANCE = 60
export const VARS = { ALLOW_LOCAL_WEBHOOKS: 'true', MONTHLY_CREDITS: String(ALLOWANCE) }

const ADDRESS = { host: '127.0.0.1', port: 18_787 }

export class FaultyService {
  readonly url = `http://${ADDRESS.host}:${ADDRESS.port}`
  kills = 0
  readonly #state: string
  #child: ChildProcess | undefined
  #faults: Partial<Faults> = {}
  readonly #injected: Record<string, number> = {}

  constructor(state: string) {
    this.#state = state
  }

  async start(): Promise<void> {
    // Leader of its own process group, so that workerd is killed with it.
    const child = spawn(
      process.execPath,
      ['--no-warnings', 'scripts/torture/server.ts', this.#state, String(ADDRESS.port), JSON.stringify(this.#faults)],
      {
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve())
      child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)))
    })
    await this.setFaults({})
  }

  /** As if the machine lost its power. */
  async kill(): Promise<void> {
    const child = this.#child
    if (!child?.pid) return
    await this.#noteInjected().catch(() => undefined)
    child.removeAllListeners('exit')
    const ended = new Promise((resolve) => child.once('exit', resolve))
    process.kill(-child.pid, 'SIGKILL')
    await ended
    this.#child = undefined
    this.kills += 1
  }

  async setFaults(faults: Partial<Faults>): Promise<void> {
    this.#faults = { ...this.#faults, ...faults }
    for (let tries = 0; ; tries++) {
      try {
        const response = await fetch(`${this.url}/torture`, { method: 'POST', body: JSON.stringify(this.#faults) })
        if (response.ok) return
      } catch (error) {
        if (tries === 50) throw error
      }
      await sleep(100)
    }
  }

  /** Fires a cron. The faults may make it fail. */
  async cron(line: string): Promise<void> {
    const response = await fetch(`${this.url}/torture?cron=${encodeURIComponent(line)}`).catch(() => undefined)
    await response?.arrayBuffer().catch(() => undefined)
  }

  async hasPendingAlerts(key: string): Promise<boolean> {
    const response = await fetch(`${this.url}/api/webhooks/deliveries?status=pending&limit=1`, {
      headers: { Authorization: `Bearer ${key}` },
    })
    const { deliveries } = (await response.json()) as { deliveries: unknown[] }
    return deliveries.length > 0
  }

  /** Faults since the first start. */
  async injected(): Promise<Record<string, number>> {
    await this.#noteInjected()
    return this.#injected
  }

  async #noteInjected(): Promise<void> {
    const response = await fetch(`${this.url}/torture`, { signal: AbortSignal.timeout(1000) })
    for (const [fault, count] of Object.entries((await response.json()) as Record<string, number>)) {
      this.#injected[fault] = (this.#injected[fault] ?? 0) + count
    }
  }
}
