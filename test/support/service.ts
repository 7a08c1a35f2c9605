/** The service as a caller sees it, with a clock, limits and a log that the test holds. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createApp } from '../../src/app.ts'
import { countedDatabase, newTally, type Tally } from '../../src/db/tally.ts'
import { makeDeps, newIsolateCache, type Outside } from '../../src/deps.ts'
import type { Env } from '../../src/env.ts'
import type { Scope } from '../../src/keys/scopes.ts'
import { sha256 } from '../../src/lib/bytes.ts'
import type { LogRecord } from '../../src/lib/log.ts'

export type Call = {
  method?: string
  /** Sent as JSON, or as it is where it is text. */
  body?: unknown
  headers?: Record<string, string>
  /** Bearer token or API key. */
  bearer?: string
  /** `name:password` */
  basic?: string
}

export type Answer = { status: number; headers: Headers; body: any; text: string }

const unlimited = async () => true

export const NOON = Date.parse('2027-01-15T12:00:00Z')

/** A service of its own: nothing cached, empty database. `vars` replace variables of wrangler.toml. */
export function startService({ vars = {}, ...outside }: Outside & { vars?: Partial<Record<keyof Env, unknown>> } = {}) {
  const clock = { now: NOON }
  const logged: LogRecord[] = []
  const tally: Tally = newTally()
  const limits = { loginPair: unlimited, loginName: unlimited, loginAddress: unlimited, signupAddress: unlimited }
  const handedIn: Outside = {
    now: () => new Date(clock.now),
    log: (level, record) => {
      logged.push({ level, ...record })
      if (level === 'error') console.error(record)
    },
    limits,
    database: (d1) => countedDatabase(d1, tally),
    ...outside,
  }
  const app = createApp(handedIn)

  async function call(path: string, { method, body, headers = {}, bearer, basic }: Call = {}): Promise<Answer> {
    const all = new Headers(headers)
    if (bearer !== undefined) all.set('Authorization', `Bearer ${bearer}`)
    if (basic !== undefined)
      all.set('Authorization', `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(basic)))}`)
    if (body !== undefined && !all.has('Content-Type')) all.set('Content-Type', 'application/json')
    const request = new Request(new URL(path, 'https://statkeep.test'), {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: all,
      body:
        body === undefined || typeof body === 'string' || body instanceof Uint8Array
          ? (body as BodyInit | null | undefined)
          : JSON.stringify(body),
    })
    const context = createExecutionContext()
    const response = await app.fetch(request, { ...env, ...vars }, context)
    const text = await response.text()
    await waitOnExecutionContext(context)
    return { status: response.status, headers: response.headers, text, body: parse(text) }
  }

  return {
    app,
    /** What verbs take that no route calls: those of cron. */
    deps: () => makeDeps({ ...env, ...vars } as Env, newIsolateCache(), handedIn),
    clock,
    logged,
    call,
    /** What `work` cost in D1. */
    async cost(work: () => Promise<unknown>): Promise<Tally> {
      Object.assign(tally, newTally())
      await work()
      return { ...tally }
    },
    /** Makes a user with a password; gives the id. */
    async user(username = 'kicksent', password = 'python', more: Record<string, unknown> = {}): Promise<number> {
      const { body, status } = await call('/api/users', { body: { username, password, ...more } })
      if (status !== 201) throw new Error(`no user: ${JSON.stringify(body)}`)
      return body.id
    },
    /** An access token for a user with a password. */
    async token(username = 'kicksent', password = 'python'): Promise<string> {
      return (await call('/api/token', { basic: `${username}:${password}` })).body.token
    },
  }
}

export type Service = ReturnType<typeof startService>

let keys = 0

/** An API key with these scopes, of this user or of nobody. */
export async function insertKey(scopes: Scope[], userId: number | null = null): Promise<string> {
  const secret = `sk_test${String(++keys).padStart(39, '0')}`
  await env.DB.prepare(
    'INSERT INTO api_keys (id, user_id, name, secret_hash, prefix, last_four, scopes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
    .bind(`key_${keys}`, userId, 'test', await sha256(secret), 'sk_test', secret.slice(-4), scopes.join(' '), NOON)
    .run()
  return secret
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
