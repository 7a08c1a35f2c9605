/**
 * The SQL that an import writes: each statement below D1's 100 KB, each list of them one transaction, and nothing that
 * is there already overwritten, so that a list can be repeated.
 */
import { NEVER } from '../../src/credits/movements.store.ts'
import type { Period } from '../../src/credits/period.ts'
import { sha256, toBase64Url, utf8 } from '../../src/lib/bytes.ts'
import type { ImportedAccount, ImportedUser } from './plan.ts'

/** D1 takes statements of 100,000 bytes. */
const MAX_BYTES = 90_000

/** One `INSERT` for as many rows as fit into a statement. `sql` makes it of an expression that is the rows' JSON. */
function packed(rows: unknown[], sql: (rows: string) => string): string[] {
  const statements: string[] = []
  let texts: string[] = []
  let bytes = 0
  const flush = () => {
    if (texts.length > 0) statements.push(sql(`json_each('[${texts.join(',')}]')`))
    texts = []
    bytes = 0
  }
  for (const row of rows) {
    const text = JSON.stringify(row).replaceAll("'", "''")
    const length = utf8(text).length + 1
    if (bytes + length > MAX_BYTES) flush()
    texts.push(text)
    bytes += length
  }
  flush()
  return statements
}

/** Users of the first app, and their stats. */
export function insertUsers(users: ImportedUser[], now: number): string[] {
  const accounts = users.map(({ origin, username, email, passwordHash, twitchId, disabled }) => [
    origin,
    username,
    email,
    passwordHash,
    twitchId,
    disabled ? now : null,
  ])
  const stats = users
    .filter((user) => user.stats.length > 0)
    .map((user) => [user.origin, Object.fromEntries(user.stats)])
  return [
    ...packed(
      accounts,
      (rows) => `INSERT INTO users (origin, username, email, password_hash, twitch_id, disabled_at, created_at)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, ${now} FROM ${rows} WHERE true ON CONFLICT DO NOTHING`,
    ),
    ...packed(
      stats,
      (rows) => `INSERT INTO stats (user_id, stat, value)
SELECT u.id, s.key, s.value FROM ${rows} r CROSS JOIN users u ON u.origin = r.value ->> 0 CROSS JOIN json_each(r.value, '$[1]') s
WHERE true ON CONFLICT DO NOTHING`,
    ),
  ]
}

export type CreditTerms = {
  now: number
  /** The running period of a new account. */
  period: Period
  /** undefined: MONTHLY_CREDITS, whatever that is at the time. */
  allowance: number | undefined
}

/** The user's old token, their allowance from the next period on, and the credits that were left. */
export async function insertAccounts(
  accounts: ImportedAccount[],
  { now, period, allowance }: CreditTerms,
): Promise<string[]> {
  const fresh = accounts.filter(({ userId }) => userId === undefined)
  const keys = await Promise.all(accounts.filter(({ token }) => token !== '').map(keyOf))
  const topUps = accounts.map(({ origin, userId, credits }) => [origin, userId ?? null, credits])

  // By its origin a user whom this import made, by the id one who was there.
  const users = (rows: string) =>
    `${rows} r CROSS JOIN users u ON u.id = COALESCE(r.value ->> 1, (SELECT id FROM users WHERE origin = r.value ->> 0))`
  const unlessImported = `NOT EXISTS (SELECT 1 FROM grants WHERE user_id = u.id AND source = 'topup' AND source_key = 'import')`
  return [
    ...packed(
      fresh.map(({ origin, username }) => [origin, username]),
      (rows) => `INSERT INTO users (origin, username, created_at)
SELECT value ->> 0, value ->> 1, ${now} FROM ${rows} WHERE true ON CONFLICT DO NOTHING`,
    ),
    ...packed(
      keys,
      (rows) => `INSERT INTO api_keys (id, user_id, name, secret_hash, imported, prefix, last_four, scopes, created_at)
SELECT r.value ->> 2, u.id, 'flask-credits', r.value ->> 3, 1, '', r.value ->> 4, 'metered:read credits:spend', ${now}
FROM ${users(rows)} WHERE ${unlessImported} ON CONFLICT DO NOTHING`,
    ),
    ...packed(
      fresh.map(({ origin }) => [origin, null]),
      (rows) => `INSERT INTO credit_accounts (user_id, allowance, period_ends_at)
SELECT u.id, ${allowance ?? 'NULL'}, ${period.end} FROM ${users(rows)} WHERE ${unlessImported} ON CONFLICT DO NOTHING`,
    ),
    // What is left of the running period's allowance is the top-up: its own grant is open, and empty.
    ...packed(
      fresh.map(({ origin }) => [origin, null]),
      (
        rows,
      ) => `INSERT INTO grants (user_id, source, source_key, amount, remaining, period_start, effective_from, expires_at, write_id)
SELECT u.id, 'plan', '${period.end}', 0, 0, ${period.start}, ${period.start}, ${period.end}, 'import'
FROM ${users(rows)} WHERE ${unlessImported} ON CONFLICT DO NOTHING`,
    ),
    ...packed(
      topUps,
      (rows) => `INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, operation, reason)
SELECT u.id, MAX(${now * 1000}, COALESCE((SELECT MAX(at) + 1 FROM ledger WHERE user_id = u.id), 0)), 'import', 'import', 'grant', r.value ->> 2,
  r.value ->> 2 + (SELECT COALESCE(SUM(remaining), 0) FROM grants WHERE user_id = u.id AND closed = 0 AND expires_at > ${now} AND effective_from <= ${now}),
  'topup', 'Left over in the old app'
FROM ${users(rows)} WHERE r.value ->> 2 > 0 AND ${unlessImported}`,
    ),
    // Last: this is how every statement above knows a user whose import is done. An empty one is in nobody's way.
    ...packed(
      topUps,
      (
        rows,
      ) => `INSERT INTO grants (user_id, source, source_key, amount, remaining, effective_from, expires_at, write_id, closed)
SELECT u.id, 'topup', 'import', r.value ->> 2, r.value ->> 2, ${now}, ${NEVER}, r.value ->> 0, r.value ->> 2 = 0
FROM ${users(rows)} WHERE true ON CONFLICT DO NOTHING`,
    ),
  ]
}

/** Whoever sees the last characters of a short secret has seen most of it. */
const LONG_ENOUGH_TO_SHOW = 16

async function keyOf({ origin, userId, token }: ImportedAccount) {
  const id = `key_${toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(origin))).slice(0, 15))}`
  return [origin, userId ?? null, id, await sha256(token), token.length < LONG_ENOUGH_TO_SHOW ? '' : token.slice(-4)]
}
