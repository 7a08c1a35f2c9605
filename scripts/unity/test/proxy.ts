/** A proxy before the real service that loses answers, refuses, hangs and answers by itself, as a test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Fault =
  /** The service does it, and nobody hears of it. */
  | 'lose answer'
  | 'refuse'
  | 'hang'
  | 'hang in the body'
  | { status: number; body: string; headers?: Record<string, string> }
  | undefined

export type Seen = { method: string; path: string; key: string; status: number; replayed: boolean; closed: boolean; at: number; body: string }

export class Proxy {
  readonly seen: Seen[] = []
  /** What happens to a request; by default it is passed on. */
  rule: (seen: Seen) => Fault = () => undefined
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch(() => response.destroy())
  })
  readonly #service: () => string

  constructor(service: () => string) {
    this.#service = service
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  reset(): void {
    this.seen.length = 0
    this.rule = () => undefined
  }

  of(method: string, path: string): Seen[] {
    return this.seen.filter((seen) => seen.method === method && seen.path.startsWith(path))
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url = '', headers } = request
    const body = Buffer.concat(chunks)
    const seen: Seen = {
      ...{ method, path: url, key: String(headers['idempotency-key'] ?? ''), body: body.toString() },
      ...{ status: 0, replayed: false, closed: false, at: performance.now() },
    }
    this.seen.push(seen)
    response.on('close', () => {
      seen.closed = !response.writableFinished
    })
    const fault = this.rule(seen)
    if (fault === 'refuse') return void response.destroy()
    if (fault === 'hang') return
    if (fault === 'hang in the body') return void response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"st')
    if (typeof fault === 'object') {
      seen.status = fault.status
      return void response.writeHead(fault.status, { 'Content-Type': 'application/json', ...fault.headers }).end(fault.body)
    }
    const { host: _host, connection: _connection, 'content-length': _length, 'transfer-encoding': _encoding, ...passed } = headers
    const answer = await fetch(this.#service() + url, {
      method,
      headers: passed as Record<string, string>,
      ...(body.length > 0 ? { body } : {}),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    seen.status = answer.status
    seen.replayed = answer.headers.get('Idempotency-Replayed') === 'true'
    if (fault === 'lose answer') return void response.destroy()
    const kept = [...answer.headers].filter(([name]) => !['content-length', 'content-encoding', 'transfer-encoding', 'connection'].includes(name))
    response.writeHead(answer.status, Object.fromEntries(kept)).end(bytes)
  }
}
