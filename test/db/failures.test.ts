import { expect, test } from 'vitest'
import { D1_FAILURES, isDatabaseFailure, MAX_TRIES, wasNotWritten, withRetries } from '../../src/db/failures.ts'
import { callsThrough } from '../support/failing.ts'
import { insertKey, startService } from '../support/service.ts'

/** What D1 really says, in full. A row of the table without an example here fails the last of these tests. */
const EXAMPLES: [message: string, written: 'no' | 'maybe'][] = [
  ['D1_ERROR: D1 DB is overloaded. Requests queued for too long.', 'no'],
  ['D1_ERROR: D1 DB is overloaded. Too many requests queued.', 'no'],
  ['D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.', 'no'],
  ['D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.', 'no'],
  ["D1_ERROR: Can't read from request stream because client disconnected.", 'no'],
  ['D1_ERROR: Exceeded maximum DB size.', 'no'],
  ['D1_ERROR: database is locked: SQLITE_BUSY', 'no'],
  ['D1_ERROR: database or disk is full: SQLITE_FULL', 'no'],
  ['D1_ERROR: out of memory: SQLITE_NOMEM', 'no'],
  ['D1_ERROR: Network connection lost.', 'maybe'],
  ['Network connection lost.', 'maybe'],
  ['D1_ERROR: Replica disconnected from primary.', 'maybe'],
  ['D1_ERROR: D1 DB reset because its code was updated.', 'maybe'],
  ['D1_ERROR: Internal error in D1 DB storage caused object to be reset.', 'maybe'],
  ['D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.', 'maybe'],
  ["D1_ERROR: D1 DB's isolate exceeded its memory limit and was reset.", 'maybe'],
  ['D1_ERROR: D1 DB exceeded its CPU time limit and was reset.', 'maybe'],
  ['The committer did not answer', 'maybe'],
  ['D1_ERROR: something that nobody has seen yet', 'maybe'],
]

test.each(EXAMPLES)('%s: written: %s', async (message, written) => {
  const error = new Error(message)
  for (const thrown of [error, new Error('Failed query', { cause: error })]) {
    expect(isDatabaseFailure(thrown)).toBe(true)
    expect(wasNotWritten(thrown)).toBe(written === 'no')
  }
})

test('has an example of every row of the table', () => {
  for (const { says } of D1_FAILURES)
    expect(
      EXAMPLES.filter(([message]) => message.includes(says)),
      says,
    ).not.toEqual([])
})

test.each([
  'D1_ERROR: UNIQUE constraint failed: users.username: SQLITE_CONSTRAINT',
  'D1_ERROR: no such table: x: SQLITE_ERROR',
  'D1_ERROR: near "SELEC": syntax error at offset 0: SQLITE_ERROR',
  'D1_TYPE_ERROR: Type undefined not supported',
  'D1_COLUMN_NOTFOUND: Column not found',
  'boom',
])('%s is not a failure of the database', (message) => {
  expect(isDatabaseFailure(new Error(message))).toBe(false)
  expect(wasNotWritten(new Error(message))).toBe(false)
})

/** Waits that only note how long they would have been. */
function noted(byte: number) {
  const waits: number[] = []
  const wait = async (milliseconds: number) => void waits.push(milliseconds)
  return { waits, outside: { wait, random: () => Uint8Array.of(byte) } }
}

test.each([
  [0, [50, 100]],
  [255, [100, 200]],
])('waits longer before each further try, and with the random byte %i up to twice as long', async (byte, expected) => {
  const { waits, outside } = noted(byte)
  let tries = 0
  const work = async () => {
    tries += 1
    throw new Error('D1_ERROR: D1 DB is overloaded. Too many requests queued.')
  }
  await expect(withRetries(outside, wasNotWritten, work)).rejects.toThrow('overloaded')
  expect([tries, waits]).toEqual([MAX_TRIES, expected])
})

const OVERLOADED = 'D1_ERROR: D1 DB is overloaded. Requests queued for too long.'
const LOST = 'D1_ERROR: Network connection lost.'

/** A service whose database fails at the next `failures.left` batches and statements, by one of D1's errors. */
async function startFailing(message: string) {
  const failures = { left: 0, met: 0 }
  const { waits, outside } = noted(0)
  const { random: _, ...waiting } = outside
  const fail = async <T>(work: () => Promise<T>): Promise<T> => {
    if (failures.left === 0) return work()
    failures.left -= 1
    failures.met += 1
    throw new Error(message)
  }
  const service = startService({ ...waiting, database: callsThrough(fail), log: () => {} })
  const bearer = await insertKey(['admin'])
  const create = (username: string) => service.call('/api/users', { bearer, body: { username } })
  return { service, failures, waits, create, bearer }
}

test('a write that D1 rejected is tried again, unnoticed by the caller', async () => {
  const { failures, waits, create } = await startFailing(OVERLOADED)
  failures.left = 2
  expect((await create('one')).status).toBe(201)
  expect(waits).toHaveLength(2)
})

test('answers 503 with Retry-After after two more tries', async () => {
  const { failures, service, bearer } = await startFailing(OVERLOADED)
  failures.left = 99
  const { status, body, headers } = await service.call('/api/webhooks', { bearer })
  expect([status, body.code, headers.get('Retry-After')]).toEqual([503, 'unavailable', '5'])
  expect(failures.met).toBe(MAX_TRIES)
})

test('a write that may have been written is not repeated: the caller gets 503', async () => {
  const { failures, service, bearer } = await startFailing(LOST)
  await service.call('/api/webhooks', { bearer }) // reads what an isolate reads first
  failures.left = 1
  const { status, headers } = await service.call('/api/webhooks', {
    bearer,
    body: { url: 'https://example.com', events: ['job.failed'] },
  })
  expect([status, headers.get('Retry-After'), failures.met]).toEqual([503, '5', 1])
})
