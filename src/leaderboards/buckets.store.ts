import { sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'

/** A bucket that can be split, and how many players a bucket of its stat should have at most. */
export type LargeBucket = { stat: string; floor: number; players: number; maxPlayers: number }

/** Where the lowest bucket begins, and where the highest ends. */
const [LOWEST, PAST_ALL] = [sql.raw(String(1 - 2 ** 53)), sql.raw(String(2 ** 53))]

/**
 * Buckets with more than a thousand players, and more players than their stat has buckets: so the cost of a rank grows with
 * the square root of the number of players. A bucket whose players all have one value cannot be split.
 */
export const listLargeBuckets = (db: Db, limit: number): Promise<LargeBucket[]> =>
  db.all<LargeBucket>(sql`
    WITH large AS (
      SELECT stat, floor, players, COALESCE((SELECT MIN(next.floor) FROM rank_buckets AS next
        WHERE next.stat = one.stat AND next.floor > one.floor), ${PAST_ALL}) AS ceiling
      FROM rank_buckets AS one WHERE players > 1000),
    mixed AS MATERIALIZED (
      SELECT stat, floor, players FROM large
      WHERE EXISTS (SELECT 1 FROM stats WHERE stats.stat = large.stat AND value > floor AND value < ceiling)),
    sizes AS (
      SELECT stat, MAX(1000, COUNT(*)) AS maxPlayers FROM rank_buckets WHERE stat IN (SELECT stat FROM mixed) GROUP BY stat)
    SELECT stat, floor, players, maxPlayers FROM mixed JOIN sizes USING (stat) WHERE players > maxPlayers LIMIT ${limit}`)

/**
 * Splits the upper `reach` players off a bucket, into buckets of half of `maxPlayers`, and joins small neighbours of that stat.
 * Counts are changed by differences that are counted in the same transaction, so they are exact whatever runs concurrently.
 */
export async function splitBucket(db: Db, { stat, floor, maxPlayers }: LargeBucket, reach: number): Promise<void> {
  const half = Math.floor(maxPlayers / 2)
  const move = sql`ON CONFLICT (stat, floor) DO UPDATE SET players = players + excluded.players`
  await batchRows(db, [
    sql`WITH bucket AS (
          SELECT COALESCE((SELECT MIN(floor) FROM rank_buckets WHERE stat = ${stat} AND floor > ${floor}), ${PAST_ALL}) AS ceiling
          FROM rank_buckets WHERE stat = ${stat} AND floor = ${floor} AND players > ${maxPlayers}),
        upper AS (
          SELECT value, ROW_NUMBER() OVER (ORDER BY value DESC) AS place FROM (
            SELECT value FROM stats WHERE stat = ${stat} AND value >= ${floor} AND value < (SELECT ceiling FROM bucket)
            ORDER BY value DESC LIMIT ${reach})),
        cuts AS (SELECT DISTINCT MAX(value, ${floor} + 1) AS floor FROM upper WHERE place % ${half} = 0),
        pieces AS (SELECT floor, LEAD(floor, 1, (SELECT ceiling FROM bucket)) OVER (ORDER BY floor) AS ceiling FROM cuts),
        counted AS MATERIALIZED (
          SELECT floor, (SELECT COUNT(*) FROM stats WHERE stat = ${stat} AND value >= pieces.floor AND value < pieces.ceiling) AS players
          FROM pieces)
        INSERT INTO rank_buckets (stat, floor, players)
        SELECT ${stat}, floor, players FROM counted
        UNION ALL SELECT ${stat}, ${floor}, -SUM(players) FROM counted HAVING COUNT(*) > 0 ${move}`,
    sql`WITH neighbours AS (
          SELECT floor, players, LAG(floor) OVER upwards AS below, players + LAG(players) OVER upwards AS together,
            ROW_NUMBER() OVER upwards % 2 = 0 AS is_second
          FROM rank_buckets WHERE stat = ${stat} WINDOW upwards AS (ORDER BY floor)),
        joined AS MATERIALIZED (SELECT * FROM neighbours WHERE is_second AND together <= ${half})
        INSERT INTO rank_buckets (stat, floor, players)
        SELECT ${stat}, below, players FROM joined
        UNION ALL SELECT ${stat}, floor, -players FROM joined WHERE TRUE ${move}`,
    sql`DELETE FROM rank_buckets WHERE stat = ${stat} AND players = 0 AND floor > ${LOWEST}`,
  ])
}
