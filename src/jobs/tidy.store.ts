import { sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'

/** Rows that expire: their primary key, and the time to compare. */
const ENDING = {
  password_resets: { table: 'password_resets', key: 'token_hash', ended: 'expires_at' },
  refresh_tokens: { table: 'refresh_tokens', key: 'token_hash', ended: 'expires_at' },
  sessions: { table: 'sessions', key: 'id', ended: 'expires_at' },
  revocations: { table: 'revocations', key: 'subject', ended: 'revoked_at' },
  idempotency_records: { table: 'idempotency_records', key: 'caller, key_hash', ended: 'expires_at' },
  delivered: { table: 'deliveries', key: 'id', ended: "status = 'delivered' AND delivered_at" },
  dead: { table: 'deliveries', key: 'id', ended: "status = 'dead' AND created_at" },
}

export type Ending = keyof typeof ENDING

/** Deletes what ended at `before` (milliseconds) or earlier. At most `limit` rows. @returns how many. */
export async function deleteEnded(db: Db, what: Ending, before: number, limit: number): Promise<number> {
  const { table, key, ended } = ENDING[what]
  const [from, columns, condition] = [sql.raw(table), sql.raw(key), sql.raw(ended)]
  const [, changes] = await batchRows(db, [
    sql`DELETE FROM ${from} WHERE (${columns}) IN (SELECT ${columns} FROM ${from} WHERE ${condition} <= ${before} LIMIT ${limit})`,
    sql`SELECT changes() AS deleted`,
  ])
  return changes?.[0]?.deleted as number
}
