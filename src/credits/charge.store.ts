import { type SQL, sql } from 'drizzle-orm'
import { noteEvents } from '../alerts/outbox.ts'
import { type Bound, type Compiled, compile, type Db, integer, runCompiled } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import { mayKeyAct } from '../keys/active-key.ts'
import type { Scope } from '../keys/scopes.ts'
import {
  balance,
  liveGrants,
  livePlan,
  type Movement,
  microseconds,
  nextAt,
  openPeriod,
  type Terms,
  transactionIdSql,
} from './movements.store.ts'

/** By what right credits are taken: an active key with this scope, or a user at the account version of their credentials. */
export type Authority = { kind: 'key'; keyId: string; scope: Scope } | { kind: 'user'; userId: number; version: number }

export type Charge = Movement & {
  authority: Authority
  /** Admin calls go on while the service is stopped. */
  whileStopped: boolean
  cost: number
  kind: 'spend' | 'hold'
  operation: string
  reason: string
  /** Of a hold; milliseconds. */
  expiresAt?: number
  /** Version of what is bought. */
  sold?: string
}

/** How a charge came out; what was not charged has no `at`. */
export type ChargeRow = {
  at: number | null
  balanceAfter: number | null
  balance: number
  resetsAt: number | null
  quota: number | null
  version: number
  accountStatus: 'disabled' | 'gone' | 'ok'
  authorized: number
  stoppedAt: number | null
  expiredHolds: number
  noted: boolean
}

/** What makes the statements of one charge differ from another's; the rest are values. */
type Shape = Pick<Charge, 'kind' | 'whileStopped'> & { by: 'user' | Scope }

/** A charge's values. `byId` is the id of the key or the user that acts, `byVersion` the user's account version. */
type ChargeTerms = Terms & Record<'cost' | 'operation' | 'reason' | 'expiresAt' | 'sold' | 'byId' | 'byVersion', Bound>

const PLACEHOLDERS: ChargeTerms = {
  userId: sql.placeholder('userId'),
  version: sql.placeholder('version'),
  periodStart: sql.placeholder('periodStart'),
  periodEnd: sql.placeholder('periodEnd'),
  defaultAllowance: sql.placeholder('defaultAllowance'),
  txn: sql.placeholder('txn'),
  writeId: sql.placeholder('writeId'),
  startedAt: sql.placeholder('startedAt'),
  cost: sql.placeholder('cost'),
  operation: sql.placeholder('operation'),
  reason: sql.placeholder('reason'),
  expiresAt: sql.placeholder('expiresAt'),
  sold: sql.placeholder('sold'),
  byId: sql.placeholder('byId'),
  byVersion: sql.placeholder('byVersion'),
}

/** Takes `cost` from what expires first: one batch, one round trip. Repeating it with the same `txn` charges once. */
export async function insertCharge(db: Db, charge: Charge, record: IdempotencyRecord): Promise<ChargeRow> {
  const values = valuesOf(charge)
  const { kind, whileStopped, authority } = charge
  const statements = prepared({ kind, whileStopped, by: authority.kind === 'key' ? authority.scope : 'user' })
  const kept = compile(await record.insert(outcomeOf(values)))
  const results = await runCompiled(db, [...statements, ...kept], values)
  const written = results.slice(0, statements.length - 1)
  // Of the writes, only a noted alert gives back a row.
  const noted = written.some((rows) => rows.length > 0)
  return { ...(results[statements.length - 1]?.[0] as ChargeRow), noted }
}

function valuesOf({ authority, whileStopped: _, kind: __, ...charge }: Charge) {
  const by =
    authority.kind === 'key'
      ? { byId: authority.keyId, byVersion: null }
      : { byId: authority.userId, byVersion: authority.version }
  return { ...charge, ...by, expiresAt: charge.expiresAt ?? 0, sold: charge.sold ?? '' }
}

/** Building SQL costs more CPU than anything else in a charge, so each shape is compiled once. */
const shapes = new Map<string, Compiled[]>()

