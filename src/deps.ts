/** What the outside world offers the product, and how it is made from `env`. */
import { type Db, openDatabase } from './db/client.ts'
import { wasNotWritten, withRetries } from './db/failures.ts'
import type { WriteCost } from './db/group-commit.ts'
import { laterBookmark, primaryDatabase, replicaDatabase } from './db/replicas.ts'
import { type Attempt, countedCache, countedDatabase, countWrite, newTally, type Tally } from './db/tally.ts'
import type { Queryable } from './db/wrapped.ts'
import { directWriter, groupingWriter, type Write } from './db/writer.ts'
import { type Config, type Env, readConfig } from './env.ts'
import { toBase64Url } from './lib/bytes.ts'
import { ExpiringMap } from './lib/expiring-map.ts'
import { type Log, logToConsole } from './lib/log.ts'
import { wait } from './lib/time.ts'
import type { Identity } from './tokens/access-token.ts'

/** Counts a call for `key`; true while it is within the limit. */
export type Limit = (key: string) => Promise<boolean>

/** A response to a public GET, cached for a few seconds. */
export type CachedResponse = { body: string; etag: string; contentType: string; bookmark?: string | undefined }

/** What every isolate must know before it answers: maintenance mode and revocations. */
export type SharedState = {
  /** Since when the service is in maintenance mode; milliseconds. */
  stoppedAt: number | undefined
  /** User or session id -> access tokens issued for a lower account version are revoked. */
  revocations: Map<string, number>
  /** Milliseconds. */
  readAt: number
}

/** What an isolate caches between requests. Nothing here belongs to one request, and all of it may be lost at any time. */
export type IsolateCache = {
  /** The variables, once read. */
  config: Config | undefined
  sharedState: SharedState | undefined
  responses: ExpiringMap<CachedResponse>
  /** What KV returned for accounts and keys, so that a busy isolate does not ask it on every call. */
  lookups: ExpiringMap<unknown>
  /** Of this isolate's latest write. */
  bookmark: string | undefined
  /** Counts this isolate's writes: a response read before a write must not be cached after it. */
  writes: number
  /** User id -> end of the billing period that a charge found open. */
  openPeriods: ExpiringMap<number>
  /** HMACs of username, password and stored hash that scrypt has verified. */
  verified: ExpiringMap<true>
  /** HMAC of username and password -> the account that they were verified for, and its version then. */
  logins: ExpiringMap<{ id: number; version: number }>
  /** API keys as they were sent -> where the caches have them. Hashing one takes longer than the rest of a look-up. */
  keyNames: ExpiringMap<string>
  /** Access tokens whose signature was verified, until they expire. Whether they are revoked is looked up each time. */
  tokens: ExpiringMap<Identity>
  /** Networks, and names from networks, that sent too many wrong keys within a minute. */
  blockedGuessers: ExpiringMap<true>
  /** When recent 5xx responses were sent, and whether `service.failing` was sent for this burst. */
  failures: { times: number[]; alerted: boolean }
}

export const newIsolateCache = (): IsolateCache => ({
  config: undefined,
  sharedState: undefined,
  responses: new ExpiringMap(1000),
  lookups: new ExpiringMap(2000),
  bookmark: undefined,
  writes: 0,
  openPeriods: new ExpiringMap(10_000),
  verified: new ExpiringMap(1000),
  logins: new ExpiringMap(1000),
  keyNames: new ExpiringMap(2000),
  tokens: new ExpiringMap(2000),
  blockedGuessers: new ExpiringMap(10_000),
  failures: { times: [], alerted: false },
})

