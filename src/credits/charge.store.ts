import { type SQL, sql } from 'drizzle-orm'
import { noteEvents } from '../alerts/outbox.ts'
import { type Authority, type Checked, isAuthorized, keyUse, stoppedAt } from '../authority/authority.ts'
import {
  earlierOf,
  type FoundRecord,
  findRecords,
  isRecorded,
  recordKeys,
  storeRecords,
} from '../db/idempotency-record.ts'
import { byPlace, ITEMS, isOfThisTry, placeOf, type WriteItem, type WriteSet } from '../db/write-set.ts'
import { balance, liveGrants, livePlan, type Movement, nextAt, openPeriods } from './movements.store.ts'

export type Charge = WriteItem &
  Omit<Movement, 'writeId'> & {
    authority: Authority
    /** Opens the billing period if need be. Without, nothing is charged where it is not open. */
    opens: boolean
    cost: number
    kind: 'spend' | 'hold'
    operation: string
    reason: string
    /** Of a hold; milliseconds. 0 otherwise. */
    expiresAt: number
    /** Version of what is bought. */
    sold: string
  }

/** How a charge came out; what was not charged has no `at`. */
export type ChargeRow = Checked & {
  at: number | null
  balanceAfter: number | null
  balance: number
  resetsAt: number | null
  quota: number | null
  version: number
  accountStatus: 'disabled' | 'gone' | 'ok'
  expiredHolds: number
  /** 1 if the billing period of the terms is over. */
  periodOver: number
}

/** `noted`: an alert of this charge, or of another in its batch, is in the outbox. */
export type ChargeOutcome = { row: ChargeRow; earlier: FoundRecord | undefined; noted: boolean }

const items: SQL = sql`items AS (
  SELECT key AS place, value AS item, value ->> 'userId' AS user_id, value ->> 'version' AS version, value ->> 'periodStart' AS period_start,
    value ->> 'periodEnd' AS period_end, value ->> 'defaultAllowance' AS default_allowance, value ->> 'txn' AS txn,
    value ->> 'writeId' AS write_id, value ->> 'startedAt' AS started_at, value ->> 'now' AS now, value ->> 'cost' AS cost,
    value ->> 'kind' AS kind, value ->> 'operation' AS operation, value ->> 'reason' AS reason, value ->> 'expiresAt' AS expires_at,
    value ->> 'sold' AS sold
  FROM json_each(${ITEMS}))`

/** The charges of this very try, with the `place` of their items. They are the newest rows of their accounts, so the search is short. */
const written: SQL = sql`written AS MATERIALIZED (
  SELECT l.*, ${placeOf(sql`l.write_id`)} AS place
  FROM (SELECT DISTINCT value ->> 'userId' AS user_id FROM json_each(${ITEMS})) AS touched
  JOIN ledger l ON l.user_id = touched.user_id AND l.at >= (${ITEMS} ->> '$[0].now') * 1000
  WHERE l.kind IN ('spend', 'hold') AND ${isOfThisTry(sql`l.write_id`)})`

/** What this or an earlier try of `i` wrote. `at` is never before the clock of the first try, so the search is short. */
const isAlready: SQL = sql`l.user_id = i.user_id AND l.at >= i.started_at * 1000 AND l.txn = i.txn`

const hasExpiredHolds: SQL = sql`EXISTS (
  SELECT 1 FROM holds WHERE user_id = i.user_id AND settled_by IS NULL AND expires_at <= i.now)`

/** What has to be true before the balance counts; with the account's settings joined as `a`. */
const mayCharge: SQL = sql`COALESCE(a.version, 0) = i.version AND i.period_end > i.now
  AND (i.item ->> 'opens' OR EXISTS (SELECT 1 FROM ${livePlan(sql`i.user_id`, sql`i.now`)}))
  AND ${isAuthorized(sql`i.item`)} AND ${stoppedAt(sql`i.item`)} IS NULL
  AND NOT EXISTS (SELECT 1 FROM ledger l WHERE ${isAlready}) AND NOT ${isRecorded(sql`i.item`)}`

/**
 * Charges the items of each account in order: each is charged or refused by what those before it have left, and takes what
 * expires first. An account's live grants are laid end to end as one range of credits, of which each charge takes the next part;
 * `used` walks along them, up to the end of that part.
 */
