/** Who is logged in: through expiry, lost answers, other processes, a missing network and wrong clocks. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ahead, mono, net } from '../runtimes.ts'
import { last, newFolder, probe, startProbe } from './probe.ts'
import { inWorld, PASSWORD, stored, type World } from './world.ts'

const EXPIRY = 601

/** From the `from`th request of that path on, the access token has expired. */
function expireBefore({ proxy, service }: World, path: string, from: number): void {
  let expired: Promise<void> | undefined
  proxy.rule = async (seen) => {
    if (seen.path !== path || proxy.of('GET', path).length < from) return undefined
    expired ??= service.moveClock(EXPIRY)
    await expired
    return undefined
  }
}

inWorld(
  (world, runtime) => {
    test('ten calls at expiry share one refresh', async () => {
      const { device } = await world.player(runtime)
      expireBefore(world, '/api/users/me', 2)
      const [, together] = await probe(runtime, device, ['me', '1'], ['me', '10'])
      assert.equal(together?.answers, 10, JSON.stringify(together))
      // One at the start, since a new run has no access token, and one at expiry.
      assert.equal(world.proxy.of('POST', '/api/token/refresh').length, 2)
      assert.ok(world.proxy.of('GET', '/api/users/me').filter(({ status }) => status === 401).length > 1)
    })

    if (runtime === ahead) return

    test('ten processes on one store share one pair of tokens', async () => {
      const { device } = await world.player(runtime)
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => probe(runtime, device, ['me', '1'])))
      assert.deepEqual(
        outcomes.map((outcome) => last(outcome).ok),
        Array(10).fill(true),
      )
      assert.ok(last(await probe(runtime, device, ['me', '1'])).ok)
    })

    for (const seconds of [2, 700])
      test(`a game killed during its refresh is logged in when it comes back after ${seconds} s`, async () => {
        const { device } = await world.player(runtime)
        const answered = new Promise<void>((resolve) => {
          world.proxy.rule = ({ path }) => {
            if (path !== '/api/token/refresh') return undefined
            setTimeout(resolve, 300)
            return 'keep answer'
          }
        })
        const { child, done } = startProbe(runtime, device, [['me', '1']])
        await answered
        assert.equal(world.proxy.seen[0]?.status, 200)
        child.kill('SIGKILL')
        assert.deepEqual(await done, [])
        world.proxy.reset()
        await world.service.moveClock(seconds)
        assert.ok(last(await probe(runtime, device, ['me', '2'])).ok)
        assert.equal(world.proxy.of('POST', '/api/token/refresh')[0]?.replayed, true)
        assert.ok(last(await probe(runtime, device, ['me', '1'])).ok)
      })

    test('a cut answer to a refresh logs nobody out', async () => {
      const { device } = await world.player(runtime)
      world.proxy.rule = ({ path }) => (path === '/api/token/refresh' ? 'cut answer' : undefined)
      const cut = last(await probe(runtime, device, ['refresh']))
      assert.equal(cut.code, 'bad_response')
      world.proxy.reset()
      assert.ok(last(await probe(runtime, device, ['me', '1'])).ok)
    })

    test('an ended session keeps the queue for its player and for no other', async () => {
      const { name, device } = await world.player(runtime)
      const other = world.newName()
      await world.service.call('POST', '/api/users', { body: { username: other, password: PASSWORD } })
      world.proxy.rule = () => 'refuse'
      assert.equal(last(await probe(runtime, device, ['add', 'sizeXp', '5'])).queued, true)
      world.proxy.reset()
      await world.service.call('DELETE', '/api/sessions', { token: `Basic ${btoa(`${name}:${PASSWORD}`)}` })
      const flushed = last(await probe(runtime, device, ['flush']))
      assert.deepEqual(
        flushed.events.filter((event) => event === 'ended'),
        ['ended'],
      )
      assert.equal(flushed.state, 'LoggedOut')
      assert.equal(last(await probe(runtime, device, ['login', other, PASSWORD], ['drain'])).pending, 0)
      assert.equal(await world.service.value(other, 'sizeXp'), 0)
      assert.equal(await world.service.value(name, 'sizeXp'), 0)
      assert.equal(last(await probe(runtime, device, ['login', name, PASSWORD], ['drain'])).pending, 0)
      assert.equal(await world.service.value(name, 'sizeXp'), 5)
    })

    test('starts at once without a network, with the stored player', async () => {
      const { name, device } = await world.player(runtime)
      world.proxy.rule = () => 'refuse'
      const [restored, called] = await probe(runtime, device, ['restore'], ['me', '1'])
      assert.equal(restored?.user, name)
      assert.equal(restored?.state, 'Offline')
      assert.ok(Number(restored?.ms) < 100, `${restored?.ms} ms`)
      assert.equal(called?.code, 'network')
      assert.ok(stored(device.dir, 'session'))
    })

    test('a device whose clock is ten years off refreshes as often as any other', async () => {
      const counts: number[] = []
      for (const daysOff of [0, 3650, -3650]) {
        const { name, device } = await world.player(runtime)
        expireBefore(world, '/api/users/me', 2)
        const outcomes = await probe(runtime, { ...device, daysOff }, ['me', '1'], ['add', 'sizeXp', '3'], ['me', '3'])
        assert.ok(
          outcomes.every(({ ok }) => ok),
          JSON.stringify(outcomes),
        )
        assert.equal(await world.service.value(name, 'sizeXp'), 3)
        counts.push(world.proxy.of('POST', '/api/token/refresh').length)
      }
      assert.deepEqual(counts, [2, 2, 2])
    })

    test('cancelling one who waits for a refresh leaves the others their answer', async () => {
      const { device } = await world.player(runtime)
      world.proxy.rule = async ({ path }) => {
        if (path === '/api/token/refresh') await sleep(800)
        return undefined
      }
      const outcome = last(await probe(runtime, device, ['cancel', 'refresh', '300']))
      assert.ok(outcome.ok, JSON.stringify(outcome))
      assert.equal(outcome.outcome, 'cancelled')
      assert.ok(Number(outcome.after) < 100, `${outcome.after} ms`)
      assert.equal(world.proxy.of('POST', '/api/token/refresh').length, 1)
    })

    test('a wrong password is told as such, and costs one call', async () => {
      const { device } = await world.player(runtime)
      const outcome = last(await probe(runtime, device, ['password', 'not-the-password', 'another-password']))
      assert.equal(outcome.code, 'invalid_credentials')
      assert.equal(outcome.state, 'LoggedIn')
      assert.equal(world.proxy.of('PATCH', '/api/users/me').length, 1)
    })

    test('a new password whose answer was lost is found out', async () => {
      const { name, device } = await world.player(runtime)
      let lost = 0
      world.proxy.rule = ({ method }) => (method === 'PATCH' && lost++ === 0 ? 'lose answer' : undefined)
      const changed = last(await probe(runtime, device, ['password', PASSWORD, 'another-password']))
      assert.ok(changed.ok, JSON.stringify(changed))
      assert.ok(last(await probe(runtime, device, ['logout'], ['login', name, 'another-password'])).ok)
    })

    test('a guest whose sign-up was lost is the same guest at the next try', async () => {
      const device = { dir: newFolder(), url: world.proxy.url }
      world.proxy.rule = ({ path }) => (path === '/api/users' ? 'lose answer' : undefined)
      assert.equal(last(await probe(runtime, { ...device, attempt: 1 }, ['guest'])).code, 'network')
      world.proxy.reset()
      const guest = last(await probe(runtime, device, ['guest']))
      assert.ok(guest.ok)
      assert.equal(world.proxy.of('POST', '/api/users')[0]?.replayed, true)
      assert.ok(
        last(await probe(runtime, device, ['logout'], ['login', String(guest.username), String(guest.password)])).ok,
      )
    })

    test('logging out ends the session on the service; an ended session is no fault', async () => {
      const { device } = await world.player(runtime)
      assert.equal(last(await probe(runtime, device, ['logout'])).state, 'LoggedOut')
      assert.equal(stored(device.dir, 'session'), undefined)
      assert.equal(world.proxy.of('DELETE', '/api/sessions').length, 1)
      assert.equal(last(await probe(runtime, device, ['me', '1'])).code, 'not_logged_in')
    })
  },
  { runtimes: [mono, net, ahead] },
)
