/** The Worker with faults around it: a database that fails and stalls, a committer that is evicted, a KV that returns old values, a clock that jumps. */

import { createApp } from '../../src/app.ts'
import { Committer as SoundCommitter } from '../../src/committer.ts'
import type { PlannedWrite } from '../../src/db/commit.ts'
import type { NoteBookmark } from '../../src/db/replicas.ts'
import { type Queryable, wrappedDatabase } from '../../src/db/wrapped.ts'
import { newIsolateCache, type Outside } from '../../src/deps.ts'
import type { Env } from '../../src/env.ts'
import { runCron } from '../../src/schedule.ts'
import { chances } from './chances.ts'

/** How often each fault happens, from 0 to 1; set at any time by `POST /torture`. */
export type Faults = {
  seed: number
  clockOffset: number
  refused: number
  answerLost: number
  stalled: number
  staleCache: number
  /** The committer is evicted: before a commit with all that it has collected, or after one without having answered. */
  evictedBefore: number
  evictedAfter: number
}

const injected = { refused: 0, answerLost: 0, stalled: 0, staleCache: 0, evictedBefore: 0, evictedAfter: 0 }
const faults: Faults = { seed: 1, clockOffset: 0, ...injected }
let chance = chances(faults.seed)

const STALL_MS = 300
const NEW_ISOLATE = 0.1

function happens(fault: keyof typeof injected): boolean {
  if (chance() >= faults[fault]) return false
  injected[fault] += 1
  return true
}

async function faultily<T>(work: () => Promise<T>): Promise<T> {
  if (happens('stalled')) await new Promise((resolve) => setTimeout(resolve, STALL_MS))
  if (happens('refused')) throw new Error('D1_ERROR: Network connection lost.')
  const result = await work()
  if (happens('answerLost')) throw new Error('D1_ERROR: Network connection lost.')
  return result
}

const faultyDatabase = (d1: Queryable) => wrappedDatabase(d1, faultily)

/** Every value that this isolate has put, by key. */
const history = new Map<string, string[]>()

function staleCache(kv: KVNamespace): KVNamespace {
  return new Proxy(kv, {
    get(target, name) {
      if (name === 'put') {
        return (key: string, value: string, options?: KVNamespacePutOptions) => {
          history.set(key, [...(history.get(key) ?? []), value])
          return target.put(key, value, options)
        }
      }
      if (name === 'get') {
        return async (key: string, type?: 'json') => {
          const old = history.get(key)
          if (old && happens('staleCache')) {
            const value = old[Math.floor(chance() * old.length)] ?? ''
            return type === 'json' ? JSON.parse(value) : value
          }
          return type === 'json' ? target.get(key, 'json') : target.get(key)
        }
      }
      const member = Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

export class Committer extends SoundCommitter {
  protected override database(note: NoteBookmark): Queryable {
    return faultyDatabase(super.database(note))
  }

  protected override async commit(writes: PlannedWrite[]) {
    if (happens('evictedBefore')) this.ctx.abort('evicted before the commit')
    const committed = await super.commit(writes)
    if (happens('evictedAfter')) this.ctx.abort('evicted after the commit')
    return committed
  }
}

const isolate = newIsolateCache()

const outside: Outside = {
  isolate,
  now: () => new Date(Date.now() + faults.clockOffset),
  database: faultyDatabase,
  log: () => {},
}
const app = createApp(outside)

/** Sets faults, fires crons and reports what was injected, at a path that the real Worker does not have. */
async function control(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
  const { searchParams } = new URL(request.url)
  const cron = searchParams.get('cron')
  if (cron) {
    await runCron({ cron, scheduledTime: Date.now() + faults.clockOffset }, env, context, outside)
    return Response.json({})
  }
  if (request.method === 'POST') {
    const { seed } = faults
    Object.assign(faults, await request.json())
    if (faults.seed !== seed) chance = chances(faults.seed)
  }
  return Response.json(injected)
}

/** Those that the last process had, so that no call comes before them: with another clock it would do its work in another week. */
let isStarted = false
function start({ FAULTS = '{}' }: { FAULTS?: string }): void {
  if (isStarted) return
  isStarted = true
  Object.assign(faults, JSON.parse(FAULTS))
  chance = chances(faults.seed)
}

export default {
  fetch(request, env: Env & { FAULTS?: string }, context) {
    start(env)
    // As if another isolate got the call, which has to ask KV.
    if (chance() < NEW_ISOLATE) isolate.lookups.clear()
    const faulty = { ...env, CACHE: staleCache(env.CACHE) }
    return new URL(request.url).pathname === '/torture'
      ? control(request, faulty, context)
      : app.fetch(request, faulty, context)
  },
} satisfies ExportedHandler<Env>
