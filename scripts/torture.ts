/** `npm run torture`: mixed calls while things break; then every account is compared with what its clients saw. */
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { noRecord } from '../src/db/idempotency-record.ts'
import { makeDeps, newIsolateCache } from '../src/deps.ts'
import { createKey } from '../src/keys/keys.ts'
import { DAY, HOUR, SECOND } from '../src/lib/time.ts'
import { createUser } from '../src/users/users.ts'
import { progress, readOptions, run, tell, Unmet } from './terminal.ts'
import { chances, whole } from './torture/chances.ts'
import { Client, type Player, Seen } from './torture/client.ts'
import { type Behaviour, Receiver } from './torture/receiver.ts'
import { type Endpoint, reconcile } from './torture/reconcile.ts'
import { BUILT, FaultyService, VARS } from './torture/service.ts'
import { buildWorker, migrate, startWorker } from './worker.ts'

const USAGE = `npm run torture [-- [--quick] [--seconds 300] [--clients 12] [--seed N]]

  --quick     60 seconds of load
  --seconds   of load; each call is repeated until its outcome is known
  --clients   that call at the same time
  --seed      of an earlier run: the same faults, players and calls are drawn (their order in time is the machine's)`

const STATE = '.wrangler/torture'
const PLAYERS = 15

/** An hour each. Together they are less than the forty days after which deliveries are deleted. */
const MAX_DRAINING_TICKS = 500

const ENDPOINTS: { name: string; events: string[]; behaviour: Behaviour }[] = [
  { name: 'all', events: ['credits.low', 'credits.exhausted', 'credits.reset'], behaviour: 'answers' },
  { name: 'exhausted', events: ['credits.exhausted'], behaviour: 'fails' },
  { name: 'hanging', events: ['credits.low', 'credits.exhausted'], behaviour: 'hangs' },
  { name: 'service', events: ['service.stopped'], behaviour: 'answers' },
]

