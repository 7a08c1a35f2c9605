/** A proxy before the service that loses answers, invents them, and writes down what passed. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export type Fault = {
  /** Of "METHOD /path". */
  match: string
  times: number
  /** `lose` lets the service work and drops its answer; `refuse` drops the request; `hang` never answers; `halve` sends half of a body and waits. */
  kind: 'lose' | 'refuse' | 'hang' | 'halve' | 'answer'
  status?: number
  headers?: Record<string, string>
  body?: string
  /** Sends a body of so many bytes. */
  size?: number
}
export type Passed = {
  call: string
  key: string
  at: number
  cacheControl: string
  bookmark: string
  authorized: boolean
  closed: boolean
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Retry-After, X-D1-Bookmark, X-Request-Id',
}

export async function startProxy(service: string) {
  let faults: Fault[] = []
  let log: Passed[] = []

  const control = async (path: string, body: string) => {
    if (path === '/proxy/faults') faults = JSON.parse(body)
    if (path === '/proxy/clear') log = []
    if (path === '/proxy/clock') await fetch(`${service}/torture`, { method: 'POST', body })
    return log
  }

  const forward = async (request: IncomingMessage, body: Buffer): Promise<Response> => {
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers)) {
      if (!/^(host|connection|content-length|transfer-encoding|expect)$/.test(name)) headers.set(name, `${value}`)
    }
    const hasBody = !/GET|HEAD/.test(request.method ?? '')
    return fetch(service + request.url, {
      method: `${request.method}`,
      headers,
      ...(hasBody && body.length > 0 && { body }),
    })
  }

  const pass = async (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const call = `${request.method} ${request.url}`
    const of = (name: string) => `${request.headers[name] ?? ''}`
    const passed = {
      call,
      key: of('idempotency-key'),
      at: performance.now(),
      cacheControl: of('cache-control'),
      bookmark: of('x-d1-bookmark'),
      authorized: 'authorization' in request.headers,
      closed: false,
    }
    const isPreflight = request.method === 'OPTIONS'
    if (!isPreflight) log.push(passed)
    response.on('close', () => {
      passed.closed = !response.writableFinished
    })
    const fault = isPreflight ? undefined : faults.find(({ match, times }) => times > 0 && new RegExp(match).test(call))
    if (fault) fault.times--
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'refuse') return request.socket.destroy()
    if (fault?.kind === 'answer') {
      response.writeHead(fault.status ?? 200, { ...CORS, 'content-type': 'application/json', ...fault.headers })
      return response.end(fault.size ? `{"x":"${'x'.repeat(fault.size)}"}` : fault.body)
    }
    const answer = await forward(request, body)
    if (fault?.kind === 'lose') {
      await answer.arrayBuffer()
      return request.socket.destroy()
    }
    const bytes = Buffer.from(await answer.arrayBuffer())
    const headers = Object.fromEntries(answer.headers)
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'connection']) delete headers[name]
    if (fault?.kind === 'halve') {
      response.writeHead(answer.status, { ...headers, 'content-length': bytes.length })
      return response.write(bytes.subarray(0, bytes.length >> 1))
    }
    response.writeHead(answer.status, headers)
    response.end(bytes)
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    // Chromium repeats a request by itself where a used connection breaks.
    response.setHeader('connection', 'close')
    const path = request.url ?? ''
    if (path.startsWith('/proxy/')) {
      response.writeHead(200, CORS)
      response.end(JSON.stringify(await control(path, body.toString())))
      return
    }
    await pass(request, response, body).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
