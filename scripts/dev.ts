/** `npm run dev`: sets up what the service needs on this machine, and runs it. */
import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { MINUTE, SECOND } from '../src/lib/time.ts'
import { DEMO_LOGIN, seedDemo } from './demo.ts'
import { untilHealthy } from './local.ts'
import { readOptions, run, tell, Unmet } from './terminal.ts'
import { applyMigrations, startWrangler } from './wrangler.ts'

const USAGE = `npm run dev [-- [--port N] [--no-demo]]

  --port N    where it listens; 8787 otherwise
  --no-demo   leaves an empty database empty`

const HEALTHY_WITHIN = MINUTE

await run(async () => {
  const options = readOptions(
    { port: { type: 'string', default: '8787' }, 'no-demo': { type: 'boolean', default: false } },
    USAGE,
  )
  const port = Number(options.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Unmet(`--port has to be 1 to 65535.\n\n${USAGE}`)
  await requireFree(port)

  console.log('Statkeep on this machine. All of its state is in .wrangler; delete that to begin anew.\n')
  tell('secret', makeSecrets() ? 'made at random, in .dev.vars' : 'the one in .dev.vars')
  const applied = await applyMigrations('--local')
  tell('database', applied ? `${applied} migrations applied` : 'up to date')
  const demo = options['no-demo'] ? { outcome: 'left out', hasLogin: false } : await seedDemo()
  tell('demo world', demo.outcome)
  await serve(port, demo.hasLogin)
})

/** @throws Unmet if the port is taken: wrangler would say so later and less clearly. */
async function requireFree(port: number): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', () => reject(new Unmet(`Port ${port} is taken. Try: npm run dev -- --port ${port + 1}`)))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()))
  })
}

/** Writes .dev.vars unless there is one. */
function makeSecrets(): boolean {
  if (existsSync('.dev.vars')) return false
  const secret = randomBytes(32).toString('base64url')
  writeFileSync('.dev.vars', `TOKEN_SECRET=${secret}\nALLOW_LOCAL_WEBHOOKS=true\n`, { mode: 0o600 })
  return true
}

/** Starts the Worker, says where it is once it is healthy, and waits until it ends. */
async function serve(port: number, hasDemo: boolean): Promise<void> {
  const url = `http://localhost:${port}`
  const worker = startWrangler(['dev', '--port', String(port)])
  const ended = new Promise<number>((resolve) => worker.on('close', (code) => resolve(code ?? 0)))
  let stopping = false
  onEnd(() => {
    stopping = true
    worker.kill()
  })

  // What wrangler says while it starts is shown only if it fails.
  let held: string | undefined = ''
  for (const stream of ['stdout', 'stderr'] as const) {
    worker[stream].on('data', (text: string) => {
      if (held === undefined) process[stream].write(text)
      else held += text
    })
  }
  const healthy = await Promise.race([untilHealthy(url, HEALTHY_WITHIN), ended.then(() => false)])
  if (healthy) {
    held = undefined
    welcome(url, hasDemo)
    fireCrons(url)
  } else worker.kill()
  process.exitCode = await ended
  if (held !== undefined && !stopping) throw new Unmet(`It did not start. What wrangler said:\n${held}`)
}

/** Calls `stop` when this process is told to end, or when npm, which started it, is gone. */
function onEnd(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  // npm passes a signal to its shell, which keeps it to itself.
  const { ppid } = process
  setInterval(() => process.ppid !== ppid && stop(), SECOND).unref()
}

/** `wrangler dev` fires no cron by itself. */
async function fireCrons(url: string): Promise<void> {
  const fire = (cron: string) =>
    fetch(`${url}/cdn-cgi/local/scheduled?cron=${cron.replaceAll(' ', '+')}`).catch(() => undefined)
  for (;;) {
    await sleep(MINUTE - (Date.now() % MINUTE), undefined, { ref: false })
    if (new Date().toISOString().slice(8, 16) === '01T00:00') await fire('0 0 1 * *')
    await fire('* * * * *')
  }
}

function welcome(url: string, hasDemo: boolean): void {
  console.log(`\nStatkeep is at ${url} (Ctrl-C stops it)\n`)
  if (hasDemo) tell('log-in', `${DEMO_LOGIN.username} / ${DEMO_LOGIN.password}`)
  tell(
    'try',
    hasDemo
      ? `curl ${url}/api/users/kicksent`
      : `curl -X POST -H 'Content-Type: application/json' -d '{}' ${url}/api/users`,
  )
  if (hasDemo) tell('', `curl -u ${DEMO_LOGIN.username}:${DEMO_LOGIN.password} ${url}/api/token`)
  tell('a key', 'npm run key -- --name mine --scopes stats:write')
  tell('all calls', `${url}/docs`)
  console.log()
}
