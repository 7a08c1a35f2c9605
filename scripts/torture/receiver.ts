/** Where alerts go: endpoints that answer, that fail now and then, and that hang. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export type Received = {
  endpoint: string
  id: string
  event: string
  payload: { type: string; data: Record<string, unknown> }
}

export type Behaviour = 'answers' | 'fails' | 'hangs'

export class Receiver {
  readonly received: Received[] = []
  readonly forged: string[] = []
  readonly #secrets = new Map<string, string>()
  readonly #behaviours = new Map<string, Behaviour>()
  readonly #server = createServer((request, response) => {
    const endpoint = request.url?.slice(1) ?? ''
    const behaviour = this.#behaviours.get(endpoint)
    if (behaviour === 'hangs') return // and the socket stays open
    let body = ''
    request.on('data', (text) => {
      body += text
    })
    request.on('end', () => {
      if (behaviour === 'fails' && this.chance() < 0.4) {
        response.writeHead(500).end()
        return
      }
      const {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signature,
      } = request.headers as Record<string, string>
      // Not `verify`, which compares the timestamp with the real clock: the service's clock jumps.
      const expected = new Webhook(this.#secrets.get(endpoint) ?? '').sign(
        id ?? '',
        new Date(Number(timestamp) * 1000),
        body,
      )
      if (signature !== expected) {
        this.forged.push(endpoint)
        response.writeHead(400).end()
        return
      }
      const payload = JSON.parse(body) as Received['payload']
      this.received.push({ endpoint, id: id ?? '', event: payload.type, payload })
      response.writeHead(204).end()
    })
  })
  private readonly chance: () => number

  constructor(chance: () => number) {
    this.chance = chance
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  expect(endpoint: string, secret: string, behaviour: Behaviour): void {
    this.#secrets.set(endpoint, secret)
    this.#behaviours.set(endpoint, behaviour)
  }

  /** Every endpoint answers from now on. */
  recover(): void {
    for (const endpoint of this.#behaviours.keys()) this.#behaviours.set(endpoint, 'answers')
    this.#server.closeAllConnections()
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