export type Deps = {
  config: Config
  /** The primary: what is written, and what has to be true now. */
  db: Db
  /** The nearest replica, for reads that may be a moment old; with all that this isolate and the caller's bookmark know of. */
  replica: Db
  /** Writes an item of a write set. */
  write: Write
  cache: KVNamespace
  assets: Fetcher
  limits: { loginPair: Limit; loginName: Limit; loginAddress: Limit; signupAddress: Limit }
  isolate: IsolateCache
  now: () => Date
  /** That many random bytes. */
  random: (bytes: number) => Uint8Array<ArrayBuffer>
  fetch: typeof fetch
  /** Resolves after this many milliseconds, or as soon as `until` is aborted. */
  wait: typeof wait
  /** Lets work continue after the response has been sent. */
  defer: (work: Promise<unknown>) => void
  log: Log
  tally: Tally
  /** The latest state of the database that this request has read or made. */
  latest: { bookmark: string | undefined }
}

/** One object for the database. */
const COMMITTER_NAME = 'main'

/** What a test or a script may replace. */
export type Outside = Partial<
  Pick<Deps, 'now' | 'random' | 'fetch' | 'wait' | 'defer' | 'log' | 'limits' | 'isolate'>
> & {
  /** Wraps the database, to count or to fail. */
  database?: (d1: Queryable) => Queryable
}

/** What a request says about the state that it must see. */
export type Seen = {
  /** Of the caller's latest write. */
  bookmark?: string | undefined
  /** No replica, for pages that show what was just changed. */
  onPrimary?: boolean
}

/** @throws Error when `env` is misconfigured; see `readConfig`. */
export function makeDeps(env: Env, isolate: IsolateCache, outside: Outside = {}, seen: Seen = {}): Deps {
  const tally = newTally()
  const latest: Deps['latest'] = { bookmark: undefined }
  isolate.config ??= readConfig(env)
  const { config } = isolate
  const shared = outside.isolate ?? isolate
  const limit =
    (binding: RateLimit): Limit =>
    async (key) =>
      (await binding.limit({ key })).success
  const random = outside.random ?? ((bytes) => crypto.getRandomValues(new Uint8Array(bytes)))
  const pause = outside.wait ?? wait
  const attempt: Attempt = (work) => withRetries({ random, wait: pause }, wasNotWritten, work)
  const open = (d1: Queryable) => openDatabase(countedDatabase(outside.database?.(d1) ?? d1, tally, attempt))
  const noteReplica = (bookmark: string) => {
    latest.bookmark = laterBookmark(latest.bookmark, bookmark)
  }
  const notePrimary = (bookmark: string) => {
    noteReplica(bookmark)
    shared.bookmark = laterBookmark(shared.bookmark, bookmark)
  }
  const db = open(primaryDatabase(env.DB, notePrimary))
  // Most calls need only one of the two.
  let replica: Db | undefined
  const direct = directWriter(db.$client, () => toBase64Url(random(9)))
  const noteCost = (cost: WriteCost) => {
    countWrite(tally, cost)
    if (cost.bookmark) notePrimary(cost.bookmark)
  }
  const committer = () =>
    env.COMMITTER?.getByName(COMMITTER_NAME, config.committerLocation ? { locationHint: config.committerLocation } : {})
  return {
    config,
    db,
    get replica() {
      replica ??= seen.onPrimary
        ? db
        : open(replicaDatabase(env.DB, laterBookmark(shared.bookmark, seen.bookmark), noteReplica))
      return replica
    },
    write: config.writeGrouping ? groupingWriter(committer, direct, noteCost) : direct,
    cache: countedCache(env.CACHE, tally),
    assets: env.ASSETS,
    limits: outside.limits ?? {
      loginPair: limit(env.LOGIN_PAIR),
      loginName: limit(env.LOGIN_NAME),
      loginAddress: limit(env.LOGIN_ADDRESS),
      signupAddress: limit(env.SIGNUP_ADDRESS),
    },
    isolate: shared,
    now: outside.now ?? (() => new Date()),
    random,
    fetch: outside.fetch ?? ((input, init) => fetch(input, init)),
    wait: pause,
    defer: outside.defer ?? ((work) => void work),
    log: outside.log ?? logToConsole,
    tally,
    latest,
  }
}

/** An id: a prefix that names its kind, and 120 random bits: `ses_…`. */
export function newId({ random }: Pick<Deps, 'random'>, prefix: string): string {
  return `${prefix}_${toBase64Url(random(15))}`
}
