/** `npm run bench:serve`: the Worker on a filled world, as a peer for `npm run bench -- --against`. */
import { count, readOptions, run, tell } from '../terminal.ts'
import { buildWorker } from '../worker.ts'
import { openWorld } from './open-world.ts'
import { SLOW, slowOptions } from './slow.ts'

const USAGE = `npm run bench:serve [-- [--port 9900] [--players 1000] [--delay 0] [--grouping true]]

  --port      where it listens, on loopback
  --players   in its world
  --delay     milliseconds that each commit takes longer
  --grouping  false: each write is a batch of its own`

await run(async () => {
  const options = readOptions(
    {
      port: { type: 'string', default: '9900' },
      players: { type: 'string', default: '1000' },
      delay: { type: 'string', default: '0' },
      grouping: { type: 'string', default: 'true' },
    },
    USAGE,
  )
  await buildWorker(SLOW.entry, SLOW.built)
  const players = Number(options.players)
  const worker = await openWorld(
    players,
    { ...slowOptions, port: Number(options.port) },
    {
      COMMIT_DELAY_MS: options.delay ?? '0',
      WRITE_GROUPING: options.grouping ?? 'true',
    },
  )
  tell(
    'listens',
    `${worker.url}, with ${count(players)} players, a commit delay of ${options.delay} ms; workerd is ${worker.pid}`,
  )
  console.log(`\nNow: npm run bench -- --against ${worker.url}   Ctrl+C ends it.`)
  await new Promise(() => {})
})
