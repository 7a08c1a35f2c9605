/** Commits writes, of one caller or of many, as one batch: one transaction, one round trip. */
import type { Queryable } from './wrapped.ts'
import type { CompiledSet, Row, WriteItem } from './write-set.ts'

export type PlannedWrite = { set: CompiledSet; item: WriteItem }

export type Committed = { outcomes: unknown[]; rowsRead: number; rowsWritten: number }

/** `batchId` is unique to this try: statements find by it what earlier ones of the batch have written. It has no colon. */
export async function commit(d1: Queryable, writes: PlannedWrite[], batchId: string): Promise<Committed> {
  const now = Math.max(...writes.map(({ item }) => item.now))
  const groups = groupBySet(writes)
  const plans = groups.map(({ set, places }) => {
    const items = places.map((place) => writes[place]?.item as WriteItem)
    const numbered = items.map((item, i) => ({ ...item, now, writeId: `${batchId}:${i}` }))
    return { ...set.statementsFor(items), set, places, json: JSON.stringify(numbered) }
  })
  const statements = plans.flatMap(({ compiled, json }) => compiled.map(({ sql }) => d1.prepare(sql).bind(json)))
  const results = await d1.batch<Row>(statements)

  const outcomes: unknown[] = new Array(writes.length)
  let next = 0
  for (const { set, places, names } of plans) {
    const rows = Object.fromEntries(names.map((name) => [name, results[next++]?.results ?? []]))
    for (const [i, outcome] of set.outcomes(rows, places.length).entries()) outcomes[places[i] as number] = outcome
  }
  const sum = (count: (meta: D1Meta) => number) => results.reduce((total, { meta }) => total + count(meta), 0)
  return { outcomes, rowsRead: sum((meta) => meta.rows_read), rowsWritten: sum((meta) => meta.rows_written) }
}

function groupBySet(writes: PlannedWrite[]): { set: CompiledSet; places: number[] }[] {
  const groups = new Map<string, { set: CompiledSet; places: number[] }>()
  for (const [place, { set }] of writes.entries()) {
    const group = groups.get(set.id) ?? { set, places: [] }
    group.places.push(place)
    groups.set(set.id, group)
  }
  return [...groups.values()]
}
