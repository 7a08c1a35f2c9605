/** Calls whose writes are in one batch come out as if each had come alone, one after the other. */
import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { charges } from '../../src/credits/charge.store.ts'
import { commit, type PlannedWrite } from '../../src/db/commit.ts'
import type { GroupedWrite } from '../../src/db/group-commit.ts'
import { compiledSet, type WriteItem } from '../../src/db/write-set.ts'
import { sha256 } from '../../src/lib/bytes.ts'
import { statCalls } from '../../src/stats/stats.store.ts'
import { expectBooksToAddUp, rows } from '../support/credits.ts'
import { type Answer, insertKey, type Service, startService } from '../support/service.ts'

const PLAYERS = 3

const Call = fc.record({
  does: fc.constantFrom('spend', 'spend', 'hold', 'read', 'stat', 'stat', 'batch'),
  player: fc.nat(PLAYERS - 1),
  amount: fc.integer({ min: 1, max: 25 }),
  stat: fc.constantFrom('sizeXp', 'healthXp'),
  /** Some Idempotency-Keys come again, with the same call and with others. */
  key: fc.option(fc.nat(6)),
  by: fc.constantFrom('valid', 'valid', 'valid', 'valid', 'revoked'),
})
type Call = typeof Call extends fc.Arbitrary<infer T> ? T : never

const sets = new Map([compiledSet(charges), compiledSet(statCalls)].map((set) => [set.id, set]))

/** A committer that writes all that it has collected when the test says so. */
function collecting() {
  type Collected = PlannedWrite & { resolve: (written: GroupedWrite) => void }
  let collected: Collected[] = []
  let batches = 0
  return {
    COMMITTER: {
      getByName: () => ({
        write: (setId: string, item: WriteItem) =>
          new Promise<GroupedWrite>((resolve) => {
            const set = sets.get(setId)
            if (set) collected.push({ set, item, resolve })
          }),
      }),
    },
    count: () => collected.length,
    async commit() {
      // Up to the first that shares a key with one before it: so the order is the one in which they came.
      const keys = new Set<string>()
      const shares = ({ set, item }: Collected) => {
        const own = set.keys(item)
        const isShared = own.some((key) => keys.has(key))
        for (const key of own) keys.add(key)
        return isShared
      }
      const end = collected.findIndex(shares)
      const batch = end < 0 ? collected : collected.slice(0, end)
      collected = end < 0 ? [] : collected.slice(end)
      const { outcomes } = await commit(env.DB, batch, `together${batches++}`)
      const cost = { rowsRead: 0, rowsWritten: 0, batchItems: batch.length, commitMs: 0, bookmark: undefined }
      const late = batch.filter(({ set }, i) => set.isLate(outcomes[i]))
      collected.unshift(...late)
      for (const [i, one] of batch.entries()) if (!late.includes(one)) one.resolve({ outcome: outcomes[i], cost })
    },
  }
}

/** Players with little credit in several grants, the last of them disabled, each with a key that is valid and one that was revoked. */
async function makeWorld(service: Service, prefix: string) {
  const admin = await insertKey(['admin'])
  const events = ['credits.low', 'credits.exhausted']
  await service.call('/api/webhooks', { bearer: admin, body: { url: `https://example.com/${prefix}`, events } })
  const players = []
  for (let i = 0; i < PLAYERS; i++) {
    const name = `${prefix}${i}`
    const id = await service.user(name)
    for (const amount of [4, 2, 6]) {
      const body = { amount, reason: 'test', expiresInDays: amount * 10 }
      await service.call(`/api/users/${name}/credits/grants`, { bearer: admin, body })
    }
    const makeKey = () => insertKey(['metered:read', 'credits:spend', 'stats:write'], id)
    const keys = { valid: await makeKey(), revoked: await makeKey() }
    // So that the isolate has them in its cache.
    for (const bearer of Object.values(keys)) await service.call('/api/credits', { bearer })
    await rows('DELETE FROM api_keys WHERE secret_hash = ?', await sha256(keys.revoked))
    players.push({ id, name, keys })
  }
  await service.call(`/api/users/${prefix}${PLAYERS - 1}`, { method: 'PATCH', bearer: admin, body: { disabled: true } })
  return players
}

type World = Awaited<ReturnType<typeof makeWorld>>

