import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import type { Committed, PlannedWrite } from '../../src/db/commit.ts'
import {
  GroupCommit,
  type GroupedWrite,
  MAX_BATCH_BYTES,
  MAX_BATCH_ITEMS,
  MAX_WAIT_MS,
} from '../../src/db/group-commit.ts'
import { compiledSet, type WriteItem } from '../../src/db/write-set.ts'

type Item = WriteItem & { n: number; key?: string; padding?: string }
type Outcome = { n: number; late?: boolean }

const set = compiledSet<Item, Outcome>({
  name: 'for the tests of group commit',
  keys: ({ key }) => (key === undefined ? [] : [key]),
  statements: { nothing: { statement: sql`SELECT 1` } },
  outcomes: () => [],
  isLate: ({ late }) => late === true,
})

const numberOf = ({ item }: PlannedWrite) => (item as Item).n

/** Turns of the event loop, for what waits on nothing but promises. */
const settled = () => new Promise((resolve) => setTimeout(resolve))

/** A group commit whose commits end when the test says so. */
function start(outcomeOf: (write: PlannedWrite) => Outcome = (write) => ({ n: numberOf(write) })) {
  const clock = { now: 0 }
  const batches: number[][] = []
  const ends: ((error?: Error) => void)[] = []
  const group = new GroupCommit({
    now: () => clock.now,
    commit: (writes) => {
      batches.push(writes.map(numberOf))
      return new Promise<Committed>((resolve, reject) => {
        ends.push((error) =>
          error ? reject(error) : resolve({ outcomes: writes.map(outcomeOf), rowsRead: 10, rowsWritten: 3 }),
        )
      })
    },
  })
  return {
    batches,
    clock,
    write: (n: number, more: Partial<Item> = {}) => group.write(set, { now: 0, n, ...more } as Item),
    /** The running commit ends after so many milliseconds. */
    async end(ms = 1, error?: Error) {
      clock.now += ms
      ends.shift()?.(error)
      await settled()
    },
  }
}

const outcomeOf = async (written: Promise<GroupedWrite>) => {
  const result = await written
  return 'outcome' in result ? (result.outcome as Outcome).n : result
}

test('a write alone is committed at once', async () => {
  const { batches, write, end } = start()
  const one = write(1)
  expect(batches).toEqual([[1]])
  await end()
  expect(await outcomeOf(one)).toBe(1)
})

test('what arrives during a commit is committed together, in order, and each gets its own outcome', async () => {
  const { batches, write, end } = start()
  const written = [1, 2, 3, 4].map((n) => write(n))
  await end()
  await end()
  expect(batches).toEqual([[1], [2, 3, 4]])
  expect(await Promise.all(written.map(outcomeOf))).toEqual([1, 2, 3, 4])
})

test('nobody is answered before the commit', async () => {
  const { write, end } = start()
  let answered = 0
  for (const n of [1, 2]) void write(n).then(() => answered++)
  await settled()
  expect(answered).toBe(0)
  await end()
  expect(answered).toBe(1)
  await end()
  expect(answered).toBe(2)
})

test('a batch has at most MAX_BATCH_ITEMS writes and MAX_BATCH_BYTES', async () => {
  const { batches, write, end } = start()
  for (let n = 0; n <= MAX_BATCH_ITEMS + 1; n++) void write(n)
  await end()
  await end()
  expect(batches.map(({ length }) => length)).toEqual([1, MAX_BATCH_ITEMS, 1])
  const large = start()
  const padding = 'x'.repeat(MAX_BATCH_BYTES / 2)
  for (let n = 0; n < 4; n++) void large.write(n, { padding })
  for (let n = 0; n < 3; n++) await large.end()
  expect(large.batches).toEqual([[0], [1], [2], [3]])
})

