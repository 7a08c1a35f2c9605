import { sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'
import type { IdempotencyRecord } from '../db/idempotency-record.ts'
import type { UserRef } from './user-ref.ts'
import { isUser } from './users.store.ts'

/** @returns false if there is no such user. */
export async function insertPasswordReset(
  db: Db,
  ref: UserRef,
  { tokenHash, expiresAt }: { tokenHash: string; expiresAt: number },
  record: IdempotencyRecord,
  shown: { token: string; expiresAt: string },
): Promise<boolean> {
  const made = sql`FROM password_resets WHERE token_hash = ${tokenHash}`
  const [inserted] = await batchRows(db, [
    sql`INSERT INTO password_resets (token_hash, user_id, expires_at)
        SELECT ${tokenHash}, id, ${expiresAt} FROM users WHERE ${isUser(ref)} RETURNING user_id`,
    ...(await record.insert(sql`SELECT '{}' AS outcome ${made}`, {
      secret: shown,
      about: sql`(SELECT user_id ${made})`,
    })),
  ])
  return inserted?.length === 1
}

/** Whose one-time token this is, until it is used or expires. */
export const findPasswordReset = (db: Db, tokenHash: string, now: number) =>
  db.get<{ userId: number } | undefined>(
    sql`SELECT user_id AS userId FROM password_resets WHERE token_hash = ${tokenHash} AND expires_at > ${now}`,
  )
