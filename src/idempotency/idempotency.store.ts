import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'

export type RecordKey = { caller: string; keyHash: string }

export type RecordRow = { fingerprint: string; outcome: string; sealed: string | null }

const isOf = ({ caller, keyHash }: RecordKey): SQL => sql`caller = ${caller} AND key_hash = ${keyHash}`

export const findRecord = (db: Db, key: RecordKey, now: number) =>
  db.get<RecordRow | undefined>(
    sql`SELECT fingerprint, outcome, sealed FROM idempotency_records WHERE ${isOf(key)} AND expires_at > ${now}`,
  )

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
