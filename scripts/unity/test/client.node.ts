/** The client against the real service behind a faulty proxy, on Mono and on .NET 8. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { toolchain } from '../toolchain.ts'
import { newFolder, type Outcome, probe, startProbe } from './probe.ts'
import { Proxy } from './proxy.ts'
import { Service } from './service.ts'

const tools = toolchain()
const service = new Service()
const proxy = new Proxy(() => service.url)
let players = 0

/** `{ dir, url }` of a player who is logged in, and the name. */
async function player(runtime: string[], dir = newFolder()) {
  const name = `player${++players}`
  const [outcome] = await probe(runtime, { dir, url: service.url }, ['signup', name, 'a-password'])
  assert.ok(outcome?.ok, JSON.stringify(outcome))
  return { name, at: { dir, url: proxy.url } }
}

const last = (outcomes: Outcome[]) => outcomes.at(-1) as Outcome

/** The file of that name in the player's store. */
const stored = (dir: string, name: string) => {
  const file = readdirSync(dir).find((entry) => entry.startsWith(`statkeep.p.${name}`) && /[a-z0-9]$/.test(entry) && !/\.(lock|next)$/.test(entry))
  return file ? join(dir, file) : undefined
}

before(async () => {
  await service.start()
  await proxy.start()
})
after(async () => {
  proxy.stop()
  await service.kill()
})

