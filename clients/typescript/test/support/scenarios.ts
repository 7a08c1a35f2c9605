/** What must be true in Node, in workerd and in a browser alike, against the real service. */
import { isProblem, memoryStore, NetworkError, StatkeepError, type StoredSession } from '../../src/index.ts'
import { equal, frozen, ok, thrown, type World } from './world.ts'

const ME = 'GET /api/users/me'
const ADD = 'PATCH /api/users/me/stats'
const REFRESH = 'POST /api/token/refresh'
const BOARD = 'GET /api/leaderboards/speedXp'

export const scenarios: Record<string, (world: World) => Promise<void>> = {
  'a lost answer counts once, under one key': async (world) => {
    const { client } = await world.player()
    for (let i = 0; i < 10; i++) {
      await world.fail({ match: ADD, kind: 'lose', times: 2 })
      await client.stats.add({ speedXp: 1 })
    }
    const { stats } = await client.accounts.me()
    equal(stats.speedXp, 10, 'speedXp')
    const sent = await world.calls(ADD)
    equal(sent.length, 30, 'attempts')
    equal(new Set(sent.map(({ key }) => key)).size, 10, 'keys')
  },

  'ten calls at expiry refresh once': async (world) => {
    const { client } = await world.player()
    await world.jump(601)
    const all = await Promise.all(Array.from({ length: 10 }, () => client.accounts.me()))
    equal(all.length, 10)
    equal((await world.calls(REFRESH)).length, 1, 'refreshes')
  },

  'ten clients on one store stay logged in': async (world) => {
    const store = memoryStore()
    const { client } = await world.player({ store })
    const others = Array.from({ length: 9 }, () => world.client({ store }))
    await world.jump(601)
    await Promise.all([client, ...others].map((each) => each.accounts.me()))
    await world.jump(601)
    await Promise.all([client, ...others].map((each) => each.accounts.me()))
  },

  'a refresh whose answer was lost goes on after a restart': async (world) => {
    const store = memoryStore()
    const { client } = await world.player({ store })
    await world.jump(601)
    await world.fail({ match: REFRESH, kind: 'lose', times: 4 })
    ok((await thrown(client.accounts.me())) instanceof NetworkError, 'the caller learns that the network failed')
    await world.jump(700)
    const again = world.client({ store })
    ok(await again.session.restore(), 'the stored user')
    await again.accounts.me()
    equal((await world.log()).filter(({ call }) => call === REFRESH).length, 6, 'refreshes')
  },

  'a lost refresh of another tab is taken up, however old its token': async (world) => {
    const store = memoryStore()
    const { client } = await world.player({ store })
    const other = world.client({ store })
    await other.accounts.me()
    await world.jump(601)
    await world.fail({ match: REFRESH, kind: 'lose', times: 4 })
    ok((await thrown(client.accounts.me())) instanceof NetworkError, 'a network error')
    await world.jump(700)
    await other.accounts.me()
    await client.accounts.me()
  },

  'a refresh that the service cannot do now ends nothing': async (world) => {
    const store = memoryStore()
    const { client } = await world.player({ store })
    await world.jump(601)
    const body = JSON.stringify({ code: 'stopped', status: 503, detail: 'stopped' })
    await world.fail({ match: REFRESH, status: 503, headers: { 'retry-after': '3600' }, body })
    ok(isProblem(await thrown(client.accounts.me()), 'stopped'), 'the caller learns that the service is stopped')
    ok(await store.get(), 'the session is kept')
    await client.accounts.me()
  },

  'a revoked session ends once, and not for a newer one': async (world) => {
    const store = memoryStore()
    const { client, name } = await world.player({ store })
    const ended: string[] = []
    client.session.on('ended', (reason) => ended.push(reason))
    const elsewhere = world.client()
    await elsewhere.session.logIn(name, world.password)
    await elsewhere.session.endAll()
    await world.jump(601)
    const errors = await Promise.all([thrown(client.accounts.me()), thrown(client.stats.add({ sizeXp: 1 }))])
    for (const error of errors) equal(error.status, 401, 'status')
    equal(ended, ['revoked'], 'ended')
    equal(client.session.user, undefined, 'user')
    equal(await store.get(), undefined, 'store')

    const two = await world.player({ store })
    const old = (await store.get()) as StoredSession
    const loaded = world.client({ store })
    await loaded.session.restore()
    await two.client.session.logOut()
    await two.client.session.logIn(two.name, world.password)
    await loaded.accounts.me()
    let reads = 0
    const late = world.client({ store: { ...store, get: () => (reads++ < 2 ? old : store.get()) } })
    await late.accounts.me()
    ok((await store.get())?.refreshToken !== old.refreshToken, 'the newer session stands')
  },

  'what was meant for one user is not sent for the next': async (world) => {
    const store = memoryStore()
    const one = await world.player({ store })
    await world.jump(601)
    await world.fail({ match: REFRESH, kind: 'refuse', times: 4 })
    ok((await thrown(one.client.accounts.me())) instanceof NetworkError, 'a network error')
    const two = await world.player({ store })
    equal((await thrown(one.client.stats.add({ healthXp: 5 }))).status, 401, 'status')
    equal((await two.client.accounts.me()).stats.healthXp, 0, 'healthXp of the second')
    await two.client.session.logIn(one.name, world.password)
    equal((await two.client.accounts.me()).stats.healthXp, 0, 'healthXp of the first')
  },

  'restore needs no network': async (world) => {
    const store = memoryStore()
    const { name } = await world.player({ store })
    const client = world.client({ store, fetch: () => Promise.reject(new TypeError('no network')), retries: 0 })
    const from = performance.now()
    equal((await client.session.restore())?.username, name, 'username')
    ok(performance.now() - from < 100, 'at once')
    ok((await thrown(client.accounts.me())) instanceof NetworkError, 'a network error')
    ok(await store.get(), 'nothing is deleted')
  },

  'what is no answer of the service is bad_response': async (world) => {
    const { client } = await world.player()
    const wrong: [string, object][] = [
      ['html 502', { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>', times: 4 }],
      ['empty', { status: 200, body: '' }],
      ['cut', { status: 200, body: '{"code":' }],
      ['html 200', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
      ['wrong type', { status: 200, headers: { 'content-type': 'text/plain' }, body: '{"a":1}' }],
      ['no problem', { status: 400, body: '{"message":"no"}' }],
      ['long', { status: 200, size: 10_000_000 }],
    ]
    for (const [about, fault] of wrong) {
      await world.fail({ match: ME, ...fault })
      const error = await thrown(client.accounts.me())
      ok(error instanceof StatkeepError && isProblem(error, 'bad_response'), `${about}: ${error}`)
      equal(error.status, (fault as { status: number }).status, about)
      ok(error.detail.length <= 200, `${about}: a short text`)
    }
    await world.fail({ match: ME, status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>', times: 3 })
    await client.accounts.me()
  },

  'Retry-After is waited for where it fits': async (world) => {
    const clock = frozen()
    const { client } = await world.player({ outside: clock.outside })
    const body = JSON.stringify({ code: 'rate_limited', status: 429, detail: 'slow' })
    await world.fail({ match: ME, status: 429, headers: { 'retry-after': '2' }, body })
    await client.accounts.me()
    equal(clock.slept, [2000], 'slept')
    for (const [value, seconds] of [
      ['3600', 3600],
      ['-1', undefined],
      ['soon', undefined],
      ['Thu, 01 Jan 2099 00:00:00 GMT', undefined],
    ] as const) {
      for (const status of [429, 503]) {
        await world.clear()
        await world.fail({ match: ME, status, headers: { 'retry-after': value }, body })
        const error = await thrown(client.accounts.me())
        equal([error.status, error.retryAfter], [status, seconds], value)
        equal((await world.calls(ME)).length, 1, 'attempts')
      }
    }
  },

  'Retry-After is waited for in real time': async (world) => {
    const { client } = await world.player()
    const body = JSON.stringify({ code: 'rate_limited', status: 429, detail: 'slow' })
    await world.fail({ match: ME, status: 429, headers: { 'retry-after': '2' }, body })
    await client.accounts.me()
    const [first, second] = await world.calls(ME)
    const waited = (second?.at ?? 0) - (first?.at ?? 0)
    ok(waited >= 1950 && waited < 2500, `waited ${waited} ms`)
  },

  'delays grow, and four attempts are all': async (world) => {
    const clock = frozen()
    const { client } = await world.player({ outside: clock.outside })
    await world.fail({ match: ADD, kind: 'refuse', times: 9 })
    const error = await thrown(client.stats.add({ speedXp: 1 }))
    ok(error instanceof NetworkError && error.code === 'network', `${error}`)
    equal(clock.slept, [500, 1000, 2000], 'slept')
    equal((await world.calls(ADD)).length, 4, 'attempts')
  },

  'a call has one time limit for all it does': async (world) => {
    const { client } = await world.player({ timeout: 300 })
    await world.fail({ match: ME, kind: 'hang', times: 9 })
    const from = performance.now()
    const error = await thrown(client.accounts.me())
    ok(error instanceof NetworkError && error.code === 'timeout', `${error}`)
    ok(performance.now() - from < 900, 'within its time')
  },

  "the device's clock does not matter": async (world) => {
    const { client } = await world.player()
    const now = Date.now
    try {
      for (const years of [10, -10]) {
        Date.now = () => now() + years * 365 * 86_400_000
        await client.accounts.me()
      }
    } finally {
      Date.now = now
    }
    equal((await world.calls(REFRESH)).length, 0, 'refreshes')
  },

  'a signal ends whatever is waited for, at once': async (world) => {
    const { client } = await world.player({ outside: { random: () => 1 } })
    const body = JSON.stringify({ code: 'rate_limited', status: 429, detail: 'slow' })
    const waits: [string, object][] = [
      ['connect', { match: ME, kind: 'hang' }],
      ['body', { match: ME, kind: 'halve' }],
      ['backoff', { match: ME, status: 429, headers: { 'retry-after': '20' }, body }],
    ]
    for (const [about, fault] of waits) {
      await world.clear()
      await world.fail(fault)
      const stop = new AbortController()
      const call = thrown(client.accounts.me({ signal: stop.signal }))
      await until(async () => (await world.calls(ME)).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 60))
      const from = performance.now()
      stop.abort()
      equal((await call).name, 'AbortError', about)
      ok(performance.now() - from < 100, `${about}: at once`)
      if (about !== 'backoff') await until(async () => (await world.calls(ME))[0]?.closed === true)
      equal((await world.calls(ME)).length, 1, about)
    }
    await world.fail()
    await world.jump(601)
    await world.fail({ match: REFRESH, kind: 'refuse' })
    const stop = new AbortController()
    const gone = thrown(client.accounts.me({ signal: stop.signal }))
    const other = client.accounts.me()
    await until(async () => (await world.calls(REFRESH)).length > 0)
    stop.abort()
    equal((await gone).name, 'AbortError', 'refresh')
    await other
    const before = new AbortController()
    before.abort()
    await world.clear()
    equal((await thrown(client.stats.add({ speedXp: 1 }, { signal: before.signal }))).name, 'AbortError', 'before')
    equal((await world.log()).length, 0, 'requests')
  },

  'Unicode and large numbers arrive whole': async (world) => {
    const { client } = await world.player()
    await client.credits.spend({ amount: 1, reason: 'ein Trank 🧪' })
    const reasons = []
    for await (const { reason } of client.credits.ledger({ pageSize: 1 })) reasons.push(reason)
    ok(reasons.includes('ein Trank 🧪'), 'the reason')
    const error = await thrown(client.stats.add({ speedXp: Number.MAX_SAFE_INTEGER }))
    ok(error.errors.length > 0 || isProblem(error, 'out_of_bounds') || error.status >= 400, 'refused by the service')
    const { stats } = await client.stats.catalog()
    ok(
      stats.some(({ max }) => max === Number.MAX_SAFE_INTEGER),
      'the largest value',
    )
  },

  'reads see the own write, and public ones need no token': async (world) => {
    let now = 0
    const { client, name } = await world.player({ outside: { now: () => now } })
    now += 10_001
    await client.leaderboards.top('speedXp')
    await client.stats.add({ speedXp: 3 })
    equal((await client.accounts.get(name)).stats.speedXp, 3, 'speedXp')
    await client.leaderboards.top('speedXp')
    now += 10_001
    await client.leaderboards.top('speedXp')
    const boards = await world.calls(BOARD)
    equal(
      boards.map(({ cacheControl }) => /no-cache/.test(cacheControl)),
      [false, true, false],
      'no-cache',
    )
    equal(
      boards.some(({ authorized }) => authorized),
      false,
      'authorized',
    )
  },

  'a bookmark is sent back': async (world) => {
    const { client } = await world.player()
    await world.fail({ match: BOARD, status: 200, headers: { 'x-d1-bookmark': '0001-abc' }, body: '{"entries":[]}' })
    await client.leaderboards.top('speedXp')
    await client.accounts.me()
    equal((await world.calls(ME))[0]?.bookmark, '0001-abc', 'bookmark')
  },

  'pages are gone through, each name once': async (world) => {
    const { client } = await world.player()
    const names = []
    for await (const name of client.accounts.names({ pageSize: 7 })) names.push(name)
    ok(names.length > 7 && new Set(names).size === names.length, `${names.length} names`)
    let rank = 0
    for await (const entry of client.leaderboards.entries('speedXp', { pageSize: 2 })) {
      ok(entry.rank >= rank, 'ranks never fall')
      rank = entry.rank
    }
    ok(rank > 0, 'a board')
    equal((await thrown(client.leaderboards.around('sizeXp', 'me'))).code, 'not_found', 'around')
  },

  'a new password logs in again, also after a lost answer': async (world) => {
    const { client, name } = await world.player()
    await client.accounts.changePassword(world.password, 'another-one-1')
    await client.accounts.me()
    await world.fail({ match: ME.replace('GET', 'PATCH'), kind: 'lose' })
    await client.accounts.changePassword('another-one-1', 'another-one-2')
    equal((await client.accounts.me()).username, name, 'username')
    equal((await thrown(client.accounts.changePassword('wrong-one', 'another-one-3'))).code, 'invalid_credentials')
  },

  'logging out ends the session at the service, and a repeat is no error': async (world) => {
    const { client, name } = await world.player()
    await world.fail({ match: 'DELETE /api/sessions', kind: 'lose' })
    await client.session.logOut()
    equal(client.session.user, undefined, 'user')
    await client.session.logIn(name, world.password)
    equal((await client.session.list()).sessions.length, 1, 'sessions')
  },

  'credits are held and taken once, and a shortage says how much': async (world) => {
    const { client } = await world.player()
    const hold = await client.credits.hold({ amount: 5, expiresInSeconds: 60 })
    await world.fail({ match: 'capture', kind: 'lose' })
    await client.credits.capture(hold.id, 3)
    equal((await client.credits.get()).balance, 97, 'balance')
    const error = await thrown(client.credits.spend({ amount: 1000 }))
    ok(isProblem(error, 'insufficient_credits'), `${error}`)
    equal([error.balance, error.required], [97, 1000], 'error')
  },

  'the raw client has the same retries and refresh': async (world) => {
    const { client } = await world.player()
    await world.jump(601)
    await world.fail({ match: ME, kind: 'refuse' })
    const { data, error } = await client.api.GET('/api/users/me')
    ok(data && !error, 'data')
    const missing = await client.api.GET('/api/users/{user}', { params: { path: { user: 'nobody.there' } } })
    equal(missing.error?.code, 'not_found', 'error')
  },
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 5000; !(await isTrue()); ) {
    ok(performance.now() < end, 'it did not happen within 5 s')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
