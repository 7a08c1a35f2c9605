/** The client of a Statkeep service, for browsers, Node and Workers. */
import createClient from 'openapi-fetch'
import { createAccounts } from './accounts.ts'
import type { paths } from './api.gen.ts'
import { createCall } from './api.ts'
import { createCredits, createData } from './credits.ts'
import { machine, type Outside } from './outside.ts'
import { createSession } from './session.ts'
import { createLeaderboards, createStats } from './stats.ts'
import { memoryStore, type Store } from './store.ts'
import { createTransport } from './transport.ts'

export type { components, paths } from './api.gen.ts'
export type { CallOptions, PageOptions, Schemas, UserRef } from './api.ts'
export { isProblem, NetworkError, type Problem, type ProblemCode, StatkeepError } from './errors.ts'
export type { Outside } from './outside.ts'
export type { User } from './session.ts'
export type { BatchChange, Stat, StatChanges } from './stats.ts'
export { localStore, memoryStore, type Store, type StoredSession } from './store.ts'

export type StatkeepOptions = {
  /** Of the service: `https://stats.example.com`. */
  url: string
  fetch?: Outside['fetch'] | undefined
  /** Where the session is kept; `memoryStore()` by default. */
  store?: Store
  /** Milliseconds for a call with all its retries; 30,000 by default. */
  timeout?: number
  /** Attempts after the first; 3 by default. */
  retries?: number
  /** Instead of a session. Everybody who gets the page or the build can read it. */
  apiKey?: string
  /** Without it an `apiKey` in a browser is refused. */
  allowApiKeyInBrowser?: boolean
  /** For tests: the clock, randomness and waiting. */
  outside?: Partial<Outside>
}

export type Statkeep = ReturnType<typeof createStatkeep>

const isBrowser = () => 'document' in globalThis || 'importScripts' in globalThis

export function createStatkeep(options: StatkeepOptions) {
  const { apiKey, fetch = machine.fetch, store = memoryStore(), timeout = 30_000, retries = 3 } = options
  if (apiKey && !options.allowApiKeyInBrowser && isBrowser()) {
    throw new TypeError('apiKey is public here: set allowApiKeyInBrowser')
  }
  const outside = { ...machine, fetch, ...options.outside }
  const base = options.url.replace(/\/+$/, '')
  const { session, credentials } = createSession(() => call, outside, store)
  const api = createClient<paths>({
    baseUrl: base,
    fetch: createTransport({ outside, base, timeout, retries, credentials, apiKey }),
  })
  const call = createCall(api)
  return {
    session,
    accounts: createAccounts(call, session),
    stats: createStats(call),
    leaderboards: createLeaderboards(call),
    credits: createCredits(call),
    data: createData(call),
    /** Every call of the service, as openapi-fetch shows it, with the same retries and refresh. */
    api,
  }
}
