import { sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'

/** A bucket that can be split, and the most players that one of its stat should have. */
export type LargeBucket = { stat: string; floor: number; players: number; most: number }

/** Where the lowest bucket begins, and where the highest ends. */
const [LOWEST, PAST_ALL] = [sql.raw(String(1 - 2 ** 53)), sql.raw(String(2 ** 53))]

/**
 * Buckets of more than a thousand players, or of more than their stat has buckets: so a rank's cost grows with the
 * square root of the players. Equals cannot be told apart and need not be: a bucket of one value stays as it is.
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
      SELECT stat, MAX(1000, COUNT(*)) AS most FROM rank_buckets WHERE stat IN (SELECT stat FROM mixed) GROUP BY stat)
    SELECT stat, floor, players, most FROM mixed JOIN sizes USING (stat) WHERE players > most LIMIT ${limit}`)

/**
 * Splits a bucket's upper `reach` players off it, half of `most` at a time, and joins small neighbours of that stat.
 * Players are moved by differences and counted in the same transaction, so it is exact whatever else happens meanwhile,
 * another run of this included.
 */
export async function splitBucket(db: Db, { stat, floor, most }: LargeBucket, reach: number): Promise<void> {
  const half = Math.floor(most / 2)
  const move = sql`ON CONFLICT (stat, floor) DO UPDATE SET players = players + excluded.players`
  await batchRows(db, [
    sql`WITH bucket AS (
          SELECT COALESCE((SELECT MIN(floor) FROM rank_buckets WHERE stat = ${stat} AND floor > ${floor}), ${PAST_ALL}) AS ceiling
          FROM rank_buckets WHERE stat = ${stat} AND floor = ${floor} AND players > ${most}),
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
