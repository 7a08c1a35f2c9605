/** The real service, a faulty proxy before it, and players on devices, on each runtime. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { mono, net, type Runtime } from '../runtimes.ts'
import { type Device, folders, last, newFolder, probe, written } from './probe.ts'
import { FaultyProxy } from './proxy.ts'
import { Service } from './service.ts'

export const PASSWORD = 'a-password-of-a-player'

export type Player = { name: string; device: Device }

export class World {
  readonly service: Service
  readonly proxy = new FaultyProxy(() => this.service.url)
  #players = 0

  constructor(vars: Record<string, string> = {}) {
    this.service = new Service(vars)
  }

  newName(): string {
    return `player${++this.#players}`
  }

  /** Signs up, and leaves the session on a new device. */
  async player(runtime: Runtime): Promise<Player> {
    const player = { name: this.newName(), device: { dir: newFolder(), url: this.proxy.url } }
    const outcome = last(await probe(runtime, player.device, ['signup', player.name, PASSWORD]))
    assert.ok(outcome.ok, JSON.stringify(outcome))
    this.proxy.reset()
    return player
  }
}

/** Defines the tests once for each runtime, around one service, and looks for secrets after them. */
export function inWorld(
  define: (world: World, runtime: Runtime) => void,
  { runtimes = [mono, net], vars = {} }: { runtimes?: Runtime[]; vars?: Record<string, string> } = {},
): void {
  const world = new World(vars)
  before(async () => {
    await world.service.start()
    await world.proxy.start()
  })
  after(async () => {
    world.proxy.stop()
    await world.service.kill()
  })
  beforeEach(() => world.proxy.reset())
  for (const runtime of runtimes) describe(`on ${runtime.name}`, () => define(world, runtime))
  test('no log, exception or queue holds a password, a token or a key', () => {
    const queues = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.includes('.queue.'))
        .map((name) => readFileSync(join(folder, name), 'utf8')),
    )
    const text = [...written, ...queues].join('\n')
    assert.ok(text.length > 1000, 'there is something to look through')
    // A part of a long one is as bad.
    for (const secret of world.proxy.secrets)
      assert.ok(!text.includes(secret.slice(0, 40)), `found: ${secret.slice(0, 8)}…`)
    assert.ok(world.proxy.secrets.size > 3, 'there are secrets to look for')
  })
}

/** The file in which a device keeps its queue or its session; there is one where there is something to keep. */
export function stored(dir: string, what: 'queue' | 'session'): string | undefined {
  const file = readdirSync(dir).find((name) => new RegExp(`^statkeep\\.p\\.${what}(\\.\\d+)?$`).test(name))
  return file && join(dir, file)
}
