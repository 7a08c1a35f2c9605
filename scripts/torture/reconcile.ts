/** Compares the database with what the clients saw, and the alerts with what the receiver got. */
import type { Seen } from './client.ts'
import type { Received } from './receiver.ts'
import { ALLOWANCE } from './service.ts'

export type Endpoint = { name: string; webhookId: string; events: string[] }

type Row = Record<string, any>

/** @returns every difference, in words. There must be none. */
export async function reconcile(
  db: D1Database,
  seen: Seen,
  received: Received[],
  endpoints: Endpoint[],
): Promise<string[]> {
  const all = async (sql: string): Promise<Row[]> => (await db.prepare(sql).all<Row>()).results
  const found = [...seen.wrong]
  const ledger = await all(
    "SELECT *, 'txn_' || user_id || '_' || at || '_' || txn AS id FROM ledger ORDER BY user_id, at",
  )
  found.push(...compareSpends(ledger, seen), ...compareHolds(ledger, await all('SELECT * FROM holds'), seen))
  found.push(
    ...compareGrants(await all('SELECT * FROM grants'), seen),
    ...compareStats(await all('SELECT * FROM stats'), seen),
  )
  found.push(
    ...(await compareBooks(all)),
    ...compareAlerts(await all('SELECT * FROM deliveries'), seen, received, endpoints),
  )
  return found
}

function compareSpends(ledger: Row[], seen: Seen): string[] {
  const spends = ledger.filter(({ kind, operation }) => kind === 'spend' && operation === 'spend')
  const refunds = new Set(
    ledger.filter(({ kind }) => kind === 'refund').map(({ user_id, settles }) => `${user_id} ${settles}`),
  )
  const metered = ledger.filter(({ kind, operation }) => kind === 'spend' && operation !== 'spend')
  const known = new Map(spends.map((row) => [row.id, row]))
  return [
    ...spends.filter(({ id }) => !seen.spent.has(id)).map(({ id }) => `${id} was charged, and no client knows of it`),
    ...[...seen.spent]
      .filter(([id, { amount }]) => known.get(id)?.amount !== -amount)
      .map(([id]) => `${id} was answered, and is not in the ledger as such`),
    ...spends
      .filter(({ id, user_id, at }) => refunds.has(`${user_id} ${at}`) !== seen.refunded.has(id))
      .map(({ id }) => `${id}: ledger and clients differ on its refund`),
    ...[...Map.groupBy(metered, ({ user_id }) => user_id)].flatMap(([player, rows]) => {
      const kept = rows.filter(({ at }) => !refunds.has(`${player} ${at}`)).length
      const answered = seen.metered.get(player) ?? 0
      return kept === answered ? [] : [`player ${player}: ${answered} metered calls answered, ${kept} charged`]
    }),
  ]
}

function compareHolds(ledger: Row[], holds: Row[], seen: Seen): string[] {
  const rows = new Map(ledger.map((row) => [`${row.user_id} ${row.at}`, row]))
  return [
    ...holds.flatMap(({ user_id, at, settlement }) => {
      const [hold, settled] = [rows.get(`${user_id} ${at}`), rows.get(`${user_id} ${settlement}`)]
      const known = seen.held.get(hold?.id)
      if (!known) return [`${hold?.id} was held, and no client knows of it`]
      const expected = known.captured !== undefined ? 'capture' : known.released ? 'release' : undefined
      if (expected && settled?.kind !== expected)
        return [`${hold?.id}: ${expected} was answered, the ledger has ${settled?.kind}`]
      if (!expected && settled && settled.kind !== 'release')
        return [`${hold?.id}: nobody was answered, the ledger has ${settled.kind}`]
      if (known.captured !== undefined && settled?.amount !== known.amount - known.captured)
        return [`${hold?.id}: a wrong part went back`]
      return []
    }),
    ...(holds.length === seen.held.size ? [] : [`${seen.held.size} holds were answered, there are ${holds.length}`]),
  ]
}

function compareGrants(grants: Row[], seen: Seen): string[] {
  const sums = new Map<number, number>()
  for (const { user_id, source, amount } of grants)
    if (source === 'topup') sums.set(user_id, (sums.get(user_id) ?? 0) + amount)
  const players = new Set([...sums.keys(), ...seen.granted.keys()])
  return [
    ...[...players]
      .filter((player) => sums.get(player) !== seen.granted.get(player))
      .map((player) => `player ${player}: ${seen.granted.get(player)} granted, ${sums.get(player)} there`),
    ...grants
      .filter(({ source, amount }) => source === 'plan' && amount !== ALLOWANCE)
      .map(({ id }) => `grant ${id} is no allowance`),
  ]
}

function compareStats(stats: Row[], seen: Seen): string[] {
  const stored = new Map(stats.map(({ user_id, stat, value }) => [`${user_id} ${stat}`, value]))
  return [...new Set([...stored.keys(), ...seen.stats.keys()])]
    .filter((key) => stored.get(key) !== seen.stats.get(key))
    .map((key) => `stat of player ${key}: changes of ${seen.stats.get(key)} answered, ${stored.get(key)} stored`)
}

async function compareBooks(all: (sql: string) => Promise<Row[]>): Promise<string[]> {
  const sums =
    await all(`SELECT id FROM users u WHERE (SELECT COALESCE(SUM(amount), 0) FROM ledger WHERE user_id = u.id)
    <> (SELECT COALESCE(SUM(remaining), 0) FROM grants WHERE user_id = u.id)`)
  const grants = await all(`SELECT id FROM grants g WHERE amount - remaining <>
    (SELECT COALESCE(SUM(j.value ->> 1), 0) FROM ledger l, json_each(l.takes) j WHERE l.user_id = g.user_id AND j.value ->> 0 = g.id)`)
  const months = await all(
    "SELECT user_id FROM grants WHERE source = 'plan' GROUP BY user_id, expires_at HAVING COUNT(*) > 1",
  )
  return [
    ...sums.map(({ id }) => `player ${id}: ledger and grants do not add up`),
    ...grants.map(({ id }) => `grant ${id}: what was taken is not what is booked`),
    ...months.map(({ user_id }) => `player ${user_id} has two allowances for one month`),
  ]
}

function compareAlerts(deliveries: Row[], seen: Seen, received: Received[], endpoints: Endpoint[]): string[] {
  const found: string[] = []
  for (const { name, webhookId, events } of endpoints) {
    const own = deliveries.filter(({ webhook_id }) => webhook_id === webhookId)
    const got = received.filter(({ endpoint }) => endpoint === name)
    const ids = new Set(got.map(({ id }) => id))
    found.push(
      ...got
        .filter(({ event }) => !events.includes(event))
        .map(({ event }) => `${name} got ${event}, which it does not want`),
    )
    found.push(
      ...got
        .filter(({ id }) => !own.some(({ event_id }) => event_id === id))
        .map(({ id }) => `${name} got ${id}, which is not its own`),
    )
    found.push(
      ...own
        .filter(({ event_id }) => !ids.has(event_id))
        .map(({ event_id, status }) => `${name} never got ${event_id}, which is ${status}`),
    )
    if (!events.includes('credits.exhausted')) continue
    const told = new Set(
      got
        .filter(({ event }) => event === 'credits.exhausted')
        .map(({ payload }) => `${payload.data.username} ${payload.data.resetsAt}`),
    )
    found.push(
      ...[...seen.refusals]
        .filter((refusal) => !told.has(refusal))
        .map((refusal) => `${name} was not told that ${refusal} had no credits`),
    )
  }
  return found
}
