import { type SQL, sql } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import type { Db } from '../db/client.ts'
import type { EarlierRecord } from '../db/idempotency-record.ts'
import { isActiveKey } from '../keys/active-key.ts'
import { isValidAccess } from '../tokens/valid-access.ts'

/** `caller` is a text, or the statement that finds it. */
export type RecordKey = { caller: string | SQL; keyHash: string }

const isOf = ({ caller, keyHash }: RecordKey): SQL => sql`caller = ${caller} AND key_hash = ${keyHash}`

/** The statement that gives an `EarlierRecord`. */
export const earlierRecord = (key: RecordKey, by: Caller | undefined, now: number): SQL => sql`
  SELECT fingerprint, outcome, sealed, ${mayReplay(by, now)} AS mayReplay FROM idempotency_records
  WHERE ${isOf(key)} AND expires_at > ${now}`

export const findRecord = (db: Db, key: RecordKey, by: Caller | undefined, now: number) =>
  db.get<EarlierRecord | undefined>(earlierRecord(key, by, now))

/** A call without a caller had a user's password or token in its body, and its record is about that user. */
function mayReplay(by: Caller | undefined, now: number): SQL {
  if (by?.kind === 'user') return isValidAccess(by)
  if (by)
    return sql`EXISTS (SELECT 1 FROM api_keys k LEFT JOIN users owner ON owner.id = k.user_id
      WHERE k.id = ${by.keyId} AND ${isActiveKey(now)})`
  return sql`NOT EXISTS (SELECT 1 FROM users WHERE users.id = about AND disabled_at IS NOT NULL)`
}

/** The condition that no record is stored. */
export const isAbsent = (key: RecordKey, now: number): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM idempotency_records WHERE ${isOf(key)} AND expires_at > ${now})`

export type NewRecord = {
  fingerprint: string
  sealed: string | null
  about: number | SQL | undefined
  now: number
  expiresAt: number
}

/** The statements that store what `outcome` selects, in place of an expired record. */
export const insertRecord = (
  key: RecordKey,
  outcome: SQL,
  { fingerprint, sealed, about, now, expiresAt }: NewRecord,
): SQL[] => [
  sql`DELETE FROM idempotency_records WHERE ${isOf(key)} AND expires_at <= ${now}`,
  sql`INSERT INTO idempotency_records (caller, key_hash, fingerprint, outcome, sealed, about, expires_at)
      SELECT ${key.caller}, ${key.keyHash}, ${fingerprint}, outcome, ${sealed}, ${about ?? null}, CAST(${expiresAt} AS INTEGER)
      FROM (${outcome}) WHERE outcome IS NOT NULL`,
]

export const deleteRecord = (key: RecordKey): SQL => sql`DELETE FROM idempotency_records WHERE ${isOf(key)}`
