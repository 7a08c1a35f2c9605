/** Every call about accounts, sessions and credits does on the service what its name says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { last, probe } from './probe.ts'
import { inWorld, PASSWORD, stored } from './world.ts'

inWorld((world, runtime) => {
  test('an account from its look-up to its deletion', async () => {
    const { name, device } = await world.player(runtime)
    const used = last(await probe(runtime, device, ['account', name, PASSWORD]))
    assert.ok(used.ok, JSON.stringify(used))
    assert.deepEqual(used.found, [name])
    assert.ok((used.listed as string[]).includes(name))
    assert.deepEqual([used.email, used.own], [`${name}@example.com`, `${name}@example.com`])
    assert.deepEqual([used.exported, used.sessions, used.left, used.reset], [true, 2, 1, 'invalid_credentials'])
    assert.equal(used.state, 'LoggedOut')
    assert.equal(stored(device.dir, 'session'), undefined)
    assert.equal((await world.service.call('GET', `/api/users/${name}`)).code, 'not_found')
  })

  test('holds, captures, releases and what they cost', async () => {
    const { device } = await world.player(runtime)
    const used = last(await probe(runtime, device, ['holds']))
    assert.ok(used.ok, JSON.stringify(used))
    assert.deepEqual([used.held, used.captured, used.released, used.spent, used.used], [9, 4, 5, 4, 4])
    assert.equal(used.refused, 'insufficient_credits')
    assert.equal(Number(used.required) - Number(used.balance), 5)
  })

  test('logging out keeps what waits; forgetting deletes it', async () => {
    const { name, device } = await world.player(runtime)
    world.proxy.rule = ({ method }) => (method === 'PATCH' ? 'refuse' : undefined)
    await probe(runtime, device, ['add', 'sizeXp', '5'], ['logout'])
    assert.ok(stored(device.dir, 'queue'))
    await probe(runtime, device, ['login', name, PASSWORD], ['forget'])
    assert.equal(stored(device.dir, 'queue'), undefined)
    assert.equal(stored(device.dir, 'session'), undefined)
  })

  test('reads after a write see it', async () => {
    const { device } = await world.player(runtime)
    const outcomes = await probe(runtime, device, ['stats', 'me'], ['add', 'sizeXp', '5'], ['stats', 'me'])
    assert.equal((last(outcomes).stats as Record<string, number>).sizeXp, 5)
    const asked = world.proxy.of('GET', '/api/users/me/stats')
    assert.deepEqual(
      asked.map(({ cacheControl }) => cacheControl),
      ['', 'no-cache'],
    )
    const [before = '', after = ''] = asked.map(({ bookmark }) => bookmark)
    assert.ok(after > before, `the bookmark of the write is sent: ${after}`)
  })
})
