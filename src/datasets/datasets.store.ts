import { sql } from 'drizzle-orm'
import { batchRows, type Db } from '../db/client.ts'

export const findEntry = (db: Db, dataset: string, key: string) =>
  db.get<{ data: string } | undefined>(
    sql`SELECT data FROM dataset_entries WHERE dataset = ${dataset} AND key = ${key}`,
  )

/** @returns true if it is new. */
export async function upsertEntry(
  db: Db,
  { dataset, key, data, now }: { dataset: string; key: string; data: string; now: number },
): Promise<boolean> {
  const [before] = await batchRows(db, [
    sql`SELECT 1 FROM dataset_entries WHERE dataset = ${dataset} AND key = ${key}`,
    sql`INSERT INTO dataset_entries (dataset, key, data, updated_at) VALUES (${dataset}, ${key}, ${data}, CAST(${now} AS INTEGER))
        ON CONFLICT (dataset, key) DO UPDATE SET data = excluded.data, updated_at = excluded.updated_at`,
  ])
  return before?.length === 0
}

export async function upsertEntries(
  db: Db,
  dataset: string,
  entries: { key: string; data: unknown }[],
  now: number,
): Promise<void> {
  await batchRows(db, [
    sql`INSERT INTO dataset_entries (dataset, key, data, updated_at)
        SELECT ${dataset}, value ->> 'key', value -> 'data', CAST(${now} AS INTEGER) FROM json_each(${JSON.stringify(entries)}) WHERE true
        ON CONFLICT (dataset, key) DO UPDATE SET data = excluded.data, updated_at = excluded.updated_at`,
  ])
}

/** @returns false if there was none. */
export async function deleteEntry(db: Db, dataset: string, key: string): Promise<boolean> {
  const [deleted] = await batchRows(db, [
    sql`DELETE FROM dataset_entries WHERE dataset = ${dataset} AND key = ${key} RETURNING key`,
  ])
  return deleted?.length === 1
}

/** Every dataset with the number of its entries. It reads the whole index, so only the operator may call it. */
export const listDatasets = (db: Db) =>
  db.all<{ dataset: string; entries: number; updatedAt: number }>(
    sql`SELECT dataset, COUNT(*) AS entries, MAX(updated_at) AS updatedAt FROM dataset_entries GROUP BY dataset ORDER BY dataset`,
  )

/** Entries of one dataset by key, `from` on. */
export const listEntries = (db: Db, dataset: string, { from, limit }: { from: string; limit: number }) =>
  db.all<{ key: string; data: string; updatedAt: number }>(
    sql`SELECT key, data, updated_at AS updatedAt FROM dataset_entries WHERE dataset = ${dataset} AND key >= ${from} ORDER BY key LIMIT ${limit}`,
  )
