/** `npm run bench`: what each call costs, and how that grows with the number of players. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { ENDPOINTS } from '../bench/endpoints.ts'
import { CONNECTIONS, describe, measureAt, type Results } from './bench/calls.ts'
import { CLIENTS, describeLoads, measureClients, type Target } from './bench/clients.ts'
import { describeWorld, openWorld } from './bench/open-world.ts'
import { SLOW, slowOptions } from './bench/slow.ts'
import { listenerOn } from './processes.ts'
import { count, readOptions, run, tell } from './terminal.ts'
import { buildWorker, measureStartup } from './worker.ts'

const USAGE = `npm run bench [-- [--quick] [--players 1000,100000,1000000] [--seconds 5]]
npm run bench -- --only clients [--clients 1,8,64,256] [--delay 0] [--against http://127.0.0.1:9901 [--peer name]]

  --quick     1,000 and 10,000 players, a second a call, nothing written: under two minutes
  --players   how many, comma-separated; each world is filled once and stored in .wrangler/bench
  --seconds   of load on each call
  --only      \`calls\`, each with eight clients, or \`clients\`: a few calls with more and more clients, without and with slow commits
  --clients   how many, comma-separated
  --delay     milliseconds that each commit takes longer, as it does where it is flushed to disks; without it 0, then 8
  --against   another service on this machine that knows the same players, measured in turn: see npm run bench:serve
  --peer      its name in the table`

const RESULTS = 'bench/results.md'
const DELAYS = ['0', '8']
const LOADED_PLAYERS = 1000

type Size = { kibibytes: number; gzipped: number; startup: number }

const describeSize = ({ kibibytes, gzipped, startup }: Size) =>
  `${kibibytes} KiB, ${gzipped} KiB compressed; starts in ${startup.toFixed(0)} ms of CPU`

await run(async () => {
  const options = readOptions(
    {
      quick: { type: 'boolean', default: false },
      players: { type: 'string' },
      seconds: { type: 'string' },
      only: { type: 'string' },
      clients: { type: 'string', default: CLIENTS.join(',') },
      delay: { type: 'string' },
      against: { type: 'string' },
      peer: { type: 'string', default: 'the peer' },
    },
    USAGE,
  )
  const sizes = (options.players ?? (options.quick ? '1000,10000' : '1000,100000,1000000')).split(',').map(Number)
  const seconds = Number(options.seconds ?? (options.quick ? 1 : 5))

  if (options.only !== 'clients') await benchCalls(sizes, seconds, options.quick)
  if (options.only === 'calls' || options.quick) return
  const clients = (options.clients ?? '').split(',').map(Number)
  const peer = options.against === undefined ? undefined : peerAt(options.against, options.peer ?? '')
  for (const delay of options.delay === undefined ? DELAYS : [options.delay]) {
    console.log(`\nUp to ${Math.max(...clients)} clients at once, with commits that take ${delay} ms longer.\n`)
    const table = await benchClients(delay, { clients, seconds }, peer)
    console.log(table)
    const title = `# Many clients at once, commits ${delay} ms slower${peer ? `, against ${peer.name}` : ''}`
    writeSection(title, clientsReport(title, table, seconds))
  }
})

async function benchCalls(sizes: number[], seconds: number, quick: boolean): Promise<void> {
  console.log(`Measures ${ENDPOINTS.length} calls at ${sizes.map(count).join(', ')} players, ${seconds} s each.\n`)
  const size = { ...(await buildWorker()), startup: await measureStartup() }
  tell('Worker', describeSize(size))
  const results: Results = new Map()
  for (const players of sizes) await measureAt(players, seconds, results)

  const table = describe(sizes, results)
  console.log(`\n${table}`)
  if (!quick) writeSection('# What each call costs', report(size, sizes, seconds, table))
}

function peerAt(address: string, name: string): Target {
  const { origin, port } = new URL(address)
  return { name, url: origin, pid: listenerOn(Number(port)) }
}

async function benchClients(
  delay: string,
  load: { clients: number[]; seconds: number },
  peer: Target | undefined,
): Promise<string> {
  await buildWorker(SLOW.entry, SLOW.built)
  const worker = await openWorld(LOADED_PLAYERS, slowOptions, { COMMIT_DELAY_MS: delay })
  try {
    const own: Target = { name: 'Statkeep', url: worker.url, pid: worker.pid }
    const targets = peer ? [own, peer] : [own]
    const loads = await measureClients(targets, await describeWorld(worker, LOADED_PLAYERS), load)
    return describeLoads(
      loads,
      targets.map(({ name }) => name),
    )
  } finally {
    await worker.stop()
  }
}

/** Writes a section of the results, in place of the one with the same title. */
function writeSection(title: string, section: string): void {
  const sections = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8').split(/^(?=# )/m) : []
  const at = sections.findIndex((one) => one.startsWith(`${title}\n`))
  sections.splice(at < 0 ? sections.length : at, 1, `${section.trimEnd()}\n\n`)
  writeFileSync(RESULTS, `${sections.join('').trimEnd()}\n`)
  console.log(`\nWritten to ${RESULTS}.`)
}

function versionOf(name: string): string {
  return `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version}`
}

function machine(): string {
  return `${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.versions.node}, ${['workerd', 'wrangler', 'hono', 'drizzle-orm'].map(versionOf).join(', ')}`
}

function clientsReport(title: string, table: string, seconds: number): string {
  return `${title}

${count(LOADED_PLAYERS)} players, ${seconds} s each, on ${new Date().toISOString().slice(0, 10)}: ${machine()}.
Commits wait for each other, as D1's do. CPU is workerd's, D1 included, for each call. \`×\` is the first service over the other.

${table}
`
}

function report(size: Size, sizes: number[], seconds: number, table: string): string {
  return `# What each call costs

Made by \`npm run bench -- --players ${sizes.join(',')} --seconds ${seconds}\` on ${new Date().toISOString().slice(0, 10)}:
${machine()}.

The Worker as it is deployed (${describeSize(size)}) on miniflare's direct socket, ${CONNECTIONS} connections
(1 where a password is hashed). CPU is workerd's, D1 included, which is SQLite in the same process here: latency and calls a second
say nothing of Cloudflare. Round trips, rows and KV operations are what Cloudflare bills, by D1's own counters: the median of warm calls.
Growth is the largest number of players over the smallest.

${table}
`
}