const insertCharges: SQL = sql`
  WITH RECURSIVE ${items},
  due AS MATERIALIZED (
    SELECT i.item, i.user_id, i.now, i.cost, ROW_NUMBER() OVER (PARTITION BY i.user_id ORDER BY i.place) AS nth
    FROM items i JOIN users u ON u.id = i.user_id AND u.disabled_at IS NULL LEFT JOIN credit_accounts a ON a.user_id = i.user_id
    WHERE ${mayCharge}),
  turn (item, user_id, now, cost, nth, charged, charges, spent, credits) AS (
    SELECT NULL, user_id, now, 0, 0, FALSE, 0, 0, ${balance(sql`due.user_id`, sql`due.now`)} FROM due WHERE nth = 1
    UNION ALL
    SELECT d.item, d.user_id, d.now, d.cost, d.nth, t.spent + d.cost <= t.credits, t.charges + (t.spent + d.cost <= t.credits),
      t.spent + iif(t.spent + d.cost <= t.credits, d.cost, 0), t.credits
    FROM turn t JOIN due d ON d.user_id = t.user_id AND d.nth = t.nth + 1)
  INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, operation, reason, takes)
  SELECT t.user_id, ${nextAt(sql`t.user_id`, sql`t.now`)} + t.charges - 1, t.item ->> 'txn', t.item ->> 'writeId', t.item ->> 'kind', -t.cost, t.credits - t.spent,
    t.item ->> 'operation', t.item ->> 'reason',
    (WITH used AS (
       SELECT * FROM (SELECT id, expires_at, remaining, 0 AS starts FROM ${liveGrants(sql`t.user_id`, sql`t.now`)} AND remaining > 0 ORDER BY expires_at, id LIMIT 1)
       UNION ALL
       SELECT g.id, g.expires_at, g.remaining, u.starts + u.remaining FROM used u JOIN grants g ON g.id = (
         SELECT id FROM ${liveGrants(sql`t.user_id`, sql`t.now`)} AND remaining > 0 AND (expires_at, id) > (u.expires_at, u.id) ORDER BY expires_at, id LIMIT 1)
       WHERE u.starts + u.remaining < t.spent)
     SELECT json_group_array(json_array(id, MIN(starts + remaining, t.spent) - MAX(starts, t.spent - t.cost)))
     FROM used WHERE starts + remaining > t.spent - t.cost)
  FROM turn t WHERE t.charged`

const takeFromGrants: SQL = sql`
  WITH ${written}
  UPDATE grants SET remaining = remaining - taken.credits
  FROM (SELECT t.value ->> 0 AS grant_id, SUM(t.value ->> 1) AS credits FROM written w, json_each(w.takes) t GROUP BY 1) AS taken
  WHERE grants.id = taken.grant_id`

const insertHolds: SQL = sql`
  WITH ${written}
  INSERT INTO holds (user_id, at, amount, expires_at)
  SELECT user_id, at, -amount, ${ITEMS} ->> ('$[' || place || '].expiresAt') FROM written WHERE kind = 'hold'`

/** What `i` left, or was refused by: later items of its account in the batch are taken off. */
const balanceThen: SQL = sql`(${balance(sql`i.user_id`, sql`i.now`)}
  + COALESCE((SELECT -SUM(w.amount) FROM written w WHERE w.user_id = i.user_id AND w.place > i.place), 0))`

/** The account's plan grant, joined as `plan`. */
const joinPlan: SQL = sql`LEFT JOIN grants plan ON plan.id = (SELECT id FROM ${livePlan(sql`i.user_id`, sql`i.now`)})`

