/** Metered data: entries under a dataset's name and a key. KV caches what is read often. */
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/bytes.ts'
import { isoTime } from '../lib/time.ts'
import { deleteEntry, findEntry, listDatasets, upsertEntries, upsertEntry } from './datasets.store.ts'

type EntryDeps = Pick<Deps, 'db' | 'cache' | 'defer' | 'log'>

/** An hour: a slow reader may put an old entry back into KV after a change, and this is how long it stays. */
export const ENTRY_CACHE_SECONDS = 3600

/** `version` is a hash of the data: it changes exactly when the data does. */
export type StoredEntry = { data: unknown; version: string }

const nameInCache = (dataset: string, key: string) => `entry:${dataset}:${key}`

/** @throws AppError not_found */
export async function readEntry(deps: EntryDeps, dataset: string, key: string): Promise<StoredEntry> {
  const text = await readText(deps, dataset, key)
  return { data: JSON.parse(text), version: (await sha256(text)).slice(0, 32) }
}

async function readText({ db, cache, defer, log }: EntryDeps, dataset: string, key: string): Promise<string> {
  const name = nameInCache(dataset, key)
  const cached = await cache.get(name).catch(() => null)
  if (cached !== null) return cached
  const entry = await findEntry(db, dataset, key)
  if (!entry) throw new AppError('not_found', 'There is no such entry.')
  const put = cache.put(name, entry.data, { expirationTtl: ENTRY_CACHE_SECONDS })
  defer(put.catch(() => log('warn', { message: 'KV did not take an entry' })))
  return entry.data
}

/** Fills many entries at once, for scripts: KV may show old ones for up to an hour. */
export function writeEntries(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  dataset: string,
  entries: { key: string; data: unknown }[],
): Promise<void> {
  return upsertEntries(db, dataset, entries, now().getTime())
}

/** @returns true where it is new. */
export async function writeEntry(
  { db, cache, now }: Pick<Deps, 'db' | 'cache' | 'now'>,
  dataset: string,
  key: string,
  data: unknown,
): Promise<boolean> {
  const text = JSON.stringify(data)
  const created = await upsertEntry(db, { dataset, key, data: text, now: now().getTime() })
  await cache.put(nameInCache(dataset, key), text, { expirationTtl: ENTRY_CACHE_SECONDS })
  return created
}

/** @throws AppError not_found */
export async function removeEntry(
  { db, cache }: Pick<Deps, 'db' | 'cache'>,
  dataset: string,
  key: string,
): Promise<void> {
  const removed = await deleteEntry(db, dataset, key)
  await cache.delete(nameInCache(dataset, key))
  if (!removed) throw new AppError('not_found', 'There is no such entry.')
}

export async function showDatasets({ db }: Pick<Deps, 'db'>) {
  const datasets = await listDatasets(db)
  return datasets.map(({ updatedAt, ...rest }) => ({ ...rest, updatedAt: isoTime(updatedAt) }))
}
