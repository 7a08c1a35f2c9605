import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'

/** Whose answer it is, under which Idempotency-Key. */
export type AnswerKey = { caller: string; keyHash: string }

export type KeptAnswer = { fingerprint: string; outcome: string; sealed: string | null }

const isOf = ({ caller, keyHash }: AnswerKey): SQL => sql`caller = ${caller} AND key_hash = ${keyHash}`

export const findKeptAnswer = (db: Db, key: AnswerKey, now: number) =>
  db.get<KeptAnswer | undefined>(
    sql`SELECT fingerprint, outcome, sealed FROM kept_answers WHERE ${isOf(key)} AND expires_at > ${now}`,
  )

export type AnswerTerms = {
  fingerprint: string
  sealed: string | null
  about: number | SQL | undefined
  now: number
  keptFor: number
}

/** The statements that keep what `outcome` selects, in the place of one that has expired. */
export const keepAnswer = (
  key: AnswerKey,
  outcome: SQL,
  { fingerprint, sealed, about, now, keptFor }: AnswerTerms,
): SQL[] => [
  sql`DELETE FROM kept_answers WHERE ${isOf(key)} AND expires_at <= ${now}`,
  sql`INSERT INTO kept_answers (caller, key_hash, fingerprint, outcome, sealed, about, expires_at)
      SELECT ${key.caller}, ${key.keyHash}, ${fingerprint}, outcome, ${sealed}, ${about ?? null}, CAST(${now + keptFor} AS INTEGER)
      FROM (${outcome}) WHERE outcome IS NOT NULL`,
]

export const forgetAnswer = (key: AnswerKey): SQL => sql`DELETE FROM kept_answers WHERE ${isOf(key)}`
