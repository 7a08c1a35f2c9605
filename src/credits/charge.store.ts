import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { noteEvents } from '../alerts/outbox.ts'
import { batchRows, type Db } from '../db/client.ts'
import type { Once } from '../db/once.ts'
import type { Period } from './period.ts'

/** The last Date there is: a grant that never expires. */
export const NEVER = 8_640_000_000_000_000

/** What proves that whoever pays still may. */
export type Authority =
  | { kind: 'key'; keyId: string; ownerId: number | undefined }
  | { kind: 'user'; userId: number; version: number }

/** One try of one movement. A retry has the same `txn` and `startedAt` and another `attempt`. */
export type Attempt = { txn: string; attempt: string; startedAt: number }

/** Whose credits move, and what must still hold of the account for the movement to be right. */
export type Movement = Attempt & {
  userId: number
  /** Of the credit account, whose anchor and zone `period` comes from. */
  version: number
  period: Period
  defaultAllowance: number
}

export const integer = (n: number): SQL => sql`CAST(${n} AS INTEGER)`

/** `transactionId`, of a row of the ledger. */
export const transactionIdSql: SQL = sql`'txn_' || user_id || '_' || at || '_' || txn`

/** The grants that count now. Closed ones are empty or over, and out of the index that this uses. */
export const liveGrants = (userId: number, now: number): SQL =>
  sql`grants WHERE user_id = ${userId} AND closed = 0 AND expires_at > ${now} AND effective_from <= ${now}`

export const balance = (userId: number, now: number): SQL =>
  sql`(SELECT COALESCE(SUM(remaining), 0) FROM ${liveGrants(userId, now)})`

/** When a movement happened, after every other of the account: microseconds. */
export const nextAt = (userId: number, now: number): SQL =>
  sql`MAX(${integer(now * 1000)}, COALESCE((SELECT MAX(at) + 1 FROM ledger WHERE user_id = ${userId}), 0))`

/** The account's newest row, if this attempt wrote it. Rows of one attempt follow each other within one batch. */
const newest = (userId: number, attempt: string): SQL =>
  sql`ledger WHERE user_id = ${userId} AND at = (SELECT MAX(at) FROM ledger WHERE user_id = ${userId}) AND attempt = ${attempt}`

/** Begins every batch that touches credits: opens the period's plan grant, if none of the account is live. */
export function openPeriod({
  userId,
  version,
  period,
  defaultAllowance,
  attempt,
  txn,
  startedAt: now,
}: Movement): SQL[] {
  const allowance = sql`COALESCE(a.allowance, ${integer(defaultAllowance)})`
  const opened = sql`EXISTS (SELECT 1 FROM grants WHERE user_id = ${userId} AND source = 'plan' AND source_key = ${String(period.end)} AND attempt = ${attempt})`
  return [
    sql`INSERT INTO grants (user_id, source, source_key, amount, remaining, period_start, effective_from, expires_at, attempt)
        SELECT u.id, 'plan', ${String(period.end)}, ${allowance}, ${allowance}, ${integer(period.start)},
          MAX(${integer(period.start)}, COALESCE((SELECT MAX(expires_at) FROM grants WHERE user_id = u.id AND source = 'plan' AND expires_at <= ${now}), 0)),
          ${integer(period.end)}, ${attempt}
        FROM users u LEFT JOIN credit_accounts a ON a.user_id = u.id
        WHERE u.id = ${userId} AND COALESCE(a.version, 0) = ${version}
          AND NOT EXISTS (SELECT 1 FROM ${liveGrants(userId, now)} AND source = 'plan')
        ON CONFLICT DO NOTHING`,
    sql`INSERT INTO ledger (user_id, at, txn, attempt, kind, amount, balance_after, operation)
        SELECT user_id, ${nextAt(userId, now)}, ${`${txn}-plan`}, ${attempt}, 'grant', amount, ${balance(userId, now)}, 'plan'
        FROM grants WHERE user_id = ${userId} AND source = 'plan' AND source_key = ${String(period.end)} AND attempt = ${attempt}`,
    sql`INSERT INTO credit_accounts (user_id, turns_at) SELECT ${userId}, ${integer(period.end)} WHERE ${opened}
        ON CONFLICT (user_id) DO UPDATE SET turns_at = COALESCE(turns_at, excluded.turns_at)`,
  ]
}

