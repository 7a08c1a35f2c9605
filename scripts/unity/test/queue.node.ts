/** Changes of stats: each counts exactly once, through lost answers, a missing network, refusals and a damaged store. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { last, type Outcome, probe } from './probe.ts'
import { inWorld, type Player, stored } from './world.ts'

const MAX_RECORD = 32 * 1024

const told = (outcomes: Outcome[], event: string) =>
  outcomes.flatMap(({ events }) => events).filter((text) => text.startsWith(event))

inWorld((world, runtime) => {
  const { proxy, service } = world

  const offline = async (player: Player, ...verbs: string[][]) => {
    proxy.rule = () => 'refuse'
    const outcomes = await probe(runtime, player.device, ...verbs)
    proxy.reset()
    return outcomes
  }

  test('fifty lost answers count once each', async () => {
    const { name, device } = await world.player(runtime)
    let sent = 0
    proxy.rule = ({ method }) => (method === 'PATCH' && ++sent % 2 === 1 && sent < 100 ? 'lose answer' : undefined)
    const adds = Array.from({ length: 50 }, () => [['add', 'speedXp', '1'], ['flush']]).flat()
    const outcomes = await probe(runtime, device, ...adds, ['drain'])
    assert.equal(last(outcomes).pending, 0)
    assert.equal(await service.value(name, 'speedXp'), 50)
    assert.equal(proxy.of('PATCH', '/').filter(({ replayed }) => replayed).length, 50)
  })

  test('ten thousand changes of an offline game stay small, and all arrive', async () => {
    const player = await world.player(runtime)
    const [all] = await offline(player, ['addall', '10000'])
    assert.equal(all?.taken, 10_000)
    assert.ok(readFileSync(stored(player.device.dir, 'queue') ?? '', 'utf8').length <= MAX_RECORD)
    assert.equal(last(await probe(runtime, player.device, ['drain'])).pending, 0)
    const { stats } = await service.call('GET', `/api/users/${player.name}/stats?`)
    assert.deepEqual(Object.values(stats), Array(10).fill(7000))
  })

  test('more than a call may change goes out in several, and more than the queue holds is refused', async () => {
    const player = await world.player(runtime)
    const [large, tooLarge] = await offline(player, ['add', 'sizeXp', '25000'], ['add', 'speedXp', '9007199254740991'])
    assert.equal(large?.queued, true)
    assert.equal(tooLarge?.code, 'queue_full')
    assert.equal(last(await probe(runtime, player.device, ['drain'])).pending, 0)
    const sent = proxy.of('PATCH', '/').map(({ body }) => JSON.parse(body).changes)
    assert.deepEqual(sent, [{ sizeXp: 10_000 }, { sizeXp: 10_000 }, { sizeXp: 5000 }])
    assert.equal(await service.value(player.name, 'sizeXp'), 25_000)
  })

  test('a queue that fills its record is still sent', async () => {
    const player = await world.player(runtime)
    await offline(player, ['add', 'sizeXp', '5'])
    const file = stored(player.device.dir, 'queue') as string
    const [entry] = JSON.parse(readFileSync(file, 'utf8'))
    const fresh = { ...entry, firstSentAt: 0, sealed: false, unanswered: false }
    const padded = (blanks: number) => JSON.stringify([{ ...fresh, body: entry.body + ' '.repeat(blanks) }])
    writeFileSync(file, padded(MAX_RECORD - padded(0).length))
    assert.equal(last(await probe(runtime, player.device, ['drain'])).pending, 0)
    assert.equal(await service.value(player.name, 'sizeXp'), 5)
  })

  test('one stat at its bound takes no other with it, and neither does one that does not exist', async () => {
    for (const [stat, change, code] of [
      ['blockXp', '-1', 'out_of_bounds'],
      ['nopeXp', '1', 'invalid_request'],
    ] as const) {
      const { name, device } = await world.player(runtime)
      const outcomes = await probe(runtime, device, ['addmany', 'sizeXp', '1', stat, change, 'speedXp', '2'], ['drain'])
      assert.deepEqual(told(outcomes, 'dropped'), [`dropped ${stat}=${change} ${code}`])
      assert.equal(await service.value(name, 'sizeXp'), 1)
      assert.equal(await service.value(name, 'speedXp'), 2)
    }
  })

  test('what was sent more than six days ago without an answer is not sent again', async () => {
    const player = await world.player(runtime)
    await offline(player, ['add', 'sizeXp', '5'])
    const outcomes = await probe(runtime, { ...player.device, daysOff: 6.5 }, ['drain'])
    assert.deepEqual(told(outcomes, 'uncertain'), ['uncertain sizeXp=5'])
    assert.equal(proxy.of('PATCH', '/').length, 0)
    assert.equal(last(outcomes).pending, 0)
  })

  test('what was refused more than six days ago goes out under a new key', async () => {
    const { name, device } = await world.player(runtime)
    const problem = { type: '/problems/stopped', title: 't', status: 503, detail: 'd', code: 'stopped', requestId: 'r' }
    proxy.rule = ({ method }) => (method === 'PATCH' ? { status: 503, body: JSON.stringify(problem) } : undefined)
    const [refused] = await probe(runtime, device, ['add', 'sizeXp', '5'])
    assert.equal(refused?.queued, true)
    const keys = proxy.of('PATCH', '/').map(({ key }) => key)
    proxy.reset()
    const outcomes = await probe(runtime, { ...device, daysOff: 6.5 }, ['drain'])
    assert.deepEqual(told(outcomes, 'uncertain'), [])
    const [again] = proxy.of('PATCH', '/')
    assert.ok(again && !keys.includes(again.key))
    assert.equal(await service.value(name, 'sizeXp'), 5)
  })

  test('other bytes under a key that has counted are not sent a second time', async () => {
    const { name, device } = await world.player(runtime)
    proxy.rule = ({ method }) => (method === 'PATCH' ? 'lose answer' : undefined)
    await probe(runtime, device, ['add', 'sizeXp', '5'])
    proxy.reset()
    const file = stored(device.dir, 'queue') as string
    writeFileSync(file, readFileSync(file, 'utf8').replace('\\"sizeXp\\":5', '\\"sizeXp\\":6'))
    const outcomes = await probe(runtime, device, ['drain'])
    assert.equal(last(outcomes).pending, 0)
    assert.deepEqual(told(outcomes, 'dropped'), [])
    assert.deepEqual(
      proxy.of('PATCH', '/').map(({ status, body }) => [status, JSON.parse(body).changes.sizeXp]),
      [[422, 6]],
    )
    assert.equal(await service.value(name, 'sizeXp'), 5)
  })

  for (const [what, text] of [
    ['cut', '[{"key":"a'],
    ['other JSON', '{"a":1}'],
    ['empty', ''],
    ['odd entries', '[1,{"key":"k","body":"{}"}]'],
  ] as const)
    test(`starts with a damaged queue: ${what}`, async () => {
      const player = await world.player(runtime)
      await offline(player, ['add', 'sizeXp', '5'])
      writeFileSync(stored(player.device.dir, 'queue') as string, text)
      const outcomes = await probe(runtime, player.device, ['add', 'sizeXp', '2'], ['drain'])
      assert.ok(outcomes.every(({ ok }) => ok))
      assert.equal(told(outcomes, 'dropped').length, 1)
      assert.equal(await service.value(player.name, 'sizeXp'), 2)
    })

  test('a store that cannot be written loses nothing while the game runs', async () => {
    const { name, device } = await world.player(runtime)
    const outcomes = await probe(
      runtime,
      device,
      ['breakstore'],
      ['add', 'sizeXp', '2'],
      ['add', 'sizeXp', '3'],
      ['drain'],
    )
    assert.ok(
      outcomes.every(({ ok }) => ok),
      JSON.stringify(outcomes),
    )
    assert.equal(await service.value(name, 'sizeXp'), 5)
  })

  test('goes out as soon as another call gets through', async () => {
    const { name, device } = await world.player(runtime)
    let isBack = false
    proxy.rule = ({ method, path }) => {
      isBack ||= path === '/api/users/me'
      return method === 'PATCH' && !isBack ? 'refuse' : undefined
    }
    // After five failures the next try would be many seconds away.
    const failures = Array.from({ length: 5 }, () => ['flush'])
    await probe(runtime, device, ['add', 'sizeXp', '5'], ...failures, ['me', '1'], ['sleep', '300'])
    assert.equal(await service.value(name, 'sizeXp'), 5)
  })

  test('a rise by a level is told once', async () => {
    const { device } = await world.player(runtime)
    let lost = 0
    proxy.rule = ({ method }) => (method === 'PATCH' && lost++ === 0 ? 'lose answer' : undefined)
    const outcomes = await probe(runtime, device, ['add', 'sizeXp', '9000'], ['drain'])
    assert.equal(told(outcomes, 'level sizeXp').length, 1)
  })

  test('the stored queue has no name in it, only what is to be sent', async () => {
    const player = await world.player(runtime)
    await offline(player, ['add', 'sizeXp', '5'])
    const text = readFileSync(stored(player.device.dir, 'queue') as string, 'utf8')
    assert.ok(!text.includes(player.name))
    assert.deepEqual(Object.keys(JSON.parse(text)[0]), [
      ...['key', 'path', 'body', 'run', 'sealed', 'firstSentAt', 'unanswered'],
    ])
  })
})

inWorld(
  (world, runtime) => {
    test('where players may not write their stats, the change is kept and the game is told what to set', async () => {
      const { device } = await world.player(runtime)
      const outcomes = await probe(runtime, device, ['add', 'sizeXp', '5'])
      assert.equal(last(outcomes).pending, 1)
      assert.deepEqual(told(outcomes, 'stuck'), ['stuck forbidden stats:write'])
    })
  },
  { vars: { PLAYERS_WRITE_STATS: 'false' } },
)