test('two writes with the same key are not in one batch, and stay in order', async () => {
  const { batches, write, end } = start()
  void write(0)
  void write(1, { key: 'a' })
  void write(2, { key: 'a' })
  void write(3, { key: 'b' })
  void write(4, { key: 'a' })
  for (let n = 0; n < 4; n++) await end()
  expect(batches).toEqual([[0], [1, 3], [2], [4]])
})

test('a write that comes out as late goes into the next batch, before those that came after it', async () => {
  let isFirst = true
  const { batches, write, end } = start((one) => {
    const late = numberOf(one) === 2 && isFirst
    if (late) isFirst = false
    return { n: numberOf(one), late }
  })
  const written = [0, 1, 2].map((n) => write(n))
  await end()
  written.push(write(3))
  await end()
  await end()
  expect(batches).toEqual([[0], [1, 2], [2, 3]])
  expect(await Promise.all(written.map(outcomeOf))).toEqual([0, 1, 2, 3])
})

test('a write that D1 refuses harms no other in its batch', async () => {
  const { batches, write, end } = start()
  const written = [0, 1, 2, 3, 4].map((n) => write(n))
  const refused = new Error('D1_ERROR: malformed JSON: SQLITE_ERROR')
  await end()
  await end(1, refused)
  await end()
  await end(1, refused)
  await end(1, refused)
  await end()
  expect(batches).toEqual([[0], [1, 2, 3, 4], [1, 2], [3, 4], [3], [4]])
  expect(await Promise.all(written.map(outcomeOf))).toEqual([0, 1, 2, { failed: refused.message }, 4])
})

test.each(['D1_ERROR: Network connection lost.', 'a mistake after the commit'])(
  'a batch that may have been written is not tried again: %s',
  async (message) => {
    const { batches, write, end } = start()
    const written = [0, 1, 2].map((n) => write(n))
    await end()
    await end(1, new Error(message))
    expect(batches).toEqual([[0], [1, 2]])
    expect(await Promise.all(written.map(outcomeOf))).toEqual([0, { failed: message }, { failed: message }])
  },
)

test('each write is told its share of what the batch cost', async () => {
  const { write, end } = start()
  const written = [0, 1, 2, 3].map((n) => write(n))
  await end()
  await end(7)
  const costs = await Promise.all(written.map(async (one) => ((await one) as { cost: object }).cost))
  expect(costs).toEqual([
    { rowsRead: 10, rowsWritten: 3, batchItems: 1, commitMs: 1 },
    { rowsRead: 3, rowsWritten: 1, batchItems: 3, commitMs: 7 },
    { rowsRead: 4, rowsWritten: 1, batchItems: 3, commitMs: 7 },
    { rowsRead: 3, rowsWritten: 1, batchItems: 3, commitMs: 7 },
  ])
})

describe('a queue that is too long', () => {
  test('refuses at once what would wait longer than MAX_WAIT_MS, and takes more when it is shorter', async () => {
    const { write, end } = start()
    // Teaches it that a commit takes about 600 ms.
    for (let n = 0; n < 20; n++) {
      void write(n)
      await end(600)
    }
    const written = []
    for (let n = 0; n <= 2 * MAX_BATCH_ITEMS; n++) written.push(write(n))
    expect(await write(1)).toEqual({ busy: 3 })
    await end(600)
    await end(600)
    expect(await Promise.race([write(2), settled()])).toBeUndefined()
    for (let n = 0; n < 3; n++) await end(600)
    for (const one of written) expect(await one).toHaveProperty('outcome')
  })

  test('refuses while a commit does not end', async () => {
    const { write, clock } = start()
    void write(0)
    clock.now = MAX_WAIT_MS + 1
    expect(await write(1)).toEqual({ busy: 3 })
  })

  test('has a limit where it does not know yet how long a commit takes', async () => {
    const { write } = start()
    for (let n = 0; n <= 32 * MAX_BATCH_ITEMS; n++) void write(n)
    expect(await write(1)).toEqual({ busy: 3 })
  })
})