export type Charge = Movement & {
  authority: Authority
  /** Admin calls go on while the service is stopped. */
  whileStopped: boolean
  cost: number
  kind: 'spend' | 'hold'
  operation: string
  reason: string
  /** For a hold. */
  expiresAt?: number
}

/** How a charge came out; what was not charged has no `at`. */
export type ChargeRow = {
  at: number | null
  balanceAfter: number | null
  balance: number
  resetsAt: number | null
  quota: number | null
  version: number
  standing: 'disabled' | 'gone' | 'ok'
  authorized: number
  stoppedAt: number | null
  expiredHolds: number
  noted: boolean
}

const authorized = (authority: Authority, now: number): SQL =>
  authority.kind === 'key'
    ? sql`EXISTS (SELECT 1 FROM api_keys WHERE id = ${authority.keyId} AND user_id IS ${authority.ownerId ?? null} AND (expires_at IS NULL OR expires_at > ${now}))`
    : sql`EXISTS (SELECT 1 FROM users WHERE id = ${authority.userId} AND version = ${authority.version})`

/** Takes `cost` from what expires first: one batch, one round trip. Repeating it with the same `txn` charges once. */
export async function insertCharge(db: Db, charge: Charge, once: Once): Promise<ChargeRow> {
  const { userId, cost, kind, operation, reason, txn, attempt, startedAt: now, version, authority } = charge
  const stopped = charge.whileStopped ? sql`NULL` : sql`(SELECT stopped_at FROM service_state)`
  // `at` is never before the clock of the first try, so the search for what an earlier try wrote is short.
  const already = sql`ledger WHERE user_id = ${userId} AND at >= ${now * 1000} AND txn = ${txn}`
  const plan = sql`${liveGrants(userId, now)} AND source = 'plan'`
  const outcome = sql`SELECT json_object('id', ${transactionIdSql}, 'charged', -amount, 'balance', balance_after,
      'resetsAt', (SELECT expires_at FROM ${plan}), 'quota', (SELECT amount FROM ${plan}), 'expiresAt', ${integer(charge.expiresAt ?? 0)}) AS outcome
    FROM ${newest(userId, attempt)} AND txn = ${txn}`
  const statements: SQLWrapper[] = [
    ...openPeriod(charge),
    sql`INSERT INTO ledger (user_id, at, txn, attempt, kind, amount, balance_after, operation, reason, takes)
        WITH live AS (
          SELECT id, remaining, SUM(remaining) OVER (ORDER BY expires_at, id) - remaining AS before FROM ${liveGrants(userId, now)} AND remaining > 0
        ), total AS (SELECT COALESCE(SUM(remaining), 0) AS credits FROM live)
        SELECT ${userId}, ${nextAt(userId, now)}, ${txn}, ${attempt}, ${kind}, -${integer(cost)}, credits - ${integer(cost)}, ${operation}, ${reason},
          (SELECT json_group_array(json_array(id, MIN(remaining, ${integer(cost)} - before))) FROM live WHERE before < ${cost})
        FROM total
        WHERE credits >= ${cost}
          AND EXISTS (SELECT 1 FROM users WHERE id = ${userId} AND disabled_at IS NULL)
          AND COALESCE((SELECT version FROM credit_accounts WHERE user_id = ${userId}), 0) = ${version}
          AND ${authorized(authority, now)} AND ${stopped} IS NULL
          AND NOT EXISTS (SELECT 1 FROM ${already})`,
    // Tied to this attempt: the same batch again finds its txn written by another, and takes nothing.
    sql`UPDATE grants SET remaining = remaining - taken.credits
        FROM (SELECT value ->> 0 AS grant_id, value ->> 1 AS credits FROM json_each((SELECT takes FROM ${newest(userId, attempt)} AND txn = ${txn}))) AS taken
        WHERE grants.id = taken.grant_id`,
    ...(kind === 'hold'
      ? [
          sql`INSERT INTO holds (user_id, at, amount, expires_at)
              SELECT user_id, at, -amount, ${integer(charge.expiresAt ?? now)} FROM ${newest(userId, attempt)} AND txn = ${txn}`,
        ]
      : []),
    ...noteBalance(charge),
    ...(authority.kind === 'key'
      ? [
          sql`UPDATE api_keys SET last_used_at = ${integer(now - (now % 3_600_000))} WHERE id = ${authority.keyId} AND COALESCE(last_used_at, 0) < ${now - (now % 3_600_000)}`,
        ]
      : []),
    ...(await once.keep(outcome)),
    sql`SELECT
          (SELECT at FROM ${already}) AS at,
          (SELECT balance_after FROM ${already}) AS balanceAfter,
          ${balance(userId, now)} AS balance,
          (SELECT expires_at FROM ${plan}) AS resetsAt,
          (SELECT amount FROM ${plan}) AS quota,
          COALESCE((SELECT version FROM credit_accounts WHERE user_id = ${userId}), 0) AS version,
          COALESCE((SELECT iif(disabled_at IS NULL, 'ok', 'disabled') FROM users WHERE id = ${userId}), 'gone') AS standing,
          ${authorized(authority, now)} AS authorized,
          ${stopped} AS stoppedAt,
          EXISTS (SELECT 1 FROM holds WHERE user_id = ${userId} AND settled_by IS NULL AND expires_at <= ${now}) AS expiredHolds`,
  ]
  const results = await batchRows(db, statements)
  // Of the writes, only a noted alert gives back a row.
  const noted = results.slice(0, -1).some((rows) => rows.length > 0)
  return { ...(results.at(-1)?.[0] as ChargeRow), noted }
}

