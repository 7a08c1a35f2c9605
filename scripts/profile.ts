/** `npm run profile`: where the CPU of one call goes, by V8's own profiler in workerd under load. */

import { writeFileSync } from 'node:fs'
import autocannon from 'autocannon'
import { ENDPOINTS } from '../bench/endpoints.ts'
import { KEYED } from '../bench/world.ts'
import { describeWorld, openWorld } from './bench/open-world.ts'
import { freePort } from './local.ts'
import { readOptions, run, tell, Unmet } from './terminal.ts'
import { buildWorker } from './worker.ts'

const USAGE = `npm run profile [-- [--call "GET /api/users/{u}"] [--seconds 5] [--clients 4]]

  --call      one of the names in bench/endpoints.ts
  --seconds   of load
  --clients   that call at the same time`

const PLAYERS = 1000
const BUILT = 'dist/profile/index.js'
const PROFILE = 'dist/profile/call.cpuprofile'
const SHOWN = 25

type Profile = { nodes: Node[]; startTime: number; endTime: number }

type Node = {
  id: number
  callFrame: { functionName: string; url: string; lineNumber: number }
  hitCount: number
  children?: number[]
}

await run(async () => {
  const options = readOptions(
    {
      call: { type: 'string', default: 'GET /api/v1.0/{dataset}/{key}' },
      seconds: { type: 'string', default: '5' },
      clients: { type: 'string', default: '4' },
    },
    USAGE,
  )
  const endpoint = ENDPOINTS.find(({ name }) => name === options.call)
  if (!endpoint) throw new Unmet(`No such call. There are:\n${ENDPOINTS.map(({ name }) => `  ${name}`).join('\n')}`)
  await buildWorker('src/index.ts', BUILT, { minify: false })
  const inspectorPort = await freePort()
  const worker = await openWorld(PLAYERS, { built: BUILT, inspectorPort })
  try {
    const world = await describeWorld(worker, PLAYERS)
    let calls = Math.floor(Date.now() / 1000) * KEYED
    const requests = [
      {
        setupRequest: (request: object) => {
          calls += 1
          const { method, path, headers, body } = endpoint.request(calls, world)
          return { ...request, method: method as 'GET', path, headers, ...(body === undefined ? {} : { body }) }
        },
      },
    ]
    await autocannon({ url: worker.url, connections: 2, amount: 4 * KEYED, requests })
    const profiler = await openProfiler(inspectorPort)
    const load = await autocannon({
      url: worker.url,
      connections: Number(options.clients),
      duration: Number(options.seconds),
      requests,
    })
    const { nodes, startTime, endTime } = await profiler.stop()
    const total = nodes.reduce((sum, { hitCount }) => sum + hitCount, 0)
    const microseconds = (endTime - startTime) / total
    tell('calls', `${load['2xx']} in ${options.seconds} s, ${load.non2xx} failed`)
    const perCall = (hits: number) => ((hits * microseconds) / 1000 / load['2xx']).toFixed(3)
    for (const [whose, hits] of byOwner(nodes)) tell(whose, `${perCall(hits)} ms a call`)
    console.log('\n  ms a call, self   function')
    for (const [name, hits] of bySelf(nodes).slice(0, SHOWN)) {
      console.log(`  ${perCall(hits).padStart(16)}   ${name}`)
    }
    console.log(`\nThe whole profile is in ${PROFILE}; Chromium's DevTools show it.`)
  } finally {
    await worker.stop()
  }
})

/** Whose time it is: the script's that the nearest frame with a script is of. What has none is the runtime's. */
function byOwner(nodes: Node[]): Map<string, number> {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)))
  const hits = new Map([
    ['ours', 0],
    ['D1, RPC', 0],
    ['runtime', 0],
  ])
  for (const node of nodes) {
    if (node.callFrame.functionName === '(idle)') continue
    let frame: Node | undefined = node
    while (frame && frame.callFrame.url === '') frame = parents.get(frame.id)
    const { url = '', functionName = '' } = frame?.callFrame ?? {}
    const isCall = url.startsWith('cloudflare-internal') || functionName === 'callCommitter'
    const owner = !frame ? 'runtime' : isCall ? 'D1, RPC' : 'ours'
    hits.set(owner, (hits.get(owner) ?? 0) + node.hitCount)
  }
  return hits
}

/** Functions by their own samples, without those of the functions they called. */
function bySelf(nodes: Node[]): [string, number][] {
  const hits = new Map<string, number>()
  for (const { callFrame, hitCount } of nodes) {
    const { functionName, url, lineNumber } = callFrame
    const name = `${functionName || '(anonymous)'} ${url.split('/').at(-1)}:${lineNumber + 1}`
    hits.set(name, (hits.get(name) ?? 0) + hitCount)
  }
  return [...hits].sort(([, a], [, b]) => b - a)
}

/** Starts the profiler over the Chrome DevTools Protocol. */
async function openProfiler(port: number) {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
    id: string
    webSocketDebuggerUrl: string
  }[]
  const target = targets.find(({ id }) => id.includes('statkeep')) ?? targets[0]
  if (!target) throw new Error('there is nothing to profile')
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  let id = 0
  const send = (method: string, params = {}): Promise<{ profile: Profile }> =>
    new Promise((resolve) => {
      const own = ++id
      const listen = ({ data }: MessageEvent) => {
        const answer = JSON.parse(String(data))
        if (answer.id !== own) return
        socket.removeEventListener('message', listen)
        resolve(answer.result)
      }
      socket.addEventListener('message', listen)
      socket.send(JSON.stringify({ id: own, method, params }))
    })
  await send('Profiler.enable')
  await send('Profiler.setSamplingInterval', { interval: 200 })
  await send('Profiler.start')
  return {
    stop: async (): Promise<Profile> => {
      const { profile } = await send('Profiler.stop')
      writeFileSync(PROFILE, JSON.stringify(profile))
      socket.close()
      return profile
    },
  }
}
