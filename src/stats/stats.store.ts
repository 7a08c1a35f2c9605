import { type SQL, sql } from 'drizzle-orm'
import { type Authority, type Checked, isAuthorized, keyUse, stoppedAt } from '../authority/authority.ts'
import type { Db } from '../db/client.ts'
import {
  earlierOf,
  type FoundRecord,
  findRecords,
  isRecorded,
  recordKeys,
  storeRecords,
} from '../db/idempotency-record.ts'
import { byPlace, ITEMS, type WriteItem, type WriteSet } from '../db/write-set.ts'
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

/** The changes of one call. */
export type StatCall = WriteItem & {
  authority: Authority
  /** The changes are of one user, and all of them are made or none. */
  allOrNone: boolean
  /** Unknown names become users. */
  createMissing: boolean
  changes: ReturnType<typeof asList>[]
}

/** As the statements read it. */
export const asList = ({ username, userId, stat, change, rule }: AskedChange) => [
  username ?? null,
  userId ?? null,
  stat,
  change,
  rule?.min ?? null,
  rule?.max ?? null,
  rule?.default ?? null,
]

/** `stored` is what was stored before, of a call about one user. */
export type StatOutcome = { made: (AppliedChange | RefusedChange)[]; stored: StoredStat[] }

/** How a call came out. `late`: a call before it in the batch is about the same user, so it was not made and has to come again. */
export type StatResult = Checked & {
  outcome: StatOutcome
  earlier: FoundRecord | undefined
  late: boolean
}

/** The changes, with the call that each is of and whose they are, as the table `found`. */
const found: SQL = sql`
  asked AS (
    SELECT c.key AS call, c.value AS item, change.key AS place, change.value ->> 0 AS wanted, change.value ->> 1 AS user_id,
      change.value ->> 2 AS stat, change.value ->> 3 AS change, change.value ->> 4 AS least, change.value ->> 5 AS most,
      change.value ->> 6 AS initial
    FROM json_each(${ITEMS}) c, json_each(c.value, '$.changes') change),
  found AS (
    SELECT asked.*, users.id, users.username FROM asked
    LEFT JOIN users ON users.id = COALESCE(asked.user_id, (SELECT id FROM users WHERE username = wanted))
      AND users.username = COALESCE(wanted, users.username))`

/** The calls that may do their work. */
const allowed: SQL = sql`(
  SELECT key FROM json_each(${ITEMS}) c
  WHERE ${isAuthorized(sql`c.value`)} AND ${stoppedAt(sql`c.value`)} IS NULL AND NOT ${isRecorded(sql`c.value`)})`

/**
 * What each change would do to the current stats, as the table `plan`. Changes of one call to one user's stat count
 * together: `code` is by their sum, and `previous` and `value` run from one to the next, kept within the bounds.
 */
const plan: SQL = sql`${found},
  current AS (
    SELECT found.*, COALESCE(stats.value, initial) AS before,
      SUM(change) OVER of_one AS total, SUM(change) OVER (of_one ORDER BY place ROWS UNBOUNDED PRECEDING) AS so_far,
      MIN(call) OVER (PARTITION BY COALESCE(id, lower(wanted))) AS first_call
    FROM found LEFT JOIN stats ON stats.user_id = id AND stats.stat = found.stat
    WINDOW of_one AS (PARTITION BY call, COALESCE(id, lower(wanted)), found.stat)),
  plan AS (
    SELECT call, item, place, id, wanted, username, stat, change, total, before + total AS after, first_call,
      MAX(least, MIN(most, before + so_far - change)) AS previous, MAX(least, MIN(most, before + so_far)) AS value,
      CASE WHEN initial IS NULL THEN 'invalid_request'
        WHEN id IS NULL AND (wanted IS NULL OR NOT item ->> 'createMissing') THEN 'not_found'
        WHEN total <> 0 AND before + total NOT BETWEEN least AND most THEN 'out_of_bounds'
        ELSE '' END AS code
    FROM current)`

/** What comes out of each call, as JSON. It has to be read before the changes are made. */
const outcomes: SQL = sql`
  SELECT call, item, MAX(id) AS id, MIN(first_call) < call AS late, MAX(code) AS worst, json_object(
    'made', json_group_array(json_object('code', code, 'username', iif(code = '', username, ''), 'stat', stat,
      'change', change, 'previous', previous, 'value', value) ORDER BY place),
    'stored', iif(item ->> 'allOrNone', (SELECT json_group_array(json_object('stat', s.stat, 'value', s.value)) FROM stats s WHERE s.user_id = MAX(plan.id)), '[]') -> '$',
    'writeId', item ->> 'writeId') AS outcome
  FROM plan GROUP BY call`

const createMissing: SQL = sql`
  WITH ${plan}
  INSERT INTO users (username, created_at)
  SELECT wanted, item ->> 'now' FROM (
    SELECT wanted, item, call, MIN(place) AS place FROM plan
    WHERE id IS NULL AND code = '' AND call = first_call AND call IN ${allowed} GROUP BY lower(wanted))
  ORDER BY call, place`

const recorded: SQL = sql`
  WITH ${plan}
  SELECT item, outcome, iif(item ->> 'allOrNone', id, 0) AS about FROM (${outcomes})
  WHERE NOT late AND (worst = '' OR NOT item ->> 'allOrNone') AND call IN ${allowed}`

const results: SQL = sql`
  WITH ${plan}
  SELECT call AS place, outcome, late, ${isAuthorized(sql`item`)} AS authorized, ${stoppedAt(sql`item`)} AS stoppedAt FROM (${outcomes})`

const changeStats: SQL = sql`
  WITH ${plan}
  INSERT INTO stats (user_id, stat, value)
  SELECT id, stat, after FROM (
    SELECT plan.*, MIN(first_call) OVER of_call AS earliest, MAX(code) OVER of_call AS worst FROM plan WINDOW of_call AS (PARTITION BY call))
  WHERE iif(item ->> 'allOrNone', worst, code) = '' AND total <> 0 AND earliest = call AND call IN ${allowed} GROUP BY id, stat
  ON CONFLICT (user_id, stat) DO UPDATE SET value = excluded.value`

/** A stat that is back at its default is no longer stored, so that nobody is listed at it. */
const deleteDefaults: SQL = sql`
  WITH ${found}
  DELETE FROM stats WHERE (user_id, stat, value) IN (SELECT id, stat, initial FROM found)`

/** Changes stats. Each call is made whole or, without `allOrNone`, as far as its changes are valid. */
export const statCalls: WriteSet<StatCall, StatResult> = {
  name: 'stats',
  keys: recordKeys,
  statements: {
    ...findRecords,
    create: { statement: createMissing, where: (call) => call.createMissing },
    ...storeRecords(recorded),
    results: { statement: results },
    change: { statement: changeStats },
    defaults: { statement: deleteDefaults },
    ...keyUse,
  },
  outcomes: (found, count) => {
    const rows = byPlace<Checked & { place: number; outcome: string; late: number }>(found.results, count)
    const records = earlierOf(found, count)
    return rows.map((row, i) => {
      const { outcome, late, authorized, stoppedAt } = row as NonNullable<typeof row>
      return { outcome: JSON.parse(outcome), earlier: records[i], late: late === 1, authorized, stoppedAt }
    })
  },
  isLate: ({ late }) => late,
}