/** The alerts that are due after a charge, or after a refusal for want of credits: once an account, kind, period and newest top-up. */
function noteBalance({
  userId,
  cost,
  txn,
  attempt,
  startedAt: now,
  version,
  defaultAllowance,
  authority,
  whileStopped,
}: Charge): SQL[] {
  const source = (kind: string, due: SQL) => sql`
    SELECT u.id AS user_id,
      ${`${kind}:${userId}:`} || COALESCE(plan.expires_at, 0) || ':' || COALESCE((SELECT MAX(id) FROM grants WHERE user_id = u.id AND source <> 'plan'), 0) AS once_key,
      json_object('username', u.username, 'balance', b.balance, 'allowance', b.allowance,
        'resetsAt', COALESCE(strftime('%Y-%m-%dT%H:%M:%fZ', plan.expires_at / 1000.0, 'unixepoch'), '')) AS data
    FROM (SELECT ${balance(userId, now)} AS balance,
        COALESCE((SELECT allowance FROM credit_accounts WHERE user_id = ${userId}), ${integer(defaultAllowance)}) AS allowance,
        EXISTS (SELECT 1 FROM ${newest(userId, attempt)} AND txn = ${txn}) AS charged) AS b
    JOIN users u ON u.id = ${userId}
    LEFT JOIN (SELECT expires_at FROM ${liveGrants(userId, now)} AND source = 'plan') AS plan
    WHERE ${due}`
  const lowAt = sql`COALESCE((SELECT low_at FROM credit_accounts WHERE user_id = ${userId}), b.allowance / 10)`
  const refused = sql`(b.balance < ${cost} AND NOT EXISTS (SELECT 1 FROM ledger WHERE user_id = ${userId} AND at >= ${now * 1000} AND txn = ${txn})
    AND COALESCE((SELECT version FROM credit_accounts WHERE user_id = ${userId}), 0) = ${version}
    AND NOT EXISTS (SELECT 1 FROM holds WHERE user_id = ${userId} AND settled_by IS NULL AND expires_at <= ${now})
    AND ${authorized(authority, now)} ${whileStopped ? sql`` : sql`AND (SELECT stopped_at FROM service_state) IS NULL`})`
  return [
    noteEvents({
      event: 'credits.low',
      eventId: `evt_${attempt}l`,
      source: source('credits.low', sql`b.charged AND b.balance <= ${lowAt}`),
      now,
    }),
    noteEvents({
      event: 'credits.exhausted',
      eventId: `evt_${attempt}e`,
      source: source('credits.exhausted', sql`(b.charged AND b.balance = 0) OR ${refused}`),
      now,
    }),
  ]
}
