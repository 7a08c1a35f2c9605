import { type Placeholder, type SQL, sql } from 'drizzle-orm'
import { batchRows, type Compiled, compile, type Db, runCompiled } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import type { UserRef } from '../users/user-ref.ts'
import type { StatRule } from './catalog.ts'
import type { ValueChange } from './values.ts'

export type StoredStat = { stat: string; value: number }

/** What is stored of a user's stats; undefined where there is no such user. */
export async function findStats(db: Db, ref: UserRef): Promise<StoredStat[] | undefined> {
  const row = await db.get<{ stored: string } | undefined>(sql`
    SELECT (SELECT json_group_array(json_object('stat', stat, 'value', value)) FROM stats WHERE user_id = users.id) AS stored
    FROM users WHERE ${'id' in ref ? sql`id = ${ref.id}` : sql`username = ${ref.username}`}`)
  return row && JSON.parse(row.stored)
}

/** One change. Where both id and name are given, they have to be of one user. Without a rule it is answered and not made. */
export type AskedChange = {
  username?: string | undefined
  userId?: number | undefined
  stat: string
  change: number
  rule: StatRule | undefined
}

/** What became of a change; `code` is empty where it was made, and the values count only then. */
export type AppliedChange = ValueChange & { code: '' | 'not_found' | 'out_of_bounds'; username: string }

/** A change that had no rule. */
export type RefusedChange = { code: 'invalid_request'; stat: string }

/** The changes as one JSON text: the only parameter of every statement here. */
const asJson = (changes: AskedChange[]): string =>
  JSON.stringify(
    changes.map(({ username, userId, stat, change, rule }) => {
      return [username, userId, stat, change, rule?.min, rule?.max, rule?.default]
    }),
  )

/** That text, or its place in a statement that is prepared once. */
type Asked = string | Placeholder

/** The changes as they were asked for, and whose they are, as the table `found`. */
const lookUp = (asked: Asked): SQL => sql`
    asked AS (
      SELECT key AS place, value ->> 0 AS wanted, value ->> 1 AS user_id, value ->> 2 AS stat, value ->> 3 AS change,
        value ->> 4 AS least, value ->> 5 AS most, value ->> 6 AS initial
      FROM json_each(${asked})),
    found AS (
      SELECT asked.*, users.id, users.username FROM asked
      LEFT JOIN users ON users.id = COALESCE(asked.user_id, (SELECT id FROM users WHERE username = wanted))
        AND users.username = COALESCE(wanted, users.username))`

/**
 * What each change would do to the current stats, as the table `plan`. Changes of one user and stat count
 * together: `code` is by their sum, and `previous` and `value` run from one to the next, kept within the bounds.
 * With `creating`, a name that nobody has is no fault.
 */
const planOf = (asked: Asked, creating: boolean): SQL => sql`${lookUp(asked)},
  current AS (
    SELECT found.*, COALESCE(stats.value, initial) AS before,
      SUM(change) OVER of_one AS total, SUM(change) OVER (of_one ORDER BY place) AS so_far
    FROM found LEFT JOIN stats ON stats.user_id = id AND stats.stat = found.stat
    WINDOW of_one AS (PARTITION BY COALESCE(id, lower(wanted)), found.stat)),
  plan AS (
    SELECT place, id, wanted, username, stat, change, total, before + total AS after,
      MAX(least, MIN(most, before + so_far - change)) AS previous, MAX(least, MIN(most, before + so_far)) AS value,
      CASE WHEN initial IS NULL THEN 'invalid_request'
        WHEN id IS NULL AND (wanted IS NULL OR NOT ${creating ? 1 : 0}) THEN 'not_found'
        WHEN total <> 0 AND before + total NOT BETWEEN least AND most THEN 'out_of_bounds'
        ELSE '' END AS code
    FROM current)`

/** The changes as they come out, in order, as the JSON list `made`. Has to be read before they are made. */
const made = sql`json_group_array(json_object('code', code, 'username', iif(code = '', username, ''), 'stat', stat,
  'change', change, 'previous', previous, 'value', value) ORDER BY place)`

/** Makes the planned changes; a stat that is back at its default is no longer stored, so that nobody is listed at it. */
const make = (asked: Asked, plan: SQL, condition: SQL): SQL[] => [
  sql`WITH ${plan} INSERT INTO stats (user_id, stat, value)
      SELECT id, stat, after FROM plan WHERE code = '' AND total <> 0 AND ${condition} GROUP BY id, stat
      ON CONFLICT (user_id, stat) DO UPDATE SET value = excluded.value`,
  sql`WITH ${lookUp(asked)} DELETE FROM stats WHERE (user_id, stat, value) IN (SELECT id, stat, initial FROM found)`,
]

export type UserChanges = { made: AppliedChange[]; stored: StoredStat[] }

const userOutcome = (asked: Asked): SQL => sql`
  WITH ${planOf(asked, false)} SELECT MAX(code) AS code, json_object('made', ${made}, 'stored', (
    SELECT json_group_array(json_object('stat', stat, 'value', value)) FROM stats WHERE user_id = (SELECT MAX(id) FROM plan)
  )) AS outcome FROM plan`

/** Built once, as this is what games do most: what comes out, and then the making of it. */
const [tellOne, ...makeOne] = compile([
  userOutcome(sql.placeholder('asked')),
  ...make(sql.placeholder('asked'), planOf(sql.placeholder('asked'), false), sql`(SELECT MAX(code) FROM plan) = ''`),
]) as [Compiled, ...Compiled[]]

/** Makes the changes of one user, all or none. `stored` is what was stored before. */
export async function addToStats(db: Db, changes: AskedChange[], record: IdempotencyRecord): Promise<UserChanges> {
  const asked = asJson(changes)
  const about = sql`(WITH ${lookUp(asked)} SELECT MAX(id) FROM found)`
  const inserted = await record.insert(sql`SELECT outcome FROM (${userOutcome(asked)}) WHERE code = ''`, { about })
  const [rows] = await runCompiled(db, [tellOne, ...compile(inserted), ...makeOne], { asked })
  return JSON.parse(rows?.[0]?.outcome as string)
}

export type ManyChanges = { made: (AppliedChange | RefusedChange)[] }

/** Applies the valid ones of many users' changes. With `createdAt`, unknown names become users. */
export async function addToManyStats(
  db: Db,
  changes: AskedChange[],
  createdAt: number | undefined,
  record: IdempotencyRecord,
): Promise<ManyChanges> {
  const asked = asJson(changes)
  const plan = planOf(asked, createdAt !== undefined)
  const outcome = sql`WITH ${plan} SELECT json_object('made', ${made}) AS outcome FROM plan`
  const creation = sql`WITH ${plan} INSERT INTO users (username, created_at)
    SELECT wanted, ${createdAt} FROM (SELECT wanted, MIN(place) AS place FROM plan WHERE id IS NULL AND code = '' GROUP BY lower(wanted))
    ORDER BY place`
  const rows = await batchRows(db, [
    ...(createdAt === undefined ? [] : [creation]),
    outcome,
    ...(await record.insert(outcome, { about: 0 })),
    ...make(asked, plan, sql`TRUE`),
  ])
  return JSON.parse(rows[createdAt === undefined ? 0 : 1]?.[0]?.outcome as string)
}
