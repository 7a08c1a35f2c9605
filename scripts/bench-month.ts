/** `npm run bench:month`: what it costs to roll over many accounts, all of which spent in the last billing period. */
import { rmSync } from 'node:fs'
import { fillWorld } from '../bench/world.ts'
import { rollOverPeriods } from '../src/credits/rollover.ts'
import { makeDeps, newIsolateCache } from '../src/deps.ts'
import { DAY, SECOND } from '../src/lib/time.ts'
import { count, progress, readOptions, run, tell } from './terminal.ts'
import { buildWorker, migrate, startWorker } from './worker.ts'

const STATE = '.wrangler/bench-month'

await run(async () => {
  const { accounts = '100000' } = readOptions(
    { accounts: { type: 'string' } },
    'npm run bench:month [-- --accounts 100000]',
  )
  const players = Number(accounts)
  console.log(`Rolls over ${count(players)} accounts, all of which spent in the last billing period.\n`)
  await buildWorker()
  rmSync(STATE, { recursive: true, force: true })
  const worker = await startWorker(STATE, {}, { quiet: true })
  try {
    await migrate(worker.env.DB)
    const start = Date.now()
    await fillWorld(worker.env.DB, {
      players,
      now: start,
      passwordHash: '',
      progress: (done) => progress(`filling: ${count(done)} of ${count(players)}`),
    })
    await worker.env.DB.prepare(
      `INSERT INTO webhooks (id, url, format, events, secret, created_at) VALUES ('whk_1', 'https://example.com', 'standard', '["credits.reset"]', '', 0)`,
    ).run()
    const ticks: { milliseconds: number; rowsRead: number; rowsWritten: number; roundTrips: number }[] = []
    for (let more = true; more; ) {
      const deps = makeDeps(worker.env, newIsolateCache(), { now: () => new Date(start + 32 * DAY), log: () => {} })
      const from = Date.now()
      more = (await rollOverPeriods(deps)).more
      ticks.push({ milliseconds: Date.now() - from, ...deps.tally })
      progress(`${ticks.length} ticks`)
    }
    progress('')
    const sum = (what: 'milliseconds' | 'rowsRead' | 'rowsWritten' | 'roundTrips') =>
      ticks.reduce((all, tick) => all + tick[what], 0)
    tell(
      'ticks',
      `${ticks.length} of the minute cron, ${(sum('milliseconds') / SECOND / ticks.length).toFixed(1)} s each`,
    )
    tell('rows', `${count(sum('rowsWritten'))} written, ${count(sum('rowsRead'))} read`)
    tell(
      'an account',
      `${(sum('rowsWritten') / players).toFixed(1)} written, ${(sum('rowsRead') / players).toFixed(1)} read`,
    )
    tell('round trips', `${count(sum('roundTrips'))}`)
  } finally {
    await worker.stop()
  }
})
