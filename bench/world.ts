/** A world to measure: any number of players, with stats, ties, credits and a ledger, the same each time. */
import { sha256 } from '../src/lib/bytes.ts'
import { signAccessToken } from '../src/tokens/access-token.ts'

/** Players have API keys and tokens up to this number; calls take turns with them, so that KV knows each after a round. */
export const KEYED = 100

/** Users in one batch: a few seconds of work. */
const CHUNK = 20_000

/** Enough that nobody runs out while being measured. */
const CREDITS = 1_000_000_000

export const DATASET = 'banks_data'
const ENTRIES = 50

export const playerName = (id: number) => `player${id}`
export const playerKey = (id: number) => `sk_bench_${1 + (id % KEYED)}`
export const entryKey = (i: number) => `BANK${i % ENTRIES}`
export const SERVER_KEY = 'sk_bench_server'

/** A number that looks random and is not: Knuth's multiplicative hash, so that ties and order are the same in each world. */
const scattered = (salt: number) => `((id * 2654435761 + ${salt}) % 4294967296)`

type Fill = {
  players: number
  /** Milliseconds. Everyone has a grant for the billing period of that time. */
  now: number
  /** Of the password that all have. */
  passwordHash: string
  progress?: (done: number) => void
}

/** Fills a migrated, empty database. */
export async function fillWorld(
  db: D1Database,
  { players, now, passwordHash, progress = () => {} }: Fill,
): Promise<void> {
  const date = new Date(now)
  const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
  const end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
  for (let from = 1; from <= players; from += CHUNK) {
    const to = Math.min(players, from + CHUNK - 1)
    const ids = `WITH RECURSIVE n (id) AS (SELECT ${from} UNION ALL SELECT id + 1 FROM n WHERE id < ${to})`
    const chunk = `WHERE id BETWEEN ${from} AND ${to}`
    const statements = [
      `${ids} INSERT INTO users (id, username, email, password_hash, created_at) SELECT id, 'player' || id, 'player' || id || '@example.com', '${passwordHash}', ${start} FROM n`,
      // Five players share a value on the average, whatever their number.
      `INSERT INTO stats (user_id, stat, value) SELECT id, 'meleeAtkXp', 1 + ${scattered(1)} % ${Math.ceil(players / 5)} FROM users ${chunk}`,
      `INSERT INTO stats (user_id, stat, value) SELECT id, 'healthXp', 1 + ${scattered(2)} % 1000000 FROM users ${chunk}`,
      `INSERT INTO credit_accounts (user_id, period_ends_at) SELECT id, ${end} FROM users ${chunk}`,
      `INSERT INTO grants (user_id, source, source_key, amount, remaining, period_start, effective_from, expires_at, write_id)
        SELECT id, 'plan', '${end}', ${CREDITS}, ${CREDITS - 2}, ${start}, ${start}, ${end}, 'bench' FROM users ${chunk}`,
      `INSERT INTO ledger (user_id, at, txn, write_id, kind, amount, balance_after, operation, takes)
        SELECT user_id, ${start * 1000}, 'bench', 'bench', 'grant', ${CREDITS}, ${CREDITS}, 'plan', '[]' FROM grants WHERE user_id BETWEEN ${from} AND ${to}
        UNION ALL SELECT user_id, ${start * 1000} + 1, 'bench', 'bench', 'spend', -1, ${CREDITS - 1}, '${DATASET}.read', json_array(json_array(id, 1)) FROM grants WHERE user_id BETWEEN ${from} AND ${to}
        UNION ALL SELECT user_id, ${start * 1000} + 2, 'bench', 'bench', 'spend', -1, ${CREDITS - 2}, '${DATASET}.read', json_array(json_array(id, 1)) FROM grants WHERE user_id BETWEEN ${from} AND ${to}`,
    ]
    await db.batch(statements.map((statement) => db.prepare(statement)))
    progress(to)
  }
  await insertKeys(db, players)
  await db
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${ENTRIES - 1})
       INSERT INTO dataset_entries (dataset, key, data, updated_at) SELECT '${DATASET}', 'BANK' || i, json_object('name', 'Bank ' || i), 0 FROM n`,
    )
    .run()
}

async function insertKeys(db: D1Database, players: number): Promise<void> {
  const keys: [string, number | null, string][] = [[SERVER_KEY, null, 'admin']]
  for (let id = 1; id <= Math.min(KEYED, players); id++)
    keys.push([`sk_bench_${id}`, id, 'metered:read credits:spend stats:write'])
  const rows = await Promise.all(
    keys.map(async ([secret, owner, scopes]) => [`key_${secret}`, owner, await sha256(secret), scopes]),
  )
  await db
    .prepare(
      `INSERT INTO api_keys (id, user_id, name, secret_hash, prefix, last_four, scopes, created_at)
       SELECT value ->> 0, value ->> 1, 'bench', value ->> 2, 'sk_benc', '0000', value ->> 3, 0 FROM json_each(?)`,
    )
    .bind(JSON.stringify(rows))
    .run()
}

/** Sessions with a refresh token each. A token works once, so every run needs new ones. */
export async function startSessions(db: D1Database, count: number, now: number): Promise<string[]> {
  const tokens = Array.from({ length: count }, (_, i) => `rt_bench_${now}_${i}`)
  const rows = await Promise.all(
    tokens.map(async (token, i) => [`ses_${now}_${i}`, 1 + (i % KEYED), await sha256(token)]),
  )
  const json = JSON.stringify(rows)
  const until = now + 30 * 86_400_000
  await db.batch([
    db
      .prepare(
        `INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at) SELECT value ->> 0, value ->> 1, ${now}, ${now}, ${until} FROM json_each(?)`,
      )
      .bind(json),
    db
      .prepare(
        `INSERT INTO refresh_tokens (token_hash, session_id, expires_at) SELECT value ->> 2, value ->> 0, ${until} FROM json_each(?)`,
      )
      .bind(json),
  ])
  return tokens
}

/** Access tokens of the first players, who have API keys too. */
export function signTokens(secrets: string[], players: number, now: number): Promise<string[]> {
  const ids = Array.from({ length: Math.min(KEYED, players) }, (_, i) => i + 1)
  return Promise.all(ids.map((userId) => signAccessToken(secrets, { userId, version: 1, sessionId: undefined }, now)))
}
