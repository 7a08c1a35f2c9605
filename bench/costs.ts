/** What Cloudflare bills for that many players, from the budgets of their calls. Change the assumptions and run `npm run costs`. */
import { type Budget, ENDPOINTS } from './endpoints.ts'

/** Calls that one player makes in a month: twenty evenings of play, and a website and a script beside the game. */
const CALLS_A_MONTH: Record<string, number> = {
  'GET /api/token by password': 2,
  'GET /api/users/me by token': 20,
  'GET /api/users/{u}': 20,
  'GET /api/users/{u}/stats': 20,
  'PATCH /api/users/{u}/stats by key': 100,
  'GET /api/leaderboards/{stat}': 10,
  'GET /api/leaderboards/{stat}/around/{u}': 10,
  'GET /api/v1.0/{dataset}/{key} with Idempotency-Key': 5,
  'POST /api/credits/spend by token': 20,
  'GET /api/credits': 10,
}

/** CPU of a call in milliseconds on Cloudflare's machines, without D1, which is not billed by CPU; rounded up from bench/results.md. */
const CPU_MS = 2
const CPU_MS_HASHED = 350

/** Opening a month: the grant with its indexes, its movement, and the account. */
const ROWS_WRITTEN_A_MONTH = 10
const BYTES_A_PLAYER = 600

/**
 * Workers Paid, in dollars; what is included, and what a million more costs. As published by Cloudflare at
 * developers.cloudflare.com/workers/platform/pricing, /d1/platform/pricing, /kv/platform/pricing and
 * /durable-objects/platform/pricing. The committer's time costs nothing: 128 MB all month are 332,000 GB-s, of 400,000 included.
 */
const BASE = 5
const PRICES = {
  requests: { included: 10e6, perMillion: 0.3 },
  cpuMs: { included: 30e6, perMillion: 0.02 },
  rowsRead: { included: 25e9, perMillion: 0.001 },
  rowsWritten: { included: 50e6, perMillion: 1 },
  kvReads: { included: 10e6, perMillion: 0.5 },
  kvWrites: { included: 1e6, perMillion: 5 },
  objectRequests: { included: 1e6, perMillion: 0.15 },
} as const
const STORAGE = { includedGb: 5, perGb: 0.75 }

/** Workers Free, a day. KV writes are left out: a put that KV refuses costs a round trip to D1, and nothing else. */
const FREE = {
  requests: 100_000,
  rowsRead: 5e6,
  rowsWritten: 100_000,
  kvReads: 100_000,
  objectRequests: 100_000,
} as const

type Use = Record<keyof typeof PRICES, number>

/** What so many players use in a month. */
export function useOf(players: number): Use {
  // Each key and account is put into KV once a day.
  const use: Use = {
    requests: 0,
    cpuMs: 0,
    rowsRead: 0,
    rowsWritten: players * ROWS_WRITTEN_A_MONTH,
    kvReads: 0,
    kvWrites: players * 20,
    objectRequests: 0,
  }
  for (const [name, calls] of Object.entries(CALLS_A_MONTH)) {
    const endpoint = ENDPOINTS.find((one) => one.name === name)
    if (!endpoint) throw new Error(`No such endpoint: ${name}`)
    use.requests += players * calls
    use.cpuMs += players * calls * (endpoint.hashes ? CPU_MS_HASHED : CPU_MS)
    for (const what of ['rowsRead', 'rowsWritten', 'kvReads'] satisfies (keyof Budget)[])
      use[what] += players * calls * endpoint.budget[what]
    if (endpoint.grouped) use.objectRequests += players * calls
  }
  return use
}

/** Dollars a month, item by item. */
export function billOf(players: number): Record<string, number> {
  const items = Object.entries(useOf(players)).map(([what, amount]) => {
    const { included, perMillion } = PRICES[what as keyof typeof PRICES]
    return [what, (Math.max(0, amount - included) / 1e6) * perMillion]
  })
  const gigabytes = (players * BYTES_A_PLAYER) / 1e9
  return {
    base: BASE,
    ...Object.fromEntries(items),
    storage: Math.max(0, gigabytes - STORAGE.includedGb) * STORAGE.perGb,
  }
}

/** How many players Workers Free is enough for, and what runs out first. */
function freePlayers(): [number, string] {
  const use = useOf(1)
  const limits = Object.entries(FREE).map(
    ([what, limit]) => [(limit * 30) / use[what as keyof typeof FREE], what] as [number, string],
  )
  return limits.sort(([a], [b]) => a - b)[0] as [number, string]
}

const SECONDS_A_MONTH = 30 * 86_400
const dollars = (amount: number) => `$${amount < 10 ? amount.toFixed(2) : Math.round(amount).toLocaleString('en')}`
const millions = (amount: number) => (amount / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })

/** `docs/costs.md`. */
export function describeCosts(): string {
  const sizes = [1_000, 100_000, 10_000_000]
  const calls = Object.values(CALLS_A_MONTH).reduce((sum, count) => sum + count, 0)
  const row = (head: string, cells: (players: number) => string) => `| ${head} | ${sizes.map(cells).join(' | ')} |`
  const items = Object.keys(billOf(0))
  return `# What it costs

Made by \`npm run costs\` from the budgets in \`bench/endpoints.ts\`, which tests hold, and the assumptions in \`bench/costs.ts\`, which you can
change. Prices are those of Workers Paid, as Cloudflare publishes them for Workers, D1 and KV; they may have changed since.

A player makes ${calls} calls a month:

${Object.entries(CALLS_A_MONTH)
  .map(([name, count]) => `- ${count} × \`${name}\``)
  .join('\n')}

| a month | ${sizes.map((players) => `${players.toLocaleString('en')} players`).join(' | ')} |
|---|${sizes.map(() => '--:').join('|')}|
${row('calls a second, on the average', (players) => (useOf(players).requests / SECONDS_A_MONTH).toFixed(players < 1e4 ? 2 : 0))}
${row('million calls', (players) => millions(useOf(players).requests))}
${row('million rows read', (players) => millions(useOf(players).rowsRead))}
${row('million rows written', (players) => millions(useOf(players).rowsWritten))}
${items.map((item) => row(item, (players) => dollars(billOf(players)[item] ?? 0))).join('\n')}
${row('**together**', (players) => `**${dollars(Object.values(billOf(players)).reduce((sum, cost) => sum + cost, 0))}**`)}

- **Rows written are the bill.** A stat change writes two rows, so a game that adds its changes up and sends them once a minute pays a
  fraction; \`POST /api/stats/batch\` saves calls, not rows.
- **Free** gives 100,000 calls, 5 million rows read, 100,000 rows written and 1,000 KV writes a day: enough for ${Math.floor(freePlayers()[0] / 100) * 100} of these players,
  then \`${freePlayers()[1]}\` runs out. Its 10 ms of CPU a call are too few for log-ins by password.
- **The committer** writes many calls in one commit, and adds $0.15 a million writes (\`objectRequests\`). \`WRITE_GROUPING=false\` does without it.
- **One D1 database runs one statement at a time.** The ten million players of the last column make thousands of calls a second at the
  busiest hour, which is more than one database serves: that size needs players spread over several databases, which Statkeep does not do
  yet. [Decision 007](decisions/007-several-databases.md) has the arithmetic.
`
}
