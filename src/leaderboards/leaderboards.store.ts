import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import type { UserRef } from '../users/user-ref.ts'

/** A stat, and the value at which nobody is listed. */
export type Board = { stat: string; unlisted: number }

export type EntryRow = { id: number; username: string; value: number }

/** An entry near a player. `rank` is null where it can be counted from the entries beside it. */
export type NearRow = EntryRow & { isPlayer: 0 | 1; rank: number | null }

/** Above every value. */
const PAST_ALL = sql.raw(String(2 ** 53))

/**
 * The first entries after `after`, and whose entry is the board's last. In no order: to sort them here as well would
 * read them twice. Asking for the last costs one row, where looking one entry ahead would cost two.
 */
export const listEntries = (
  db: Db,
  board: Board,
  after: { value: number; id: number } | undefined,
  limit: number,
): Promise<(EntryRow & { lastId: number })[]> => {
  const page = after ? below(board, sql`${after.value}`, sql`user_id > ${after.id}`) : listed(board, sql`TRUE`)
  return db.all(sql`
    SELECT id, username, value, (${listed(board, sql`TRUE`, sql`user_id`)} ${UPWARDS} LIMIT 1) AS lastId
    FROM (${page} ${DOWNWARDS} LIMIT ${limit}) CROSS JOIN users ON id = user_id`)
}

/**
 * A player with up to `radius` entries on each side; nothing for a player who is not listed. Three groups of equals may be more
 * than are shown: the highest one's, the player's own, and the next one below. Their ranks are told: one more than the
 * players of the higher buckets and those of their own bucket whose value is higher. Nothing is counted twice: each
 * adds to what the ones above it have counted.
 */
export function listAround(db: Db, board: Board, ref: UserRef, radius: number): Promise<NearRow[]> {
  const { stat, unlisted } = board
  const [id, own] = [sql`(SELECT id FROM me)`, sql`(SELECT value FROM me)`]
  return db.all<NearRow>(sql`
    WITH me AS MATERIALIZED (
      SELECT id, value FROM users CROSS JOIN stats ON user_id = id AND stat = ${stat} AND value <> ${unlisted}
      WHERE ${'id' in ref ? sql`id = ${ref.id}` : sql`username = ${ref.username}`}),
    near AS MATERIALIZED (
      SELECT * FROM (${above(board, own, sql`user_id < ${id}`)} ${UPWARDS} LIMIT ${radius})
      UNION ALL SELECT * FROM (${below(board, own, sql`user_id >= ${id}`)} ${DOWNWARDS} LIMIT ${radius + 1})),
    edges AS (
      SELECT value, LAG(value, 1, ${PAST_ALL}) OVER (ORDER BY value DESC) AS higher,
        COALESCE((SELECT MIN(floor) FROM rank_buckets WHERE stat = ${stat} AND floor > value), ${PAST_ALL}) AS ceiling
      FROM (
        SELECT MAX(value) AS value FROM near
        UNION SELECT value FROM me
        UNION SELECT MAX(value) FROM near WHERE value < ${own})
      WHERE value IS NOT NULL),
    counted AS (
      SELECT value, ceiling,
        (SELECT COALESCE(SUM(players), 0) FROM rank_buckets WHERE stat = ${stat} AND floor >= ceiling AND floor <= higher) AS others,
        (SELECT COUNT(*) FROM stats WHERE stat = ${stat} AND value > edges.value AND value < MIN(ceiling, higher + 1)) AS beside
      FROM edges),
    known AS (
      SELECT value, 1 + SUM(others) OVER (ORDER BY value DESC) + SUM(beside) OVER (PARTITION BY ceiling ORDER BY value DESC) AS rank
      FROM counted)
    SELECT users.id, username, near.value, users.id = ${id} AS isPlayer, rank
    FROM near CROSS JOIN users ON users.id = user_id LEFT JOIN known ON known.value = near.value
    ORDER BY near.value DESC, users.id`)
}

const listed = ({ stat, unlisted }: Board, range: SQL, columns = sql`user_id, value`) =>
  sql`SELECT ${columns} FROM stats WHERE stat = ${stat} AND value <> ${unlisted} AND ${range}`

const DOWNWARDS = sql`ORDER BY value DESC, user_id`
const UPWARDS = sql`ORDER BY value, user_id DESC`

/** What comes after a value: those of its equals that hold `equals`, and lower values. One range with an `OR` would read past all equals. */
const below = (board: Board, value: SQL, equals: SQL) =>
  sql`${listed(board, sql`value = ${value} AND ${equals}`)} UNION ALL ${listed(board, sql`value < ${value}`)}`

const above = (board: Board, value: SQL, equals: SQL) =>
  sql`${listed(board, sql`value = ${value} AND ${equals}`)} UNION ALL ${listed(board, sql`value > ${value}`)}`
