/** Many clients at once, of one service or of several in turn. */
import autocannon from 'autocannon'
import { ENDPOINTS, type World } from '../../bench/endpoints.ts'
import { KEYED } from '../../bench/world.ts'
import { cpuMilliseconds } from '../processes.ts'
import { count, progress } from '../terminal.ts'

export const CLIENTS = [1, 8, 64, 256]

const CALLS = ['POST /api/credits/spend by token', 'GET /api/v1.0/{dataset}/{key}', 'PATCH /api/users/{u}/stats by key']

/** A service to measure; `pid` of the process whose CPU counts. */
export type Target = { name: string; url: string; pid: number }

export type Load = {
  call: string
  clients: number
  target: string
  perSecond: number
  p50: number
  p99: number
  cpu: number
}

/** New in each run, so that Idempotency-Keys are not those of an earlier one. */
let calls = Math.floor(Date.now() / 1000) * 1000

/** Each call with each number of clients: on the first target, then on the next. */
export async function measureClients(
  targets: Target[],
  world: World,
  { seconds, clients }: { seconds: number; clients: number[] },
): Promise<Load[]> {
  const loads: Load[] = []
  for (const call of CALLS) {
    for (const connections of clients) {
      for (const target of targets) {
        progress(`${call}, ${connections} clients, ${target.name}`)
        loads.push(await measure(target, call, connections, world, seconds))
      }
    }
  }
  progress('')
  return loads
}

async function measure(
  { name, url, pid }: Target,
  call: string,
  clients: number,
  world: World,
  seconds: number,
): Promise<Load> {
  const endpoint = ENDPOINTS.find((one) => one.name === call)
  if (!endpoint) throw new Error(`No such endpoint: ${call}`)
  const setupRequest = (request: object) => {
    const { method, path, headers, body } = endpoint.request(++calls, world)
    return { ...request, method: method as 'GET', path, headers, ...(body === undefined ? {} : { body }) }
  }
  const requests = [{ setupRequest }]
  await autocannon({ url, connections: Math.min(clients, 8), amount: 4 * KEYED, requests })
  const before = cpuMilliseconds(pid)
  const load = await autocannon({ url, connections: clients, duration: seconds, requests })
  const done = load['2xx']
  if (done === 0 || load.non2xx > 0)
    throw new Error(`${call} with ${clients} clients: ${load.non2xx} of ${done + load.non2xx} calls failed`)
  const { p50, p99 } = load.latency
  const cpu = (cpuMilliseconds(pid) - before) / done
  return { call, clients, target: name, perSecond: load.requests.average, p50, p99, cpu }
}

/** A line for each call and number of clients, with a few columns for each target, and how the first compares with the others. */
export function describeLoads(loads: Load[], targets: string[]): string {
  const [own, ...peers] = targets
  const columns = targets.flatMap((name) => [`${name}: calls/s`, 'p50 ms', 'p99 ms', 'CPU ms'])
  const head = ['call', 'clients', ...columns, ...peers.map((name) => `against ${name}: calls/s, CPU`)]
  const of = (load: Load, target: string | undefined) =>
    loads.find((one) => one.call === load.call && one.clients === load.clients && one.target === target) ?? load
  const lines = loads
    .filter(({ target }) => target === own)
    .map((load) => [
      load.call,
      count(load.clients),
      ...targets.flatMap((name) => {
        const { perSecond, p50, p99, cpu } = of(load, name)
        return [perSecond.toFixed(0), p50, p99, cpu.toFixed(2)]
      }),
      ...peers.map((name) => {
        const peer = of(load, name)
        return `×${(load.perSecond / peer.perSecond).toFixed(1)}, ×${(load.cpu / peer.cpu).toFixed(2)}`
      }),
    ])
  const align = head.map((_, i) => (i === 0 || i >= 2 + columns.length ? '---' : '--:'))
  return [head, align, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
