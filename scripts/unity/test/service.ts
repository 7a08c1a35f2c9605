/** The real service as the tests see it: started, killed, its clock moved. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../local.ts'

export class Service {
  readonly state = mkdtempSync(join(tmpdir(), 'statkeep-unity-'))
  readonly #vars: Record<string, string>
  #port = 0
  #child: ChildProcess | undefined
  #clockOffset = 0

  /** @param vars replace variables of wrangler.toml; `BOARD` is how many players the board has from the start. */
  constructor(vars: Record<string, string> = {}) {
    this.#vars = vars
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async start(): Promise<void> {
    this.#port ||= await freePort()
    // Leader of a group of its own, so that workerd dies with it.
    const child = spawn(
      process.execPath,
      ['--no-warnings', 'scripts/unity/test/server.ts', this.state, String(this.#port)],
      {
        detached: true,
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, ...this.#vars },
      },
    )
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once('data', () => resolve())
      child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)))
    })
    child.removeAllListeners('exit')
    await this.moveClock(0)
  }

  /** As if the machine lost its power. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child?.pid || child.exitCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    process.kill(-child.pid, 'SIGKILL')
    await ended
  }

  /** Lets so many seconds pass for the service. */
  async moveClock(seconds: number): Promise<void> {
    this.#clockOffset += seconds * 1000
    await fetch(`${this.url}/torture`, { method: 'POST', body: JSON.stringify({ clockOffset: this.#clockOffset }) })
  }

  /** A call without the client. */
  async call(method: string, path: string, { token, body }: { token?: string; body?: unknown } = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(token ? { Authorization: token } : {}), ...(body ? { 'Content-Type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    return text ? JSON.parse(text) : {}
  }

  async value(user: string, stat: string): Promise<number> {
    return (await this.call('GET', `/api/users/${user}/stats?`)).stats[stat]
  }
}
