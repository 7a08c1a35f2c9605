/** Metered data: entries under a dataset's name and a key. KV caches what is read often. */
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/bytes.ts'
import { ISOLATE_CACHE_TTL } from '../lib/read-through.ts'
import { isoTime } from '../lib/time.ts'
import { deleteEntry, findEntry, listDatasets, listEntries, upsertEntries, upsertEntry } from './datasets.store.ts'

type EntryDeps = Pick<Deps, 'db' | 'cache' | 'isolate' | 'now' | 'defer' | 'log'>

/** A slow reader may write an old entry back into KV after a change: it is then served for this long. */
export const ENTRY_CACHE_SECONDS = 3600

/** An isolate caches entries that are not longer than this, in characters, because its memory is small. */
const MAX_CACHED_LENGTH = 4096

/** `version` is a hash of the data: it changes exactly when the data does. */
export type StoredEntry = { data: unknown; version: string }

const cacheKey = (dataset: string, key: string) => `entry:${dataset}:${key}`

/** @throws AppError not_found */
export async function readEntry(deps: EntryDeps, dataset: string, key: string): Promise<StoredEntry> {
  const { isolate, now } = deps
  const name = cacheKey(dataset, key)
  const at = now().getTime()
  const inIsolate = isolate.lookups.get(name, at) as { text: string; version: string } | undefined
  if (inIsolate) return { data: JSON.parse(inIsolate.text), version: inIsolate.version }
  const text = await readText(deps, dataset, key)
  const version = (await sha256(text)).slice(0, 32)
  if (text.length <= MAX_CACHED_LENGTH) isolate.lookups.set(name, { text, version }, at + ISOLATE_CACHE_TTL)
  return { data: JSON.parse(text), version }
}

async function readText(
  { db, cache, defer, log }: Pick<Deps, 'db' | 'cache' | 'defer' | 'log'>,
  dataset: string,
  key: string,
): Promise<string> {
  const name = cacheKey(dataset, key)
  const cached = await cache.get(name).catch(() => null)
  if (cached !== null) return cached
  const entry = await findEntry(db, dataset, key)
  if (!entry) throw new AppError('not_found', 'There is no such entry.')
  const put = cache.put(name, entry.data, { expirationTtl: ENTRY_CACHE_SECONDS })
  defer(put.catch(() => log('warn', { message: 'KV did not take an entry' })))
  return entry.data
}

/** Writes many entries at once, for scripts. KV may serve old ones for ENTRY_CACHE_SECONDS. */
export function writeEntries(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  dataset: string,
  entries: { key: string; data: unknown }[],
): Promise<void> {
  return upsertEntries(db, dataset, entries, now().getTime())
}

/** @returns true if it is new. */
export async function writeEntry(
  { db, cache, isolate, now }: Pick<Deps, 'db' | 'cache' | 'isolate' | 'now'>,
  dataset: string,
  key: string,
  data: unknown,
): Promise<boolean> {
  const text = JSON.stringify(data)
  const created = await upsertEntry(db, { dataset, key, data: text, now: now().getTime() })
  isolate.lookups.delete(cacheKey(dataset, key))
  await cache.put(cacheKey(dataset, key), text, { expirationTtl: ENTRY_CACHE_SECONDS })
  return created
}

/** @throws AppError not_found */
export async function removeEntry(
  { db, cache, isolate }: Pick<Deps, 'db' | 'cache' | 'isolate'>,
  dataset: string,
  key: string,
): Promise<void> {
  const removed = await deleteEntry(db, dataset, key)
  isolate.lookups.delete(cacheKey(dataset, key))
  await cache.delete(cacheKey(dataset, key))
  if (!removed) throw new AppError('not_found', 'There is no such entry.')
}

export async function showDatasets({ db }: Pick<Deps, 'db'>) {
  const datasets = await listDatasets(db)
  return datasets.map(({ updatedAt, ...rest }) => ({ ...rest, updatedAt: isoTime(updatedAt) }))
}

/** A page of one dataset by key, `from` on; `next` is the key with which the next page begins. The data is JSON text. */
export async function showEntries(
  { db }: Pick<Deps, 'db'>,
  dataset: string,
  { from, limit }: { from: string; limit: number },
) {
  const found = await listEntries(db, dataset, { from, limit: limit + 1 })
  const entries = found.slice(0, limit).map(({ updatedAt, ...rest }) => ({ ...rest, updatedAt: isoTime(updatedAt) }))
  return { entries, next: found[limit]?.key }
}
