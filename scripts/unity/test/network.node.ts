/** One call through a bad network: one type of exception, a wait that ends, and any text unharmed. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { ahead, mono, net } from '../runtimes.ts'
import { last, newFolder, probe } from './probe.ts'
import { inWorld } from './world.ts'

const problem = (retryAfter: string, status = 429, code = 'rate_limited') => ({
  status,
  headers: { 'Retry-After': retryAfter },
  body: JSON.stringify({ type: `/problems/${code}`, title: 't', status, detail: 'd', code, requestId: 'r' }),
})

inWorld(
  (world, runtime) => {
    const { proxy } = world
    const device = () => ({ dir: newFolder(), url: proxy.url })

    for (const [what, fault] of [
      ['an HTML error page', { status: 502, body: '<html>Bad gateway</html>' }],
      ['an empty body', { status: 200, body: '' }],
      ['half a body', { status: 400, body: '{"code":' }],
      ['HTML with 200', { status: 200, body: '<html>Hotel</html>', headers: { 'Content-Type': 'text/html' } }],
      ['JSON that says it is HTML', { status: 200, body: '{"stats":[]}', headers: { 'Content-Type': 'text/html' } }],
      ['JSON without the fields', { status: 200, body: '{"other":1}' }],
      ['ten megabytes', { status: 200, body: `{"stats":"${'x'.repeat(1e7)}"}` }],
    ] as const)
      test(`${what} is a bad_response with its status`, async () => {
        proxy.rule = () => fault
        const outcome = last(await probe(runtime, device(), ['catalog']))
        assert.deepEqual([outcome.code, outcome.status], ['bad_response', fault.status])
        assert.ok(String(outcome.detail).length < 300)
      })

    if (runtime === ahead) return

    test('a call that gets no answer ends at its deadline', async () => {
      proxy.rule = () => 'hang'
      const outcome = last(await probe(runtime, { ...device(), attempt: 0.3 }, ['catalog']))
      assert.equal(outcome.code, 'timeout')
      assert.equal(proxy.seen.length, 5)
    })

    test('waits as long as Retry-After says', async () => {
      proxy.rule = () => (proxy.seen.length === 1 ? problem('2') : undefined)
      assert.ok(last(await probe(runtime, device(), ['catalog'])).ok)
      const [first, second] = proxy.seen
      const waited = (second?.at ?? 0) - (first?.at ?? 0)
      assert.ok(waited >= 1990 && waited < 2500, `${waited} ms`)
    })

    for (const [text, isRight] of [
      ['3600', (seconds: unknown) => seconds === 3600],
      ['-1', (seconds: unknown) => seconds === undefined],
      ['soon', (seconds: unknown) => seconds === undefined],
      ['Wed, 21 Oct 2037 07:28:00 GMT', (seconds: unknown) => Number(seconds) > 3e8],
    ] as const)
      test(`Retry-After: ${text} ends the call at once`, async () => {
        for (const fault of [problem(text), problem(text, 503, 'stopped')]) {
          proxy.reset()
          proxy.rule = () => (proxy.seen.length > 1 ? fault : undefined)
          // The first call is the start of the runtime; of the others the fastest counts, since CI may be busy.
          const calls = Array.from({ length: 4 }, () => ['catalog'])
          const outcomes = (await probe(runtime, device(), ...calls)).slice(1)
          const outcome = last(outcomes)
          const fastest = Math.min(...outcomes.map(({ ms }) => ms))
          assert.equal(proxy.seen.length, calls.length)
          assert.equal(outcome.status, fault.status)
          assert.ok(isRight(outcome.retryAfter), String(outcome.retryAfter))
          assert.ok(fastest < 100, `${fastest} ms`)
        }
      })

    for (const [where, fault] of [
      ['before the answer', 'hang'],
      ['in the body', 'hang in the body'],
      ['between attempts', problem('20')],
    ] as const)
      test(`cancelling ${where} ends the call at once`, async () => {
        proxy.rule = () => fault
        const [outcome] = await probe(runtime, device(), ['cancel', 'catalog', '300'], ['sleep', '600'])
        const end = performance.now()
        assert.equal(outcome?.outcome, 'cancelled')
        assert.ok(Number(outcome?.after) < 100, `${outcome?.after} ms`)
        // By the client, not by the end of its process.
        if (typeof fault === 'string') assert.ok((proxy.seen[0]?.closedAt ?? end) < end - 300)
      })

    test('cancelling while it connects ends the call at once', async () => {
      const { url, stop } = await deafPort()
      try {
        const outcome = last(await probe(runtime, { dir: newFolder(), url }, ['cancel', 'catalog', '300']))
        assert.equal(outcome.outcome, 'cancelled')
        assert.ok(Number(outcome.after) < 100, `${outcome.after} ms`)
      } finally {
        stop()
      }
    })

    test('refuses http to another machine', async () => {
      const outcome = last(await probe(runtime, { dir: newFolder(), url: 'http://statkeep.example.com' }, ['catalog']))
      assert.equal(outcome.code, 'insecure_url')
    })

    test('an error code that the client does not know reaches the game', async () => {
      proxy.rule = () => problem('1', 409, 'teapot')
      const outcome = last(await probe(runtime, device(), ['catalog']))
      assert.deepEqual([outcome.code, outcome.status, outcome.detail], ['teapot', 409, 'd'])
      assert.equal(proxy.seen.length, 1)
    })

    test('takes any name, password and reason', async () => {
      const name = `dot.ted-${world.newName()}`
      const outcomes = await probe(
        runtime,
        device(),
        ['signup', name, 'pässwörd🔑'],
        ['logout'],
        ['login', name, 'pässwörd🔑'],
        ['spend', '1', 'a hat 🎩'],
        ['ledger'],
        ['me', '1'],
      )
      assert.ok(
        outcomes.every(({ ok }) => ok),
        JSON.stringify(outcomes),
      )
      assert.deepEqual((outcomes[4]?.reasons as string[] | undefined)?.slice(0, 1), ['a hat 🎩'])
    })
  },
  { runtimes: [mono, net, ahead] },
)

/** A port that takes no further connection: a client hangs while it connects. */
async function deafPort(): Promise<{ url: string; stop: () => void }> {
  const code = `
import socket, time
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(0)
waiting = [socket.socket() for _ in range(4)]
for one in waiting:
    one.setblocking(False)
    one.connect_ex(server.getsockname())
print(server.getsockname()[1], flush=True)
time.sleep(60)`
  const child = spawn('python3', ['-c', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(child.stdout, 'data')
  return { url: `http://127.0.0.1:${String(port).trim()}`, stop: () => child.kill() }
}