for (const [on, runtime] of [['Mono', tools.mono], ['.NET 8', tools.net]] as const)
  describe(`on ${on}`, () => {
    test('a lost answer counts once', async () => {
      proxy.reset()
      const { name, at } = await player(runtime)
      let count = 0
      proxy.rule = ({ method }) => (method === 'PATCH' && ++count % 2 === 1 ? 'lose answer' : undefined)
      const outcomes = await probe(runtime, at, ...Array.from({ length: 10 }, () => ['add', 'speedXp', '1']), ['drain'])
      assert.equal(last(outcomes).pending, 0)
      assert.equal(await service.value(name, 'speedXp'), 10)
      assert.ok(proxy.of('PATCH', '/').filter(({ replayed }) => replayed).length > 0)
    })

    test('ten calls at expiry share one refresh', async () => {
      proxy.reset()
      const { at } = await player(runtime)
      const { done } = startProbe(runtime, at, [['me', '1'], ['sleep', '1500'], ['me', '10']])
      await sleep(900)
      await service.moveClock(601)
      const [, , together] = await done
      assert.equal(together?.answers, 10, JSON.stringify(together))
      // One at the start, since a new run has no access token, and one at expiry.
      assert.equal(proxy.of('POST', '/api/token/refresh').length, 2)
    })

    test('ten processes on one store share one pair of tokens', async () => {
      proxy.reset()
      const { at } = await player(runtime)
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => probe(runtime, at, ['me', '1'])))
      assert.deepEqual(outcomes.map((outcome) => last(outcome).ok), Array(10).fill(true))
      assert.ok(last(await probe(runtime, at, ['me', '1'])).ok)
    })

    test('a lost answer to a refresh logs nobody out, even after the token of the replay has expired', async () => {
      proxy.reset()
      const { at } = await player(runtime)
      proxy.rule = ({ path }) => (path === '/api/token/refresh' ? 'lose answer' : undefined)
      const lost = last(await probe(runtime, { ...at, attempt: 1 }, ['refresh']))
      assert.equal(lost.code, 'network')
      await service.moveClock(700)
      proxy.reset()
      assert.ok(last(await probe(runtime, at, ['me', '2'])).ok)
      assert.ok(proxy.of('POST', '/api/token/refresh').some(({ replayed }) => replayed))
    })

    test('an ended session keeps the queue for its player and for no other', async () => {
      proxy.reset()
      const { name, at } = await player(runtime)
      const other = `player${++players}`
      await service.call('POST', '/api/users', { body: { username: other, password: 'a-password' } })
      proxy.rule = () => 'refuse'
      assert.equal(last(await probe(runtime, at, ['add', 'sizeXp', '5'])).queued, true)
      proxy.reset()
      await service.call('DELETE', '/api/sessions', { token: `Basic ${btoa(`${name}:a-password`)}` })
      const flushed = last(await probe(runtime, at, ['flush']))
      assert.deepEqual(flushed.events.filter((event) => event === 'ended'), ['ended'])
      assert.equal(flushed.state, 'LoggedOut')
      assert.equal(last(await probe(runtime, at, ['login', other, 'a-password'], ['drain'])).pending, 0)
      assert.equal(await service.value(other, 'sizeXp'), 0)
      assert.equal(await service.value(name, 'sizeXp'), 0)
      assert.equal(last(await probe(runtime, at, ['login', name, 'a-password'], ['drain'])).pending, 0)
      assert.equal(await service.value(name, 'sizeXp'), 5)
    })

    test('starts at once without a network, with the stored player', async () => {
      const { name, at } = await player(runtime)
      const restored = last(await probe(runtime, { ...at, url: 'http://127.0.0.1:1' }, ['restore']))
      assert.equal(restored.user, name)
      assert.equal(restored.state, 'Offline')
      assert.ok(restored.ms < 100, `${restored.ms} ms`)
      assert.ok(stored(at.dir, 'session'))
    })

    test('keeps ten thousand changes of an offline game small, and delivers each exactly once', async () => {
      proxy.reset()
      const { name, at } = await player(runtime)
      proxy.rule = () => 'refuse'
      const offline = last(await probe(runtime, at, ['addall', '10000']))
      const file = stored(at.dir, 'queue') ?? ''
      assert.ok(readFileSync(file, 'utf8').length <= 32 * 1024)
      proxy.reset()
      assert.equal(last(await probe(runtime, at, ['drain'])).pending, 0)
      const { stats } = await service.call('GET', `/api/users/${name}/stats?`)
      const sum = Object.values(stats as Record<string, number>).reduce((a, b) => a + b, 0)
      assert.equal(sum, Number(offline.taken) * 7)
      for (const { body } of proxy.of('PATCH', '/'))
        for (const change of Object.values(JSON.parse(body).changes as Record<string, number>)) assert.ok(change <= 10_000)
    })

    test('one stat at its bound takes no other with it', async () => {
      proxy.reset()
      const { name, at } = await player(runtime)
      const outcomes = await probe(runtime, at, ['addmany', 'sizeXp', '1', 'blockXp', '-1', 'speedXp', '2'], ['drain'])
      const dropped = outcomes.flatMap(({ events }) => events).filter((event) => event.startsWith('dropped'))
      assert.deepEqual(dropped, ['dropped blockXp=-1 out_of_bounds'])
      assert.equal((await service.value(name, 'sizeXp')) + (await service.value(name, 'speedXp')), 3)
    })

    test('what was sent more than six days ago without an answer is not sent again', async () => {
      proxy.reset()
      const { at } = await player(runtime)
      proxy.rule = ({ method }) => (method === 'PATCH' ? 'refuse' : undefined)
      await probe(runtime, at, ['add', 'sizeXp', '5'])
      proxy.reset()
      const outcome = last(await probe(runtime, { ...at, daysOff: 6.5 }, ['drain']))
      assert.deepEqual(outcome.events.filter((event) => event.startsWith('uncertain')), ['uncertain sizeXp=5'])
      assert.equal(proxy.of('PATCH', '/').length, 0)
    })

    for (const [what, text] of [['cut', '[{"key":"a'], ['other JSON', '{"a":1}'], ['empty', ''], ['odd entries', '[1,{"key":"k","body":"{}"}]']])
      test(`starts with a damaged queue: ${what}`, async () => {
        proxy.reset()
        const { name, at } = await player(runtime)
        proxy.rule = () => 'refuse'
        await probe(runtime, at, ['add', 'sizeXp', '5'])
        writeFileSync(stored(at.dir, 'queue') as string, text as string)
        proxy.reset()
        const outcomes = await probe(runtime, at, ['add', 'sizeXp', '2'], ['drain'])
        assert.ok(outcomes.every(({ ok }) => ok))
        assert.ok(outcomes.some(({ events }) => events.some((event) => event.startsWith('dropped'))))
        assert.equal(await service.value(name, 'sizeXp'), 2)
      })

    for (const [what, fault] of [
      ['an HTML error page', { status: 502, body: '<html>Bad gateway</html>' }],
      ['an empty body', { status: 200, body: '' }],
      ['half a body', { status: 400, body: '{"code":' }],
      ['HTML with 200', { status: 200, body: '<html>Log in to the hotel</html>', headers: { 'Content-Type': 'text/html' } }],
      ['JSON without the fields', { status: 200, body: '{"other":1}' }],
      ['ten megabytes', { status: 200, body: `"${'x'.repeat(1e7)}"` }],
    ] as const)
      test(`${what} is a bad_response with its status`, async () => {
        proxy.reset()
        proxy.rule = () => fault
        const outcome = last(await probe(runtime, { dir: newFolder(), url: proxy.url }, ['catalog']))
        assert.deepEqual([outcome.code, outcome.status], ['bad_response', fault.status])
        assert.ok(String(outcome.detail).length < 300)
      })

    test('waits as long as Retry-After says, and gives up at once where that cannot be', async () => {
      const problem = (retryAfter: string, status = 429, code = 'rate_limited') => ({
        status,
        headers: { 'Retry-After': retryAfter },
        body: JSON.stringify({ type: `/problems/${code}`, title: 't', status, detail: 'd', code, requestId: 'r' }),
      })
      proxy.reset()
      proxy.rule = () => (proxy.seen.length === 1 ? problem('2') : undefined)
      assert.ok(last(await probe(runtime, { dir: newFolder(), url: proxy.url }, ['catalog'])).ok)
      const [first, second] = proxy.seen
      const waited = (second?.at ?? 0) - (first?.at ?? 0)
      assert.ok(waited >= 1990 && waited < 2500, `${waited} ms`)
      for (const [text, seconds] of [['3600', 3600], ['-1', undefined], ['soon', undefined], ['Wed, 21 Oct 2037 07:28:00 GMT', undefined]] as const)
        for (const fault of [problem(text), problem(text, 503, 'stopped')]) {
          proxy.reset()
          proxy.rule = () => fault
          const outcome = last(await probe(runtime, { dir: newFolder(), url: proxy.url }, ['catalog']))
          assert.equal(proxy.seen.length, 1, text)
          assert.deepEqual([outcome.status, outcome.retryAfter], [fault.status, seconds])
        }
    })

    for (const [where, fault] of [['before the answer', 'hang'], ['in the body', 'hang in the body'], ['between attempts', { status: 503, body: '' }]] as const)
      test(`cancelling ${where} ends the call at once`, async () => {
        proxy.reset()
        proxy.rule = () => fault
        const outcome = last(await probe(runtime, { dir: newFolder(), url: proxy.url }, ['cancel', 'catalog', '300']))
        // Between two attempts the delay is random, and may be over.
        assert.equal(outcome.outcome, 'cancelled')
        assert.ok(Number(outcome.after) < 100, `${outcome.after} ms`)
        await sleep(100)
        if (fault === 'hang') assert.equal(proxy.seen[0]?.closed, true)
      })

    test('takes any name, password, reason and number', async () => {
      proxy.reset()
      const dir = newFolder()
      const name = `dot.ted${++players}`
      const outcomes = await probe(runtime, { dir, url: proxy.url }, ['signup', name, 'pässwörd🔑'], ['logout'], ['login', name, 'pässwörd🔑'], ['spend', '1', 'a hat 🎩'], ['ledger'])
      assert.ok(outcomes.every(({ ok }) => ok), JSON.stringify(outcomes))
      assert.ok((last(outcomes).reasons as string[]).includes('a hat 🎩'))
    })
  })
