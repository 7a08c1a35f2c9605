/**
 * Group commit: writes that arrive while a batch is being committed go into the next batch together. D1 commits one batch
 * after the other, so this decides how many writes a second it takes. Nothing is stored here: a write is answered after its
 * commit, and a caller whose write is lost on the way sees an error and tries again.
 */
import { causes } from './causes.ts'
import type { Committed, PlannedWrite } from './commit.ts'
import { wasRefused } from './failures.ts'
import type { CompiledSet, WriteItem } from './write-set.ts'

/** Writes in one batch. Past this a batch gets longer, but not cheaper for each write. */
export const MAX_BATCH_ITEMS = 256

/** Size of a batch's items as JSON. */
export const MAX_BATCH_BYTES = 256 * 1024

/** A write that would wait longer than this is refused at once. */
export const MAX_WAIT_MS = 2000

/** Bounds the memory where commits are so fast, or so new, that MAX_WAIT_MS does not. */
export const MAX_BATCHES_WAITING = 32

/** What a write cost: its share of the batch. And the state of the database after it. */
export type WriteCost = {
  rowsRead: number
  rowsWritten: number
  batchItems: number
  commitMs: number
  bookmark: string | undefined
}

export type GroupedWrite =
  | { outcome: unknown; cost: WriteCost }
  /** Nothing was written. Seconds after which it is worth trying again. */
  | { busy: number }
  /** What D1 said, see `failures.ts`. */
  | { failed: string }

type Waiting = PlannedWrite & { keys: string[]; bytes: number; resolve: (result: GroupedWrite) => void }

export type GroupCommitOptions = {
  commit: (writes: PlannedWrite[]) => Promise<Committed & { bookmark?: string | undefined }>
  /** Milliseconds. */
  now: () => number
}

export class GroupCommit {
  readonly #commit: GroupCommitOptions['commit']
  readonly #now: GroupCommitOptions['now']
  #waiting: Waiting[] = []
  #waitingBytes = 0
  /** When the batch that is being committed was begun; undefined while there is none. */
  #begunAt: number | undefined
  /** How long a commit takes, as an average that follows the last ones. */
  #commitMs = 0

  constructor({ commit, now }: GroupCommitOptions) {
    this.#commit = commit
    this.#now = now
  }

  write(set: CompiledSet, item: WriteItem): Promise<GroupedWrite> {
    const bytes = JSON.stringify(item).length
    const waitMs = this.#expectedWaitMs(bytes)
    if (waitMs > MAX_WAIT_MS) return Promise.resolve({ busy: Math.ceil(waitMs / 1000) })
    return new Promise((resolve) => {
      this.#waiting.push({ set, item, keys: set.keys(item), bytes, resolve })
      this.#waitingBytes += bytes
      if (this.#begunAt === undefined) void this.#commitAll()
    })
  }

  /** Until a write that comes now would be answered. Infinite where too many are waiting. */
  #expectedWaitMs(bytes: number): number {
    if (this.#begunAt === undefined) return 0
    const batches = Math.max(
      Math.ceil((this.#waiting.length + 1) / MAX_BATCH_ITEMS),
      Math.ceil((this.#waitingBytes + bytes) / MAX_BATCH_BYTES),
    )
    if (batches > MAX_BATCHES_WAITING) return MAX_WAIT_MS + 1
    const running = this.#now() - this.#begunAt
    return Math.max(this.#commitMs, running) + batches * this.#commitMs
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const begunAt = this.#now()
      this.#begunAt = begunAt
      await this.#commitBatch(this.#takeBatch(), begunAt)
      this.#commitMs += (this.#now() - begunAt - this.#commitMs) / 4
    }
    this.#begunAt = undefined
  }

  /** The next writes in order, without those that share a key with an earlier one: they wait for the batch after this. */
  #takeBatch(): Waiting[] {
    const batch: Waiting[] = []
    const later: Waiting[] = []
    const keys = new Set<string>()
    let bytes = 0
    for (const write of this.#waiting) {
      const fits = batch.length < MAX_BATCH_ITEMS && (batch.length === 0 || bytes + write.bytes <= MAX_BATCH_BYTES)
      const isFirst = !write.keys.some((key) => keys.has(key))
      for (const key of write.keys) keys.add(key)
      if (!fits || !isFirst) {
        later.push(write)
        continue
      }
      batch.push(write)
      bytes += write.bytes
    }
    this.#waiting = later
    this.#waitingBytes -= bytes
    return batch
  }

  async #commitBatch(batch: Waiting[], begunAt: number): Promise<void> {
    let committed: Awaited<ReturnType<GroupCommitOptions['commit']>>
    try {
      committed = await this.#commit(batch)
    } catch (error) {
      // Nothing was written, and one write is at fault: the others must not suffer for it.
      if (batch.length > 1 && wasRefused(error)) {
        const half = batch.length >> 1
        await this.#commitBatch(batch.slice(0, half), begunAt)
        await this.#commitBatch(batch.slice(half), begunAt)
        return
      }
      const failed = causes(error).at(-1)?.message ?? String(error)
      for (const { resolve } of batch) resolve({ failed })
      return
    }
    const { outcomes, rowsRead, rowsWritten, bookmark } = committed
    const commitMs = this.#now() - begunAt
    const late: Waiting[] = []
    for (const [i, write] of batch.entries()) {
      if (write.set.isLate(outcomes[i])) late.push(write)
      else {
        const share = (rows: number) =>
          Math.round((rows * (i + 1)) / batch.length) - Math.round((rows * i) / batch.length)
        const cost = {
          rowsRead: share(rowsRead),
          rowsWritten: share(rowsWritten),
          batchItems: batch.length,
          commitMs,
          bookmark,
        }
        write.resolve({ outcome: outcomes[i], cost })
      }
    }
    for (const { bytes } of late) this.#waitingBytes += bytes
    this.#waiting.unshift(...late)
  }
}
