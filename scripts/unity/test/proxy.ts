/** A proxy before the real service that loses answers, refuses, hangs and answers by itself, as a test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Fault =
  /** The service does it, and nobody hears of it. */
  | 'lose answer'
  /** The service does it, and its answer never comes. */
  | 'keep answer'
  /** Only half of the answer's body comes. */
  | 'cut answer'
  | 'refuse'
  | 'hang'
  | 'hang in the body'
  | { status: number; body: string; headers?: Record<string, string> }
  | undefined

export type Seen = {
  method: string
  path: string
  key: string
  cacheControl: string
  bookmark: string
  status: number
  replayed: boolean
  /** When the client closed the connection before its answer; 0 where it did not. */
  closedAt: number
  at: number
  body: string
}

export class FaultyProxy {
  readonly seen: Seen[] = []
  /** Every password, token and key that went through. */
  readonly secrets = new Set<string>()
  /** What happens to a request; by default it is passed on. It may take its time. */
  rule: (seen: Seen) => Fault | Promise<Fault> = () => undefined
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
      cacheControl: String(headers['cache-control'] ?? ''),
      bookmark: String(headers['x-d1-bookmark'] ?? ''),
      ...{ status: 0, replayed: false, closedAt: 0, at: performance.now() },
    }
    this.seen.push(seen)
    response.on('close', () => {
      if (!response.writableFinished) seen.closedAt = performance.now()
    })
    learnFromRequest(request, seen, this.secrets)
    const fault = await this.rule(seen)
    if (fault === 'refuse') return void response.destroy()
    if (fault === 'hang') return
    if (fault === 'hang in the body') return void response.writeHead(200, JSON_TYPE).write('{"st')
    if (typeof fault === 'object') {
      seen.status = fault.status
      return void response.writeHead(fault.status, { ...JSON_TYPE, ...fault.headers }).end(fault.body)
    }
    const answer = await fetch(this.#service() + url, {
      method,
      headers: without(Object.entries(headers) as [string, string][], ['host', ...HOP_BY_HOP]),
      ...(body.length > 0 ? { body } : {}),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    seen.status = answer.status
    seen.replayed = answer.headers.get('Idempotency-Replayed') === 'true'
    learnFromBody(bytes.toString(), this.secrets)
    if (fault === 'lose answer') return void response.destroy()
    if (fault === 'keep answer') return
    response.writeHead(answer.status, without([...answer.headers], HOP_BY_HOP))
    response.end(fault === 'cut answer' ? bytes.subarray(0, bytes.length / 2) : bytes)
  }
}

const JSON_TYPE = { 'Content-Type': 'application/json' }
const HOP_BY_HOP = ['connection', 'content-length', 'content-encoding', 'transfer-encoding']

const without = (headers: [string, string][], names: string[]) =>
  Object.fromEntries(headers.filter(([name]) => !names.includes(name)))

function learnFromRequest({ headers }: IncomingMessage, { path, key, body }: Seen, secrets: Set<string>): void {
  const [scheme, credentials = ''] = (headers.authorization ?? '').split(' ')
  if (credentials) secrets.add(credentials)
  if (scheme === 'Basic') secrets.add(Buffer.from(credentials, 'base64').toString().split(':').slice(1).join(':'))
  // Whoever knows the key of one of these can read its answer.
  if (key && (path === '/api/token/refresh' || path === '/api/users')) secrets.add(key)
  learnFromBody(body, secrets)
}

function learnFromBody(body: string, secrets: Set<string>): void {
  for (const [, value = ''] of body.matchAll(
    /"(?:token|refreshToken|key|password|newPassword|currentPassword)":"([^"]+)"/g,
  ))
    secrets.add(value)
}
