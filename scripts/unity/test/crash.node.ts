/** Changes count exactly once while the service or the game is killed at any moment. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { chances } from '../../torture/chances.ts'
import { ahead, mono, net } from '../runtimes.ts'
import { last, probe, startProbe } from './probe.ts'
import { inWorld, stored } from './world.ts'

const LANES = 4
const KILLS = 200
/** Between two kills of the service. Few: what waits for its return goes out as one call. */
const CALLS = 8
/** After the start of the process, which takes about a tenth of a second. */
const LATEST_KILL_MS = 400

inWorld(
  (world, runtime) => {
    const { proxy, service } = world

    test('the service is killed three times under six hundred changes of four processes', async () => {
      const { name, device } = await world.player(runtime)
      const verbs = Array.from({ length: 150 }, () => [
        ['add', 'speedXp', '1'],
        ['sleep', '80'],
      ]).flat()
      const games = Array.from({ length: LANES }, () => startProbe(runtime, device, verbs))
      let running = LANES
      for (const { done } of games)
        done.then(() => {
          running--
        })
      let kills = 0
      for (let sent = CALLS; kills < 3 && running > 0; kills++, sent = proxy.of('PATCH', '/').length + CALLS) {
        while (proxy.of('PATCH', '/').length < sent && running > 0) await sleep(1)
        await service.kill()
        await service.start()
      }
      for (const { done } of games) {
        const outcomes = await done
        assert.equal(outcomes.length, verbs.length)
        assert.ok(outcomes.every(({ ok }) => ok))
      }
      assert.equal(kills, 3)
      assert.equal(last(await probe(runtime, device, ['drain'])).pending, 0)
      assert.equal(await service.value(name, 'speedXp'), 600)
      assert.equal(stored(device.dir, 'queue'), undefined)
    })

    if (runtime === ahead) return

    test('the game is killed at two hundred moments', async () => {
      const chance = chances(12)
      const lane = async () => {
        const { name, device } = await world.player(runtime)
        let begun = 0
        let certain = 0
        let known = new Set<string>()
        for (; begun < KILLS / LANES; begun++) {
          const { child, done } = startProbe(runtime, device, [['add', 'meleeAtkXp', '5']])
          await Promise.race([done, sleep(chance() * LATEST_KILL_MS)])
          child.kill('SIGKILL')
          const returned = (await done).length > 0
          const keys = keysOf(device.dir)
          // Its own key, which nobody has seen before: the change was in the store.
          if (returned || keys.some((key) => !known.has(key))) certain++
          known = new Set([...known, ...keys])
        }
        assert.equal(last(await probe(runtime, device, ['drain'])).pending, 0)
        return { begun, certain, counted: (await service.value(name, 'meleeAtkXp')) / 5 }
      }
      const lanes = []
      for (let i = 0; i < LANES; i++) lanes.push(lane())
      for (const { begun, certain, counted } of await Promise.all(lanes)) {
        assert.ok(Number.isInteger(counted))
        assert.ok(certain <= counted && counted <= begun, `${certain} certain, ${counted} counted, ${begun} begun`)
        assert.ok(certain > 0 && certain < begun, `${certain} of ${begun}: the kills come before and after the store`)
      }
    })
  },
  { runtimes: [mono, net, ahead] },
)

function keysOf(dir: string): string[] {
  const file = stored(dir, 'queue')
  return file ? JSON.parse(readFileSync(file, 'utf8')).map(({ key }: { key: string }) => key) : []
}
