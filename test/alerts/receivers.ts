/** Receivers of alerts as a test wants them, and a service that sends to them. */
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import type { EventName } from '../../src/alerts/outbox.ts'
import { noteEvents } from '../../src/alerts/outbox.ts'
import { batchRows } from '../../src/db/client.ts'
import { makeDeps, newIsolateCache, type Outside } from '../../src/deps.ts'
import type { Env } from '../../src/env.ts'
import { insertKey, startService } from '../support/service.ts'

export type Received = { url: string; headers: Headers; body: string; json: any }
export type Answering = (request: Received, signal: AbortSignal) => Response | Promise<Response>

const noContent: Answering = () => new Response(null, { status: 204 })

/** A network in which `answer` is behind every address. It can be exchanged: `network.answer = …`. */
export function startNetwork(answer: Answering = noContent) {
  const network = {
    answer,
    received: [] as Received[],
    fetch: (async (input, init) => {
      const request = new Request(input, init)
      const body = await request.text()
      const received = { url: request.url, headers: request.headers, body, json: JSON.parse(body) }
      if (init?.redirect !== 'manual') throw new Error('follows redirects')
      network.received.push(received)
      return network.answer(received, init?.signal as AbortSignal)
    }) as typeof fetch,
    to: (url: string) => network.received.filter((request) => request.url === url),
  }
  return network
}

export const status =
  (code: number, headers: Record<string, string> = {}) =>
  () =>
    new Response(code === 204 ? null : 'x', { status: code, headers })

/** A service with an operator's key, its network, and what rooms do with the outbox. */
export async function startAlerts({
  vars = {},
  answer,
  ...outside
}: Outside & { vars?: Partial<Record<keyof Env, unknown>>; answer?: Answering } = {}) {
  const network = startNetwork(answer)
  const service = startService({ fetch: network.fetch, vars, ...outside })
  const bearer = await insertKey(['admin'])
  const deps = makeDeps({ ...env, ...vars } as Env, newIsolateCache(), {
    now: () => new Date(service.clock.now),
    log: (level, record) => service.logged.push({ level, ...record }),
    fetch: network.fetch,
    ...outside,
  })
  let notes = 0
  return {
    ...service,
    deps,
    network,
    bearer,
    /** A call with the operator's key. */
    admin: (path: string, options: Parameters<typeof service.call>[1] = {}) =>
      service.call(path, { bearer, ...options }),
    /** Adds an endpoint; gives the answer's body. */
    async endpoint(url: string, events: string[] = ['credits.low'], more: Record<string, unknown> = {}) {
      const { status, body } = await service.call('/api/webhooks', { bearer, body: { url, events, ...more } })
      if (status !== 201) throw new Error(JSON.stringify(body))
      return body as { id: string; secret: string; url: string }
    },
    /** Notes an event as a room does. Gives how many deliveries that made. */
    async note(
      event: EventName,
      { onceKey = `key ${++notes}`, data = {}, ...more }: { onceKey?: string; data?: object; priority?: 0 | 1 } = {},
    ): Promise<number> {
      const source = sql`SELECT NULL AS user_id, ${onceKey} AS once_key, ${JSON.stringify(data)} AS data`
      const note = noteEvents({ event, eventId: `evt_${++notes}`, source, now: service.clock.now, ...more })
      const [noted = []] = await batchRows(deps.db, [note])
      return noted.length
    },
    async deliveries(query = ''): Promise<any[]> {
      return (await service.call(`/api/webhooks/deliveries${query}`, { bearer })).body.deliveries
    },
  }
}
