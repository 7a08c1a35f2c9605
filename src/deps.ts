/** What the outside offers the product, and how it is made from `env`. */

import { type Db, openDatabase } from './db/client.ts'
import { countedCache, countedDatabase, newTally, type Tally } from './db/tally.ts'
import { type Config, type Env, readConfig } from './env.ts'
import { toBase64Url } from './lib/bytes.ts'
import { ExpiringMap } from './lib/expiring-map.ts'
import { type Log, logToConsole } from './lib/log.ts'
import { wait } from './lib/time.ts'

/** True once a request from `key` is within the limit. Counts each call. */
export type Limit = (key: string) => Promise<boolean>

/** An answer to a public GET, kept for a few seconds. */
export type RememberedAnswer = { body: string; etag: string; contentType: string }

/** The control rows: what every isolate must know before it answers. */
export type Controls = {
  stoppedAt: number | undefined
  /** A user's id or a session's -> the version below which its tokens are over. */
  ended: Map<string, number>
  readAt: number
}

/** What an isolate remembers between requests; nothing of it is bound to one, all of it may be lost. */
export type Memory = {
  /** The variables, once they have been read. */
  config: Config | undefined
  controls: Controls | undefined
  answers: ExpiringMap<RememberedAnswer>
  /** What KV said of accounts and keys, so that a busy isolate does not ask it each time. */
  cached: ExpiringMap<unknown>
  /** Counts this isolate's writes, so that a read that began before one is not remembered after it. */
  writes: number
  /** Digests of user name, password and stored hash that scrypt has verified. */
  verified: ExpiringMap<true>
  /** Times of recent 5xx answers, and whether the burst that they are was told: `service.failing`. */
  failures: { times: number[]; told: boolean }
}

export const newMemory = (): Memory => ({
  config: undefined,
  controls: undefined,
  answers: new ExpiringMap(1000),
  cached: new ExpiringMap(2000),
  writes: 0,
  verified: new ExpiringMap(1000),
  failures: { times: [], told: false },
})

export type Deps = {
  config: Config
  db: Db
  cache: KVNamespace
  assets: Fetcher
  limits: { loginPair: Limit; loginName: Limit; loginAddress: Limit; signupAddress: Limit }
  memory: Memory
  now: () => Date
  /** That many random bytes. */
  random: (bytes: number) => Uint8Array<ArrayBuffer>
  fetch: typeof fetch
  /** Resolves after so many milliseconds, or as soon as `until` is aborted. */
  wait: typeof wait
  /** Lets work go on after the answer has been sent. */
  defer: (work: Promise<unknown>) => void
  log: Log
  tally: Tally
}

/** What a test, or a script, hands in instead of the real thing. */
export type Outside = Partial<
  Pick<Deps, 'now' | 'random' | 'fetch' | 'wait' | 'defer' | 'log' | 'limits' | 'memory'>
> & {
  /** Wraps the database, to count or to fail. */
  database?: (d1: D1Database) => D1Database
}

/** @throws Error when `env` is misconfigured; see `readConfig`. */
export function makeDeps(env: Env, memory: Memory, outside: Outside = {}): Deps {
  const tally = newTally()
  memory.config ??= readConfig(env)
  const { config } = memory
  const limit =
    (binding: RateLimit): Limit =>
    async (key) =>
      (await binding.limit({ key })).success
  return {
    config,
    db: openDatabase(countedDatabase(outside.database?.(env.DB) ?? env.DB, tally)),
    cache: countedCache(env.CACHE, tally),
    assets: env.ASSETS,
    limits: outside.limits ?? {
      loginPair: limit(env.LOGIN_PAIR),
      loginName: limit(env.LOGIN_NAME),
      loginAddress: limit(env.LOGIN_ADDRESS),
      signupAddress: limit(env.SIGNUP_ADDRESS),
    },
    memory: outside.memory ?? memory,
    now: outside.now ?? (() => new Date()),
    random: outside.random ?? ((bytes) => crypto.getRandomValues(new Uint8Array(bytes))),
    fetch: outside.fetch ?? ((input, init) => fetch(input, init)),
    wait: outside.wait ?? wait,
    defer: outside.defer ?? ((work) => void work),
    log: outside.log ?? logToConsole,
    tally,
  }
}

/** An id with a prefix that says what it is of, and 120 random bits: `ses_…`. */
export function newId({ random }: Pick<Deps, 'random'>, prefix: string): string {
  return `${prefix}_${toBase64Url(random(15))}`
}