function prepared(shape: Shape): Compiled[] {
  const name = `${shape.kind} ${shape.by} ${shape.whileStopped}`
  let statements = shapes.get(name)
  if (!statements) {
    statements = compile(chargeStatements(shape, PLACEHOLDERS))
    shapes.set(name, statements)
  }
  return statements
}

/** The account's newest row, if this write inserted it. */
const own = ({ userId, writeId, txn }: ChargeTerms): SQL =>
  sql`ledger WHERE user_id = ${userId} AND at = (SELECT MAX(at) FROM ledger WHERE user_id = ${userId}) AND write_id = ${writeId} AND txn = ${txn}`

/** What this or an earlier try wrote. `at` is never before the clock of the first try, so the search is short. */
const already = ({ userId, startedAt, txn }: ChargeTerms): SQL =>
  sql`ledger WHERE user_id = ${userId} AND at >= ${microseconds(startedAt)} AND txn = ${txn}`

const planOf = ({ userId, startedAt }: ChargeTerms): SQL => livePlan(userId, startedAt)

const versionOf = ({ userId }: ChargeTerms): SQL =>
  sql`COALESCE((SELECT version FROM credit_accounts WHERE user_id = ${userId}), 0)`

const hasExpiredHolds = ({ userId, startedAt }: ChargeTerms): SQL =>
  sql`EXISTS (SELECT 1 FROM holds WHERE user_id = ${userId} AND settled_by IS NULL AND expires_at <= ${startedAt})`

const authorized = (
  by: Shape['by'],
  { byId, byVersion, startedAt }: Pick<ChargeTerms, 'byId' | 'byVersion' | 'startedAt'>,
): SQL =>
  by === 'user'
    ? sql`EXISTS (SELECT 1 FROM users WHERE id = ${byId} AND version = ${byVersion} AND disabled_at IS NULL)`
    : mayKeyAct(byId, [by], startedAt)

const stoppedAt = (whileStopped: boolean): SQL =>
  whileStopped ? sql`NULL` : sql`(SELECT stopped_at FROM service_state)`

const outcomeOf = (terms: ChargeTerms): SQL => sql`
  SELECT json_object('id', ${transactionIdSql}, 'charged', -amount, 'balance', balance_after,
    'resetsAt', (SELECT expires_at FROM ${planOf(terms)}), 'quota', (SELECT amount FROM ${planOf(terms)}),
    'expiresAt', ${integer(terms.expiresAt)}, 'sold', ${terms.sold}) AS outcome
  FROM ${own(terms)}`

