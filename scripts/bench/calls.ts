/** What each call costs, and how that grows with the number of players. */
import autocannon from 'autocannon'
import { type Budget, costOf, ENDPOINTS, type Endpoint, type World } from '../../bench/endpoints.ts'
import { KEYED } from '../../bench/world.ts'
import { cpuMilliseconds } from '../processes.ts'
import { count, progress } from '../terminal.ts'
import type { RunningWorker } from '../worker.ts'
import { describeWorld, openWorld } from './open-world.ts'

export const CONNECTIONS = 8

/** New in each run, so that user names and Idempotency-Keys are not those of an earlier run. */
const RUN = Math.floor(Date.now() / 1000) * 1000

const ratio = (a: number, b: number) => (b === 0 ? '–' : `×${(a / b).toFixed(1)}`)

type Figures = { perSecond: number; p50: number; p99: number; cpu: number; cost: Budget }
export type Results = Map<string, Map<number, Figures>>

/** Every call at that many players. */
export async function measureAt(players: number, seconds: number, results: Results): Promise<void> {
  const worker = await openWorld(players)
  try {
    const world = await describeWorld(worker, players)
    for (const [index, endpoint] of ENDPOINTS.entries()) {
      progress(`${count(players)} players: ${index + 1} of ${ENDPOINTS.length}, ${endpoint.name}`)
      const figures = await measure(worker, world, endpoint, seconds)
      results.set(endpoint.name, (results.get(endpoint.name) ?? new Map()).set(players, figures))
    }
    progress('')
  } finally {
    await worker.stop()
  }
}

async function measure(worker: RunningWorker, world: World, endpoint: Endpoint, seconds: number): Promise<Figures> {
  let calls = RUN
  const next = (step = 1) => {
    calls += step
    const { method, path, headers, body } = endpoint.request(calls, world)
    return { method: method as 'GET', path, headers, ...(body === undefined ? {} : { body }) }
  }
  const cost = await measureCost(worker, () => next(KEYED), endpoint.hashes ? 3 : 9)
  const requests = [{ setupRequest: (request: object) => ({ ...request, ...next() }) }]
  if (!endpoint.hashes) await autocannon({ url: worker.url, connections: 2, amount: 2 * KEYED, requests })
  const before = cpuMilliseconds(worker.pid)
  const load = await autocannon({
    url: worker.url,
    ...(endpoint.hashes ? { connections: 1, amount: 5, timeout: 60 } : { connections: CONNECTIONS, duration: seconds }),
    requests,
  })
  const done = load['2xx']
  if (done === 0 || load.non2xx > 0)
    throw new Error(`${endpoint.name}: ${load.non2xx} of ${done + load.non2xx} calls failed`)
  return {
    perSecond: load.requests.average,
    p50: load.latency.p50,
    p99: load.latency.p99,
    cpu: (cpuMilliseconds(worker.pid) - before) / done,
    cost,
  }
}

/** The median of a few calls in sequence, with a warm isolate and KV. */
async function measureCost(
  { url }: RunningWorker,
  next: () => { path: string; method: string; headers: Record<string, string> },
  calls: number,
): Promise<Budget> {
  const costs: Budget[] = []
  for (let i = 0; i < calls; i++) {
    const { path, ...init } = next()
    const response = await fetch(url + path, init)
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`${init.method} ${path} answered ${response.status}`)
    costs.push(costOf(response.headers.get('Server-Timing')))
  }
  const names = Object.keys(costs[0] ?? {}) as (keyof Budget)[]
  const median = (name: keyof Budget) =>
    costs.map((cost) => cost[name]).sort((a, b) => a - b)[Math.floor(calls / 2)] ?? 0
  return Object.fromEntries(names.map((name) => [name, median(name)])) as Budget
}

/** One line for each call and size; at the largest size also how its cost compares with the smallest. */
export function describe(sizes: number[], results: Results): string {
  const smallest = Math.min(...sizes)
  const largest = Math.max(...sizes)
  const head = [
    '| call | players | calls/s | p50 ms | p99 ms | CPU ms | round trips | rows read | rows written | KV | growth: rows, CPU |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|',
  ]
  const lines = [...results].flatMap(([name, bySize]) =>
    [...bySize].map(([players, { perSecond, p50, p99, cpu, cost }]) => {
      const small = bySize.get(smallest)
      const growth =
        players === largest && small ? `${ratio(cost.rowsRead, small.cost.rowsRead)}, ${ratio(cpu, small.cpu)}` : ''
      const { roundTrips, rowsRead, rowsWritten, kvReads, kvWrites } = cost
      return `| ${name} | ${count(players)} | ${perSecond.toFixed(0)} | ${p50} | ${p99} | ${cpu.toFixed(2)} | ${roundTrips} | ${rowsRead} | ${rowsWritten} | ${kvReads + kvWrites} | ${growth} |`
    }),
  )
  return [...head, ...lines].join('\n')
}