/** The alerts that are due after a charge, or after a refusal for want of credits: one for each account, kind, period and newest top-up. */
const noteBalances: SQL = noteEvents({
  event: sql`s.event`,
  eventId: sql`'evt_' || s.write_id || s.mark`,
  now: sql`${ITEMS} ->> '$[0].now'`,
  source: sql`
    SELECT u.id AS user_id, b.write_id, e.column1 AS event, e.column2 AS mark,
      e.column1 || ':' || u.id || ':' || COALESCE(b.resets_at, 0) || ':'
        || COALESCE((SELECT MAX(id) FROM grants WHERE user_id = u.id AND source <> 'plan'), 0) AS once_key,
      json_object('username', u.username, 'balance', b.balance, 'allowance', b.allowance,
        'resetsAt', COALESCE(strftime('%Y-%m-%dT%H:%M:%fZ', b.resets_at / 1000.0, 'unixepoch'), '')) AS data
    FROM (
      WITH ${items}, ${written}
      SELECT i.user_id, i.write_id, ${balanceThen} AS balance, plan.expires_at AS resets_at,
        COALESCE(a.allowance, i.default_allowance) AS allowance, a.low_at,
        EXISTS (SELECT 1 FROM written w WHERE w.place = i.place) AS charged,
        ${balanceThen} < i.cost AND NOT ${hasExpiredHolds} AND ${mayCharge} AS refused
      FROM items i LEFT JOIN credit_accounts a ON a.user_id = i.user_id ${joinPlan}) AS b
    JOIN users u ON u.id = b.user_id AND u.disabled_at IS NULL
    JOIN (VALUES ('credits.low', 'l'), ('credits.exhausted', 'e')) AS e
    WHERE iif(e.column2 = 'l', b.charged AND b.balance <= COALESCE(b.low_at, b.allowance / 10), (b.charged AND b.balance = 0) OR b.refused)`,
})

const recorded: SQL = sql`
  WITH ${items}, ${written}
  SELECT i.item, NULL AS about, json_object('id', 'txn_' || w.user_id || '_' || w.at || '_' || w.txn, 'charged', -w.amount,
    'balance', w.balance_after, 'resetsAt', plan.expires_at, 'quota', plan.amount, 'expiresAt', i.expires_at, 'sold', i.sold) AS outcome
  FROM items i JOIN written w ON w.place = i.place ${joinPlan}`

const results: SQL = sql`
  WITH ${items}, ${written}
  SELECT i.place, l.at, l.balance_after AS balanceAfter, iif(l.at IS NULL, ${balanceThen}, 0) AS balance,
    plan.expires_at AS resetsAt, plan.amount AS quota, COALESCE(a.version, 0) AS version,
    CASE WHEN u.id IS NULL THEN 'gone' WHEN u.disabled_at IS NULL THEN 'ok' ELSE 'disabled' END AS accountStatus,
    ${isAuthorized(sql`i.item`)} AS authorized, ${stoppedAt(sql`i.item`)} AS stoppedAt,
    l.at IS NULL AND ${hasExpiredHolds} AS expiredHolds, i.period_end <= i.now AS periodOver
  FROM items i LEFT JOIN ledger l ON ${isAlready} LEFT JOIN users u ON u.id = i.user_id
  LEFT JOIN credit_accounts a ON a.user_id = i.user_id ${joinPlan}`

const [openGrants, openLedger, openAccounts] = openPeriods(
  items,
  sql`i.period_end > i.now AND NOT ${isRecorded(sql`i.item`)}`,
) as [SQL, SQL, SQL]

/** Takes credits from what expires first. Repeating an item with the same `txn` charges once. */
export const charges: WriteSet<Charge, ChargeOutcome> = {
  name: 'charges',
  keys: (item) => [`txn ${item.txn}`, ...recordKeys(item)],
  statements: {
    ...findRecords,
    openGrants: { statement: openGrants, where: ({ opens }) => opens },
    openLedger: { statement: openLedger, where: ({ opens }) => opens },
    openAccounts: { statement: openAccounts, where: ({ opens }) => opens },
    charge: { statement: insertCharges },
    take: { statement: takeFromGrants },
    hold: { statement: insertHolds, where: ({ kind }) => kind === 'hold' },
    alerts: { statement: noteBalances },
    ...keyUse,
    ...storeRecords(recorded),
    results: { statement: results },
  },
  outcomes: (found, count) => {
    const { alerts = [], results } = found
    const rows = byPlace<ChargeRow & { place: number }>(results, count)
    const records = earlierOf(found, count)
    const noted = alerts.length > 0
    return rows.map((row, i) => ({ row: row as ChargeRow, earlier: records[i], noted }))
  },
}