/** The last of them tells how it came out. */
function chargeStatements({ kind, whileStopped, by }: Shape, terms: ChargeTerms): SQL[] {
  const { userId, cost, operation, reason, txn, writeId, startedAt: now } = terms
  const hour = sql`(${integer(now)} - ${integer(now)} % 3600000)`
  return [
    ...openPeriod(terms),
    sql`INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, operation, reason, takes)
        WITH live AS (
          SELECT id, remaining, SUM(remaining) OVER (ORDER BY expires_at, id) - remaining AS before FROM ${liveGrants(userId, now)} AND remaining > 0
        ), total AS (SELECT COALESCE(SUM(remaining), 0) AS credits FROM live)
        SELECT ${userId}, ${nextAt(userId, now)}, ${txn}, ${writeId}, ${kind}, -${integer(cost)}, credits - ${integer(cost)}, ${operation}, ${reason},
          (SELECT json_group_array(json_array(id, MIN(remaining, ${integer(cost)} - before))) FROM live WHERE before < ${cost})
        FROM total
        WHERE credits >= ${cost}
          AND EXISTS (SELECT 1 FROM users WHERE id = ${userId} AND disabled_at IS NULL)
          AND ${versionOf(terms)} = ${terms.version}
          AND ${authorized(by, terms)} AND ${stoppedAt(whileStopped)} IS NULL
          AND NOT EXISTS (SELECT 1 FROM ${already(terms)})`,
    // Depends on this very write: if the batch is repeated, the txn was inserted by the first one, and nothing is taken.
    sql`UPDATE grants SET remaining = remaining - taken.credits
        FROM (SELECT value ->> 0 AS grant_id, value ->> 1 AS credits FROM json_each((SELECT takes FROM ${own(terms)}))) AS taken
        WHERE grants.id = taken.grant_id`,
    ...(kind === 'hold'
      ? [
          sql`INSERT INTO holds (user_id, at, amount, expires_at)
              SELECT user_id, at, -amount, ${integer(terms.expiresAt)} FROM ${own(terms)}`,
        ]
      : []),
    ...noteBalance({ whileStopped, by }, terms),
    ...(by !== 'user'
      ? [
          sql`UPDATE api_keys SET last_used_at = ${hour} WHERE id = ${terms.byId} AND COALESCE(last_used_at, 0) < ${hour}`,
        ]
      : []),
    sql`SELECT
          (SELECT at FROM ${already(terms)}) AS at,
          (SELECT balance_after FROM ${already(terms)}) AS balanceAfter,
          ${balance(userId, now)} AS balance,
          (SELECT expires_at FROM ${planOf(terms)}) AS resetsAt,
          (SELECT amount FROM ${planOf(terms)}) AS quota,
          ${versionOf(terms)} AS version,
          COALESCE((SELECT iif(disabled_at IS NULL, 'ok', 'disabled') FROM users WHERE id = ${userId}), 'gone') AS accountStatus,
          ${authorized(by, terms)} AS authorized,
          ${stoppedAt(whileStopped)} AS stoppedAt,
          ${hasExpiredHolds(terms)} AS expiredHolds`,
  ]
}

/** The alerts that are due after a charge, or after a refusal for want of credits: one for each account, kind, period and newest top-up. */
function noteBalance({ whileStopped, by }: Pick<Shape, 'whileStopped' | 'by'>, terms: ChargeTerms): SQL[] {
  const { userId, cost, writeId, startedAt: now, defaultAllowance } = terms
  const source = (event: string, due: SQL) => sql`
    SELECT u.id AS user_id,
      ${event} || ':' || u.id || ':' || COALESCE(plan.expires_at, 0) || ':'
        || COALESCE((SELECT MAX(id) FROM grants WHERE user_id = u.id AND source <> 'plan'), 0) AS once_key,
      json_object('username', u.username, 'balance', b.balance, 'allowance', b.allowance,
        'resetsAt', COALESCE(strftime('%Y-%m-%dT%H:%M:%fZ', plan.expires_at / 1000.0, 'unixepoch'), '')) AS data
    FROM (SELECT ${balance(userId, now)} AS balance,
        COALESCE((SELECT allowance FROM credit_accounts WHERE user_id = ${userId}), ${integer(defaultAllowance)}) AS allowance,
        EXISTS (SELECT 1 FROM ${own(terms)}) AS charged) AS b
    JOIN users u ON u.id = ${userId} AND u.disabled_at IS NULL
    LEFT JOIN (SELECT expires_at FROM ${planOf(terms)}) AS plan
    WHERE ${due}`
  const lowAt = sql`COALESCE((SELECT low_at FROM credit_accounts WHERE user_id = ${userId}), b.allowance / 10)`
  const refused = sql`(b.balance < ${cost} AND NOT EXISTS (SELECT 1 FROM ${already(terms)})
    AND ${versionOf(terms)} = ${terms.version} AND NOT ${hasExpiredHolds(terms)}
    AND ${authorized(by, terms)} AND ${stoppedAt(whileStopped)} IS NULL)`
  const note = (event: 'credits.low' | 'credits.exhausted', mark: string, due: SQL) =>
    noteEvents({ event, eventId: sql`'evt_' || ${writeId} || ${mark}`, source: source(event, due), now })
  return [
    note('credits.low', 'l', sql`b.charged AND b.balance <= ${lowAt}`),
    note('credits.exhausted', 'e', sql`(b.charged AND b.balance = 0) OR ${refused}`),
  ]
}
