/** How write sets reach D1. */
import { commit } from './commit.ts'
import { compiledSet, type WriteItem, type WriteSet } from './write-set.ts'

/** Writes an item, alone or in a batch with those of other callers. Resolves after the commit. */
export type Write = <Item extends WriteItem, Outcome>(set: WriteSet<Item, Outcome>, item: Item) => Promise<Outcome>

/** Each item in a batch of its own, straight to D1. */
export const directWriter =
  (d1: Pick<D1Database, 'prepare' | 'batch'>, newBatchId: () => string): Write =>
  async <Outcome>(set: WriteSet<never, Outcome>, item: WriteItem) => {
    const { outcomes } = await commit(d1, [{ set: compiledSet(set), item }], newBatchId())
    return outcomes[0] as Outcome
  }
