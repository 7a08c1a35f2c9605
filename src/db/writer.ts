/** How write sets reach D1. */
import { AppError } from '../errors.ts'
import { commit } from './commit.ts'
import { NO_ANSWER } from './failures.ts'
import type { GroupedWrite, WriteCost } from './group-commit.ts'
import type { Queryable } from './wrapped.ts'
import { compiledSet, type WriteItem, type WriteSet } from './write-set.ts'

/** Writes an item, alone or in a batch with those of other callers. Resolves after the commit. */
export type Write = <Item extends WriteItem, Outcome>(set: WriteSet<Item, Outcome>, item: Item) => Promise<Outcome>

/** Each item in a batch of its own, straight to D1. */
export const directWriter =
  (d1: Queryable, newBatchId: () => string): Write =>
  async <Outcome>(set: WriteSet<never, Outcome>, item: WriteItem) => {
    const { outcomes } = await commit(d1, [{ set: compiledSet(set), item }], newBatchId())
    return outcomes[0] as Outcome
  }

/** The committer as its callers see it. `unknownSet`: it runs another version of the code. */
export type RemoteCommitter = {
  write(setId: string, item: WriteItem): Promise<GroupedWrite | { unknownSet: true }>
}

/**
 * Items go to the committer, which writes those of all isolates together; `direct` where there is none. `noteCost` is told what
 * each cost. `committer` gives a new stub each time: one that has failed is of no use any more.
 */
export const groupingWriter =
  (committer: () => RemoteCommitter | undefined, direct: Write, noteCost: (cost: WriteCost) => void): Write =>
  async <Item extends WriteItem, Outcome>(set: WriteSet<Item, Outcome>, item: Item) => {
    const stub = committer()
    if (!stub) return direct(set, item)
    const written = await callCommitter(stub, compiledSet(set).id, item).catch((error: unknown) => {
      // It took nothing in: https://developers.cloudflare.com/durable-objects/best-practices/error-handling/
      if ((error as { overloaded?: boolean }).overloaded) return { busy: 1 }
      throw new Error(NO_ANSWER, { cause: error })
    })
    if ('unknownSet' in written) return direct(set, item)
    if ('busy' in written) throw busy(written.busy)
    if ('failed' in written) throw new Error(written.failed)
    noteCost(written.cost)
    return written.outcome as Outcome
  }

/** A function of its own, so that `npm run profile` can tell what the call takes from what is ours. */
async function callCommitter(stub: RemoteCommitter, setId: string, item: WriteItem) {
  return stub.write(setId, item)
}

const busy = (seconds: number) =>
  new AppError('unavailable', 'More writes arrive than the database can take. Try again shortly.', {
    headers: { 'Retry-After': String(seconds) },
  })
