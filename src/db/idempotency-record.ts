/** The idempotency record of a write, as the statements that a verb adds to its own batch. Made in `idempotency/idempotent.ts`. */
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { batchRows, type Db } from './client.ts'
import { byPlace, ITEMS, type Row, type WriteSet } from './write-set.ts'

export type RecordOptions = {
  /** Secrets that the response shows once. Stored encrypted, under a key derived from the caller's Idempotency-Key. */
  secret?: Record<string, unknown>
  /** Id of the user whom the response is about, if that is not the caller; 0 for several users. */
  about?: number | SQL
}

/** The record of an item of a write set. */
export type RecordItem = { caller: string; keyHash: string; fingerprint: string; expiresAt: number }

/** The record of an earlier call with the same Idempotency-Key, found by the batch that would have done the work again. */
export type EarlierRecord = {
  fingerprint: string
  outcome: string
  sealed: string | null
  /** Whether the caller may still make the call: D1 decides, because caches may be old. */
  mayReplay: boolean
}

/** What a verb gives back that looks for the record in its own batch. */
export type WriteResult<Outcome> = { outcome: Outcome } | { earlier: EarlierRecord }

export type IdempotencyRecord = {
  /** For a write set; undefined where the caller is known to the database only. */
  item: RecordItem | undefined
  /** Statements that give the row of an earlier call's record, an `EarlierRecord`; none without an Idempotency-Key. */
  find: () => SQLWrapper[]
  /**
   * The statements that store a write's outcome. `outcome` is a `SELECT` of one column named `outcome`, JSON text; if it
   * returns no row, nothing is stored. They run in the batch that does the work, so a crash leaves both or neither.
   */
  insert: (outcome: SQL, options?: RecordOptions) => Promise<SQLWrapper[]>
  /** The statements that delete the record. */
  delete: () => SQLWrapper[]
  /** The condition that no record is stored yet. */
  isAbsent: SQL
}

/**
 * Runs statements as one batch that first looks for the record of an earlier call. The statements write nothing where there is
 * one: their conditions have `record.isAbsent`.
 */
export async function batchOnce(
  db: Db,
  record: IdempotencyRecord,
  statements: SQLWrapper[],
): Promise<{ earlier: EarlierRecord | undefined; rows: Record<string, unknown>[][] }> {
  const find = record.find()
  const results = await batchRows(db, [...find, ...statements])
  const earlier = find.length > 0 ? (results[0]?.[0] as EarlierRecord | undefined) : undefined
  return { earlier, rows: results.slice(find.length) }
}

/** For a call without an Idempotency-Key. */
export const noRecord: IdempotencyRecord = {
  item: undefined,
  find: () => [],
  insert: async () => [],
  delete: () => [],
  isAbsent: sql`1`,
}

/** True of an item whose call has an Idempotency-Key. */
const hasRecord = ({ record }: { record?: RecordItem | undefined }): boolean => record !== undefined

/** Keys for `WriteSet.keys`: the second of two calls with one Idempotency-Key has to find the record of the first. */
export const recordKeys = ({ record }: { record?: RecordItem | undefined }): string[] =>
  record ? [`record ${record.caller} ${record.keyHash}`] : []

const recordOf = (item: SQL): SQL =>
  sql`r.caller = ${item} ->> '$.record.caller' AND r.key_hash = ${item} ->> '$.record.keyHash'`

/** The records of earlier calls, with the `place` of the item. */
const earlierRecords: SQL = sql`
  SELECT i.key AS place, r.fingerprint, r.outcome, r.sealed FROM json_each(${ITEMS}) i
  JOIN idempotency_records r ON ${recordOf(sql`i.value`)} WHERE r.expires_at > i.value ->> 'now'`

/** The condition that `item`, its JSON, has the record of an earlier call. A record that this batch has inserted names its `writeId`. */
export const isRecorded = (item: SQL): SQL => sql`(${item} ->> '$.record.caller' IS NOT NULL AND EXISTS (
  SELECT 1 FROM idempotency_records r WHERE ${recordOf(item)} AND r.expires_at > ${item} ->> 'now'
    AND COALESCE(r.outcome ->> 'writeId', '') <> ${item} ->> 'writeId'))`

/** Deletes the expired records of the items, which new ones replace. */
const deleteExpiredRecords: SQL = sql`
  DELETE FROM idempotency_records WHERE (caller, key_hash) IN (
    SELECT r.caller, r.key_hash FROM json_each(${ITEMS}) i JOIN idempotency_records r ON ${recordOf(sql`i.value`)}
    WHERE r.expires_at <= i.value ->> 'now')`

/** Inserts the records of `outcomes`, a `SELECT` of `item` (its JSON), `outcome` (JSON text) and `about` (see `RecordOptions`). */
const insertRecords = (outcomes: SQL): SQL => sql`
  INSERT INTO idempotency_records (caller, key_hash, fingerprint, outcome, about, expires_at)
  SELECT item ->> '$.record.caller', item ->> '$.record.keyHash', item ->> '$.record.fingerprint', outcome, about, item ->> '$.record.expiresAt'
  FROM (${outcomes}) WHERE item ->> '$.record.caller' IS NOT NULL AND outcome IS NOT NULL`

type SetStatements = WriteSet<{ now: number; record?: RecordItem | undefined }, unknown>['statements']

/** The first statement of a write set: the records of its items' earlier calls, for `earlierOf`. */
export const findRecords = { earlier: { statement: earlierRecords, where: hasRecord } } satisfies SetStatements

/** The statements of a write set that store the records of `outcomes`, see `insertRecords`. */
export const storeRecords = (outcomes: SQL) =>
  ({
    expiredRecords: { statement: deleteExpiredRecords, where: hasRecord },
    records: { statement: insertRecords(outcomes), where: hasRecord },
  }) satisfies SetStatements

/** A record as the statements of a write set find it. */
export type FoundRecord = Omit<EarlierRecord, 'mayReplay'>

/** The record of each item's earlier call, in order. */
export const earlierOf = ({ earlier }: { [name: string]: Row[] }, count: number): (FoundRecord | undefined)[] =>
  byPlace<FoundRecord>(earlier, count)
