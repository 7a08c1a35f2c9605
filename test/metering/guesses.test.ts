/** Guessing `username:key` is limited like a log-in. */
import { expect, test } from 'vitest'
import { MINUTE } from '../../src/lib/time.ts'
import { fillDataset, spender } from '../support/credits.ts'
import { startService } from '../support/service.ts'

const PATH = '/api/v1.0/banks_data/EBILAEAD'

/** Counts as Cloudflare does: true while a key was seen at most `atMost` times. */
function limitTo(atMost: number) {
  const seen = new Map<string, number>()
  return async (key: string) => {
    seen.set(key, (seen.get(key) ?? 0) + 1)
    return (seen.get(key) as number) <= atMost
  }
}

async function started() {
  const limits = {
    loginPair: limitTo(10),
    loginName: limitTo(100),
    loginAddress: limitTo(60),
    signupAddress: limitTo(1000),
  }
  const service = startService({ limits })
  await fillDataset()
  const { key } = await spender(service)
  const ask = (name: string, secret: string, address: string, query = false) =>
    query
      ? service.call(`${PATH}?token=${name}:${secret}`, { headers: { 'CF-Connecting-IP': address } })
      : service.call(PATH, { headers: { 'CF-Connecting-IP': address, Authorization: `${name}:${secret}` } })
  const statuses = async (count: number, of: (i: number) => ReturnType<typeof ask>) => {
    const all: number[] = []
    for (let i = 0; i < count; i++) all.push((await of(i)).status)
    return all
  }
  return { ...service, key, ask, statuses }
}

test('past the limit of a name from an address, refuses the right key too for a minute', async () => {
  const { ask, statuses, key, clock } = await started()
  const names = ['kicksent', 'KICKSENT']
  const guesses = await statuses(12, (i) => ask(names[i % 2] as string, `wrong${i}`, '192.0.2.1', i % 3 === 0))
  expect(guesses).toEqual([...Array(10).fill(401), 429, 429])
  const refused = await ask('kicksent', key, '192.0.2.1')
  expect([refused.status, refused.body.code, refused.headers.get('Retry-After')]).toEqual([429, 'rate_limited', '60'])
  expect((await ask('kicksent', key, '192.0.2.2')).status).toBe(200)
  clock.now += MINUTE
  expect((await ask('kicksent', key, '192.0.2.1')).status).toBe(200)
})

test('a stranger’s guesses from many addresses do not lock the owner out', async () => {
  const { ask, statuses, key } = await started()
  await statuses(110, (i) => ask('kicksent', 'wrong', `192.0.2.${i}`))
  expect((await ask('kicksent', key, '198.51.100.1')).status).toBe(200)
})

test('counts for a name from everywhere, and for an address whatever the name', async () => {
  const { ask, statuses, key } = await started()
  const fromEverywhere = await statuses(101, (i) => ask('nobody', 'wrong', `192.0.2.${i}`))
  expect(fromEverywhere.filter((status) => status === 429)).toHaveLength(1)
  const ofMany = await statuses(61, (i) => ask(`nobody${i}`, 'wrong', '2001:db8::1'))
  expect([ofMany.slice(0, 60).every((status) => status === 401), ofMany[60]]).toEqual([true, 429])
  expect((await ask('kicksent', key, '2001:db8::2')).status).toBe(429)
  expect((await ask('kicksent', key, '2001:db9::1')).status).toBe(200)
})

test('does not count calls with the right key', async () => {
  const { ask, statuses, key } = await started()
  expect(new Set(await statuses(70, () => ask('kicksent', key, '192.0.2.1')))).toEqual(new Set([200]))
})