await run(async () => {
  const options = readOptions(
    {
      quick: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      clients: { type: 'string', default: '12' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
    USAGE,
  )
  const seconds = Number(options.seconds ?? (options.quick ? 60 : 300))
  const seed = Number(options.seed)
  console.log(`Breaks things for ${seconds} s around ${options.clients} clients. Seed ${seed}.\n`)
  await buildWorker('scripts/torture/faulty-worker.ts', BUILT)
  await buildWorker()
  rmSync(STATE, { recursive: true, force: true })

  const receiver = new Receiver(chances(seed + 1))
  const service = new FaultyService(STATE)
  try {
    const { players, server, endpoints } = await makeWorld(receiver)
    await service.start()
    const seen = new Seen()
    const { jumps, crons, clockOffset } = await torture(service, seen, {
      players,
      server,
      seconds,
      seed,
      clients: Number(options.clients),
    })
    receiver.recover()
    await drain(service, clockOffset, server)
    const injected = await service.injected()
    const differences = await stopAndReconcile(service, seen, receiver, endpoints)

    tell('calls', `${seen.calls}, repeated ${seen.retries} times until their outcome was known`)
    tell('killed', `${service.kills - 1} times with SIGKILL`)
    tell(
      'database',
      `${injected.refused} calls refused, ${injected.answerLost} answers lost, ${injected.stalled} stalls`,
    )
    tell(
      'committer',
      `evicted ${injected.evictedBefore} times between collecting and committing, ${injected.evictedAfter} times between committing and answering`,
    )
    tell('KV', `${injected.staleCache} old values`)
    tell('clock', `${jumps} jumps; ${crons} crons, some twice, some not at all`)
    tell('alerts', `${receiver.received.length} received`)
    tell(
      'compared',
      `${seen.spent.size} spends, ${seen.refunded.size} refunds, ${seen.held.size} holds, ${seen.stats.size} stats`,
    )
    differences.push(...receiver.forged.map((endpoint) => `${endpoint} got a wrong signature`))
    if (differences.length > 0) {
      throw new Unmet(
        `${differences.length} differences:\n${differences.slice(0, 50).join('\n')}\n\nAgain: npm run torture -- --seed ${seed} --seconds ${seconds}`,
      )
    }
    console.log('\nNo difference: nothing lost, nothing doubled.')
  } finally {
    await service.kill()
    receiver.close()
  }
})

/** Players with keys, an entry to buy, and endpoints for alerts, made by the product before anything breaks. */
async function makeWorld(receiver: Receiver) {
  const worker = await startWorker(STATE, VARS, { quiet: true })
  try {
    await migrate(worker.env.DB)
    const deps = makeDeps(
      { ...worker.env, SCRYPT_LN: '4', SCRYPT_P: '1', WRITE_GROUPING: 'false' },
      newIsolateCache(),
      { log: () => {} },
    )
    const players: Player[] = []
    for (let i = 1; i <= PLAYERS; i++) {
      const name = `player${i}`
      const { id } = await createUser(deps, { username: name, password: 'python' }, noRecord)
      const { key } = await createKey(
        deps,
        'admin',
        { name, scopes: ['metered:read', 'credits:spend'], username: name },
        noRecord,
      )
      players.push({ id, name, key })
    }
    const { key: server } = await createKey(deps, 'admin', { name: 'torture', scopes: ['admin'] }, noRecord)
    const authorization = { Authorization: `Bearer ${server}`, 'Content-Type': 'application/json' }
    const send = async (method: string, path: string, body: unknown): Promise<Record<string, string>> => {
      const response = await fetch(worker.url + path, { method, headers: authorization, body: JSON.stringify(body) })
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
      return (await response.json()) as Record<string, string>
    }
    await send('PUT', '/api/datasets/banks_data/EBILAEAD', { data: { name: 'Emirates NBD' } })
    const receiverUrl = await receiver.listen()
    const endpoints: Endpoint[] = []
    for (const { name, events, behaviour } of ENDPOINTS) {
      const { id = '', secret = '' } = await send('POST', '/api/webhooks', { url: `${receiverUrl}/${name}`, events })
      receiver.expect(name, secret, behaviour)
      endpoints.push({ name, webhookId: id, events })
    }
    return { players, server, endpoints }
  } finally {
    await worker.stop()
  }
}

type Load = { players: Player[]; server: string; seconds: number; seed: number; clients: number }

/** Clients call while the service breaks, until the time is over and every call has its outcome. */
async function torture(service: FaultyService, seen: Seen, { players, server, seconds, seed, clients }: Load) {
  const until = Date.now() + seconds * SECOND
  const chance = chances(seed)
  const counts = { jumps: 0, crons: 0 }
  // Starts two days before the end of a month, whatever the real time is.
  let clockOffset = nextMonth(Date.now()) - 2 * DAY - Date.now()
  await service.setFaults({
    seed,
    clockOffset,
    refused: 0.04,
    answerLost: 0.04,
    stalled: 0.03,
    staleCache: 0.3,
    evictedBefore: 0.02,
    evictedAfter: 0.02,
  })

  const calling = Promise.all(
    Array.from({ length: clients }, async (_, i) => {
      const client = new Client(service.url, seen, players, server, chances(seed + 100 + i))
      while (Date.now() < until) await client.step()
    }),
  )
  const breaking = (async () => {
    while (Date.now() < until) {
      await sleep(whole(chance, 1500, 4000))
      const what = chance()
      if (what < 0.35) {
        await service.kill()
        await service.start()
      } else if (what < 0.6) {
        // Less than the seven days of an idempotency record: a later retry would be a new call.
        clockOffset += whole(chance, 1, 30) * HOUR
        counts.jumps += 1
        await service.setFaults({ clockOffset })
      } else {
        const lines = chance() < 0.5 ? ['* * * * *', '* * * * *'] : ['* * * * *', '0 0 1 * *']
        counts.crons += lines.length
        void Promise.all(lines.map((line) => service.cron(line)))
      }
      showProgress(seen, until)
    }
  })()
  await Promise.all([calling, breaking])
  progress('')
  return { ...counts, clockOffset }
}

/** Without faults: waits until every alert has arrived, whatever retries that takes. */
async function drain(service: FaultyService, from: number, server: string): Promise<void> {
  const calm = { refused: 0, answerLost: 0, stalled: 0, staleCache: 0, evictedBefore: 0, evictedAfter: 0 }
  for (let tick = 1; tick <= MAX_DRAINING_TICKS; tick++) {
    await service.setFaults({ ...calm, clockOffset: from + tick * HOUR })
    await service.cron('* * * * *')
    if (tick > 2 && !(await service.hasPendingAlerts(server))) return
  }
}

async function stopAndReconcile(
  service: FaultyService,
  seen: Seen,
  receiver: Receiver,
  endpoints: Endpoint[],
): Promise<string[]> {
  await service.kill()
  const worker = await startWorker(STATE, VARS, { quiet: true })
  try {
    return await reconcile(worker.env.DB, seen, receiver.received, endpoints)
  } finally {
    await worker.stop()
  }
}

function nextMonth(now: number): number {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}

function showProgress({ calls, retries }: Seen, until: number): void {
  progress(`${Math.max(0, Math.round((until - Date.now()) / SECOND))} s left, ${calls} calls, ${retries} repeated`)
}