function send(service: Service, players: World, { does, player, amount, stat, key, by }: Call): Promise<Answer> {
  const { id, name, keys } = players[player] as World[number]
  const options = {
    bearer: keys[by],
    headers: (key === null ? {} : { 'Idempotency-Key': `key-${key}` }) as Record<string, string>,
  }
  const changes = { [stat]: amount - 8 }
  if (does === 'spend') return service.call('/api/credits/spend', { ...options, body: { amount } })
  if (does === 'hold') return service.call('/api/credits/holds', { ...options, body: { amount, expiresInSeconds: 60 } })
  if (does === 'read') return service.call('/api/v1.0/banks_data/X', options)
  if (does === 'stat')
    return service.call(`/api/users/${name}/stats`, { method: 'PATCH', ...options, body: { changes } })
  const many = [
    { userId: id, stat, change: amount },
    { userId: id, stat: 'sizeXp', change: -2 },
    { username: `${name}x`, stat, change: 1 },
  ]
  return service.call('/api/stats/batch', { ...options, body: { changes: many } })
}

/** What callers and the books show, without what is new in each world: ids, names and times. */
const comparable = (text: string, prefix: string) =>
  text
    .replaceAll(/"(id|requestId)":"[^"]*"/g, '"$1":""')
    .replaceAll(/"userId":\d+/g, '"userId":0')
    .replaceAll(new RegExp(`\\b${prefix}(\\d)`, 'g'), 'player$1')

async function books(players: World, prefix: string) {
  const all = []
  for (const { id } of players) {
    all.push({
      ledger: await rows(
        `SELECT kind, amount, balance_after, operation, reason, (SELECT json_group_array(value ->> 1) FROM json_each(takes)) AS takes
         FROM ledger WHERE user_id = ? ORDER BY at`,
        id,
      ),
      grants: await rows('SELECT source, amount, remaining FROM grants WHERE user_id = ? ORDER BY expires_at, id', id),
      holds: await rows('SELECT amount, expires_at FROM holds WHERE user_id = ? ORDER BY at', id),
      stats: await rows('SELECT stat, value FROM stats WHERE user_id = ? ORDER BY stat', id),
      alerts: await rows(
        "SELECT event, payload -> '$.data' AS data FROM deliveries WHERE user_id = ? ORDER BY event, once_key",
        id,
      ),
      records: await rows(
        "SELECT fingerprint <> '' AS signed, about IS NULL AS nobody FROM idempotency_records WHERE caller = ?",
        `user:${id}`,
      ),
    })
  }
  return comparable(JSON.stringify(all, null, 1), prefix)
}

test('in any mix of calls', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Call, { minLength: 2, maxLength: 40, size: 'max' }), async (calls) => {
      await reset()
      await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
      await env.DB.prepare(
        "INSERT INTO dataset_entries (dataset, key, data, updated_at) VALUES ('banks_data', 'X', '{}', 0)",
      ).run()
      const committer = collecting()
      const start = (vars: object) =>
        startService({ vars: { MONTHLY_CREDITS: '30', ...vars }, fetch: async () => new Response() })
      const [one, other] = [start({}), start({ WRITE_GROUPING: 'true', COMMITTER: committer.COMMITTER })]
      const [alone, together] = [await makeWorld(one, 'alone'), await makeWorld(other, 'group')]

      const expected = []
      for (const call of calls) expected.push(await send(one, alone, call))

      const answers: Promise<Answer>[] = []
      let answered = 0
      for (const call of calls) {
        const before = committer.count()
        const answer = send(other, together, call)
        answers.push(answer)
        void answer.then(() => answered++)
        const was = answered
        while (committer.count() === before && answered === was) await new Promise((resolve) => setTimeout(resolve))
      }
      while (answered < calls.length) {
        if (committer.count() > 0) await committer.commit()
        await new Promise((resolve) => setTimeout(resolve))
      }
      const shown =
        (prefix: string) =>
        ({ status, text, headers }: Answer) =>
          `${status} ${headers.get('Idempotency-Replayed') ?? ''} ${headers.get('X-Credits-Remaining') ?? ''} ${comparable(text, prefix)}`
      expect((await Promise.all(answers)).map(shown('group'))).toEqual(expected.map(shown('alone')))
      expect(await books(together, 'group')).toEqual(await books(alone, 'alone'))
      await expectBooksToAddUp()
    }),
    { numRuns: 25, endOnFailure: true },
  )
})
