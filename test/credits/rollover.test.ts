import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { rollOverPeriods } from '../../src/credits/rollover.ts'
import { expectBooksToAddUp, rows, spender } from '../support/credits.ts'
import { startService } from '../support/service.ts'

const FEBRUARY = Date.parse('2027-02-01T00:00:00Z')
const MARCH = Date.parse('2027-03-01T00:00:00Z')

const listen = (events: string[]) =>
  env.DB.prepare(
    "INSERT INTO webhooks (id, url, format, events, secret, created_at) VALUES ('whk_1', 'https://alerts.example', 'standard', ?, '', 0)",
  )
    .bind(JSON.stringify(events))
    .run()

const announced = async () =>
  (await rows("SELECT payload FROM deliveries WHERE event = 'credits.reset'")).flatMap(
    ({ payload }) => JSON.parse(payload).data.accounts,
  )

async function start() {
  const service = startService()
  const [active, idle] = [await spender(service, 'active'), await spender(service, 'idle')]
  const spend = (key: string, amount = 10) => service.call('/api/credits/spend', { bearer: key, body: { amount } })
  await spend(active.key)
  return {
    ...service,
    active,
    idle,
    spend,
    balance: async (key: string) => (await service.call('/api/credits', { bearer: key })).body.balance,
  }
}

test('opens the new month for who spent in the last, and announces it once', async () => {
  const { clock, deps, active, idle, balance } = await start()
  await listen(['credits.reset'])
  clock.now = FEBRUARY - 1
  expect(await rollOverPeriods(deps())).toEqual({ accounts: 0, more: false })
  clock.now = FEBRUARY
  const [a, b] = await Promise.all([rollOverPeriods(deps()), rollOverPeriods(deps())])
  expect(a.accounts + b.accounts).toBe(1)
  expect(await rollOverPeriods(deps())).toEqual({ accounts: 0, more: false })
  expect(await announced()).toEqual([
    { username: 'active', balance: 100, allowance: 100, resetsAt: '2027-03-01T00:00:00.000Z' },
  ])
  expect([await balance(active.key), await balance(idle.key)]).toEqual([100, 100])
  await expectBooksToAddUp()
})

test('announces also whose month was opened by a call before cron came', async () => {
  const { clock, deps, active, spend } = await start()
  await listen(['credits.reset'])
  clock.now = FEBRUARY + 1000
  await spend(active.key, 25)
  await rollOverPeriods(deps())
  expect(await announced()).toMatchObject([{ username: 'active', balance: 75 }])
  expect(await rows("SELECT COUNT(*) AS n FROM grants WHERE source = 'plan'")).toEqual([{ n: 2 }])
})

test('announces nothing, and writes no alert, where no endpoint wants it', async () => {
  const { clock, deps } = await start()
  await listen(['credits.low'])
  clock.now = FEBRUARY
  await rollOverPeriods(deps())
  expect(await rows('SELECT * FROM deliveries')).toEqual([])
})

test('changes no balance when it comes a month late, or never', async () => {
  const { clock, deps, active, balance, spend } = await start()
  clock.now = MARCH + 7 * 86_400_000
  expect(await balance(active.key)).toBe(100)
  await rollOverPeriods(deps())
  expect(await balance(active.key)).toBe(100)
  await spend(active.key)
  expect(await balance(active.key)).toBe(90)
  await expectBooksToAddUp()
})

test('lets who did not spend open their own month, and turns them again after that', async () => {
  const { clock, deps, active, spend } = await start()
  clock.now = FEBRUARY
  await rollOverPeriods(deps())
  clock.now = MARCH
  expect(await rollOverPeriods(deps())).toMatchObject({ accounts: 0 })
  expect(await rows('SELECT period_ends_at FROM credit_accounts')).toEqual([{ period_ends_at: null }])
  await spend(active.key)
  expect(await rows('SELECT period_ends_at FROM credit_accounts')).toEqual([
    { period_ends_at: Date.parse('2027-04-01T00:00:00Z') },
  ])
})

test('goes on where it stopped, over many pages, and opens each month once', async () => {
  const service = startService()
  const accounts = 1200
  await env.DB.batch([
    env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${accounts}) INSERT INTO users (id, username, created_at) SELECT i, 'player' || i, 0 FROM n`,
    ),
    env.DB.prepare(`INSERT INTO grants (user_id, source, source_key, amount, remaining, period_start, effective_from, expires_at, write_id)
      SELECT id, 'plan', '${FEBRUARY}', 100, 99, 0, 0, ${FEBRUARY}, 'x' FROM users`),
    env.DB.prepare(`INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, takes)
      SELECT user_id, 1, 't', 'a', 'grant', 100, 100, '[]' FROM grants UNION ALL
      SELECT user_id, 2, 't', 'a', 'spend', -1, 99, json_array(json_array(id, 1)) FROM grants`),
    env.DB.prepare(`INSERT INTO credit_accounts (user_id, period_ends_at) SELECT id, ${FEBRUARY} FROM users`),
  ])
  await listen(['credits.reset'])
  service.clock.now = FEBRUARY + 5000
  const results = await Promise.all([rollOverPeriods(service.deps()), rollOverPeriods(service.deps())])
  expect(results.reduce((sum, { accounts }) => sum + accounts, 0)).toBe(accounts)
  const names = (await announced()).map(({ username }) => username)
  expect([names.length, new Set(names).size]).toEqual([accounts, accounts])
  expect(await rows("SELECT COUNT(*) AS n FROM grants WHERE source = 'plan' AND remaining = 100")).toEqual([
    { n: accounts },
  ])
  await expectBooksToAddUp()
})
