/** The worlds that are measured. They are filled once and used again by the next run. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { World } from '../../bench/endpoints.ts'
import { fillWorld, signTokens, startSessions } from '../../bench/world.ts'
import { makeDeps, newIsolateCache } from '../../src/deps.ts'
import { splitBuckets } from '../../src/leaderboards/buckets.ts'
import { hashPassword } from '../../src/users/password.ts'
import { count, progress, tell } from '../terminal.ts'
import { migrate, type RunningWorker, type StartOptions, startWorker } from '../worker.ts'

const STATE = '.wrangler/bench'

/** More than the calls of one run. */
const SESSIONS = 20_000

/** The world of that many players, filled unless an earlier run did so. */
export async function openWorld(
  players: number,
  options: StartOptions = {},
  vars: Record<string, string> = {},
): Promise<RunningWorker> {
  const state = `${STATE}/${players}-${worldDigest()}`
  const filled = `${state}/filled`
  if (!existsSync(filled)) rmSync(state, { recursive: true, force: true })
  const worker = await startWorker(state, { MONTHLY_CREDITS: '1000000000', ...vars }, { quiet: true, ...options })
  if (existsSync(filled)) return worker
  const { env } = worker
  const deps = makeDeps({ ...env, WRITE_GROUPING: 'false' }, newIsolateCache())
  const from = Date.now()
  await migrate(env.DB)
  await fillWorld(env.DB, {
    players,
    now: from,
    passwordHash: hashPassword(deps, 'python', deps.config.scrypt),
    progress: (done) => progress(`filling: ${count(done)} of ${count(players)} players`),
  })
  progress('splitting the buckets of ranks')
  while (await splitBuckets(deps)) {}
  progress('')
  writeFileSync(filled, '')
  tell('filled', `${count(players)} players in ${Math.round((Date.now() - from) / 1000)} s, kept in ${state}`)
  return worker
}

/** A world of an older schema, or filled in another way, is of no use. */
function worldDigest(): string {
  const digest = createHash('sha256').update(readFileSync('bench/world.ts'))
  for (const file of readdirSync('migrations').sort()) digest.update(readFileSync(`migrations/${file}`))
  return digest.digest('hex').slice(0, 8)
}

/** What calls of such a world need to know. */
export async function describeWorld({ url, env }: RunningWorker, players: number): Promise<World> {
  const tokens = await signTokens([env.TOKEN_SECRET], players, Date.now())
  const first = await fetch(`${url}/api/leaderboards/meleeAtkXp?limit=100`)
  const { nextCursor } = (await first.json()) as { nextCursor: string }
  const refreshTokens = await startSessions(env.DB, SESSIONS, Date.now())
  return { players, tokens, refreshTokens, cursor: encodeURIComponent(nextCursor) }
}
