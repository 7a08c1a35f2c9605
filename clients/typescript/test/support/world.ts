/** What a scenario has in every runtime: the proxy's controls, fresh players, and plain assertions. */
import { createStatkeep, memoryStore, type Outside, type StatkeepOptions, type Store } from '../../src/index.ts'
import type { Fault, Passed } from './proxy.ts'

export type World = ReturnType<typeof createWorld>

/** The service's clock only goes forward. */
let clockOffset = 0

export function createWorld(url: string, startOffset: number) {
  clockOffset = Math.max(clockOffset, startOffset)
  const tell = async (path: string, body: unknown = {}): Promise<Passed[]> =>
    (await fetch(`${url}/proxy/${path}`, { method: 'POST', body: JSON.stringify(body) })).json()
  const world = {
    url,
    password: 'pässwörd🔑',
    name: () => `p.${crypto.getRandomValues(new Uint32Array(2)).join('.')}`,
    fail: (...faults: Partial<Fault>[]) =>
      tell(
        'faults',
        faults.map((fault) => ({ times: 1, kind: 'answer', match: '', ...fault })),
      ),
    log: (): Promise<Passed[]> => tell('log'),
    calls: async (call: string) => (await tell('log')).filter((passed) => passed.call === call),
    clear: () => tell('clear'),
    jump: (seconds: number) => {
      clockOffset += seconds * 1000
      return tell('clock', { clockOffset })
    },
    client: (options: Partial<StatkeepOptions> = {}) =>
      createStatkeep({ url, ...options, outside: { random: () => 0, ...options.outside } }),
    /** A player who is logged in. */
    player: async (options: Partial<StatkeepOptions> = {}) => {
      await world.fail()
      const client = world.client(options)
      const name = world.name()
      await client.accounts.signUp(name, world.password)
      await client.session.logIn(name, world.password)
      await world.clear()
      return { client, name }
    },
    store: (): Store => memoryStore(),
  }
  return world
}

/** A clock that does not tick, and sleeps that take no time but the call's own limit. */
export function frozen(): { outside: Partial<Outside>; slept: number[] } {
  const slept: number[] = []
  let now = 0
  return {
    slept,
    outside: {
      now: () => now,
      random: () => 1,
      sleep: async (ms, signal) => {
        if (ms === 30_000) return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()))
        slept.push(ms)
        now += ms
      },
    },
  }
}

export function equal(actual: unknown, expected: unknown, about = ''): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (a !== b) throw new Error(`${about} is ${a}, not ${b}`)
}

export function ok(value: unknown, about: string): asserts value {
  if (!value) throw new Error(about)
}

export async function thrown(work: Promise<unknown>): Promise<any> {
  const nothing = Symbol('nothing')
  const error = await work.then(
    () => nothing,
    (error) => error,
  )
  if (error === nothing) throw new Error('nothing was thrown')
  return error
}
