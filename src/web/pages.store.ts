/** What a public page shows, each in one statement or batch: a page costs one round trip to D1. */
import { type SQL, sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'

/** Above every value. */
const PAST_ALL = sql.raw(String(2 ** 53))

/** One more than the players of higher buckets and those of the own bucket whose value is higher; see docs/decisions/001-ranks.md. */
const RANK = sql`1 + COALESCE((SELECT SUM(players) FROM rank_buckets b WHERE b.stat = s.stat AND b.floor > s.value), 0)
  + (SELECT COUNT(*) FROM stats o WHERE o.stat = s.stat AND o.value > s.value
      AND o.value < COALESCE((SELECT MIN(floor) FROM rank_buckets b WHERE b.stat = s.stat AND b.floor > s.value), ${PAST_ALL}))`

export type RankedStat = { stat: string; value: number; rank: number }
export type PlayerRow = { username: string; createdAt: number; stats: RankedStat[] }

/** A player with the rank in each stat that is stored. */
export async function findPlayer(db: Db, username: string): Promise<PlayerRow | undefined> {
  const row = await db.get<{ username: string; createdAt: number; stats: string } | undefined>(sql`
    SELECT username, created_at AS createdAt, (
      SELECT json_group_array(json_object('stat', s.stat, 'value', s.value, 'rank', ${RANK})) FROM stats s WHERE s.user_id = users.id) AS stats
    FROM users WHERE username = ${username}`)
  return row && { ...row, stats: JSON.parse(row.stats) }
}

export type BoardRow = { stat: string; id: number; username: string; value: number; players: number }

const players = (stat: string): SQL => sql`(SELECT COALESCE(SUM(players), 0) FROM rank_buckets WHERE stat = ${stat})`

/** The first `limit` of each of these boards, and how many players each has. */
export async function listLeaders(
  db: Db,
  boards: { stat: string; unlisted: number }[],
  limit: number,
): Promise<BoardRow[]> {
  const tops = boards.map(
    ({ stat, unlisted }) => sql`
      SELECT ${stat} AS stat, users.id AS id, username, value, ${players(stat)} AS players
      FROM (SELECT user_id, value FROM stats WHERE stat = ${stat} AND value <> ${unlisted} ORDER BY value DESC, user_id LIMIT ${limit})
      CROSS JOIN users ON users.id = user_id`,
  )
  // A batch: D1 takes no more than five parts of a UNION.
  return (await batchRows(db, tops)).flat() as BoardRow[]
}

/** A page of a board after an entry, and how many players the board has. In no order. */
export function listBoard(
  db: Db,
  { stat, unlisted }: { stat: string; unlisted: number },
  after: { value: number; id: number } | undefined,
  limit: number,
): Promise<BoardRow[]> {
  const listed = sql`SELECT user_id, value FROM stats WHERE stat = ${stat} AND value <> ${unlisted}`
  const page = after
    ? sql`${listed} AND value = ${after.value} AND user_id > ${after.id} UNION ALL ${listed} AND value < ${after.value}`
    : listed
  return db.all<BoardRow>(sql`
    SELECT ${stat} AS stat, users.id AS id, username, value, ${players(stat)} AS players
    FROM (SELECT * FROM (${page}) ORDER BY value DESC, user_id LIMIT ${limit}) CROSS JOIN users ON users.id = user_id`)
}

/** Any entry that can be bought, for the first call that somebody tries. */
export const findAnyEntry = (db: Db) =>
  db.get<{ dataset: string; key: string } | undefined>(sql`SELECT dataset, key FROM dataset_entries LIMIT 1`)

/** Notes that a form was sent. @returns false where it was sent before. */
export async function insertFormUse(db: Db, tokenHash: string, expiresAt: number): Promise<boolean> {
  const rows = await db.all(sql`
    INSERT INTO idempotency_records (caller, key_hash, fingerprint, outcome, expires_at)
    VALUES ('form', ${tokenHash}, '', '{}', ${sql.raw(String(Math.trunc(expiresAt)))}) ON CONFLICT DO NOTHING RETURNING 1 AS used`)
  return rows.length === 1
}
