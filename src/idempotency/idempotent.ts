/**
 * `Idempotency-Key`: the same request under the same key does its work once and gets the same response.
 * A verb's outcome is plain data, computed by the SQL of the batch that does the work and stored in that batch as the
 * idempotency record. The response is made from the outcome, the first time and every time after.
 */
import type { SQL } from 'drizzle-orm'
import { callerName } from '../access/caller.ts'
import { type EarlierRecord, type IdempotencyRecord, noRecord, type WriteResult } from '../db/idempotency-record.ts'
import type { Deps } from '../deps.ts'
import { AppError, invalidField } from '../errors.ts'
import type { Ctx } from '../http/context.ts'
import { equalDigests, fromBase64, hmac, seal, sha256, toBase64Url, unseal } from '../lib/bytes.ts'
import { DAY } from '../lib/time.ts'
import { deleteRecord, earlierRecord, findRecord, insertRecord, isAbsent } from './idempotency.store.ts'

/** How long a record is stored, and so how long a call can be repeated. */
export const IDEMPOTENCY_RECORD_DAYS = 7

/** Without credentials, the key is all that keeps others from the stored response: 22 characters hold 128 random bits. */
export const MIN_ANONYMOUS_KEY_LENGTH = 22

/** HKDF and HMAC purpose. The text is older than today's names; changing it would void the records that exist. */
const PURPOSE = 'kept answers'

export type IdempotencyOptions = {
  /** Whose Idempotency-Key it is, where that is not the caller from the route line: a text, or the statement that finds it. */
  caller?: string | SQL
}

/**
 * Does `work` once for the request's Idempotency-Key and makes the response from its outcome, also for repeated calls.
 * Without a key it just works and answers.
 */
export async function idempotently<Outcome extends object, R extends Response>(
  c: Ctx,
  work: (record: IdempotencyRecord) => Promise<Outcome>,
  respond: (outcome: Outcome) => R,
  options?: IdempotencyOptions,
): Promise<R> {
  return answer(await workOnce(c, work, options), respond)
}

/** `idempotently` for work that looks for the record in its own batch, and so needs no round trip of its own for it. */
export async function idempotentWrite<Outcome extends object, R extends Response>(
  c: Ctx,
  write: (record: IdempotencyRecord) => Promise<WriteResult<Outcome>>,
  respond: (outcome: Outcome) => R | Promise<R>,
  options?: IdempotencyOptions,
): Promise<R> {
  return answer(await writeOnce(c, write, options), respond)
}

async function answer<Outcome, R extends Response>(
  { outcome, replayed }: Done<Outcome>,
  respond: (outcome: Outcome) => R | Promise<R>,
): Promise<R> {
  const response = await respond(outcome)
  if (replayed) response.headers.set('Idempotency-Replayed', 'true')
  return response
}

/** The outcome of the work, or of the earlier call with the same Idempotency-Key; and the record, for a caller that undoes the work. */
export type Done<Outcome> = { outcome: Outcome; replayed: boolean; record: IdempotencyRecord }

async function workOnce<Outcome extends object>(
  c: Ctx,
  work: (record: IdempotencyRecord) => Promise<Outcome>,
  options?: IdempotencyOptions,
): Promise<Done<Outcome>> {
  const known = await recordOf(c, options)
  if (!known) return { outcome: await work(noRecord), replayed: false, record: noRecord }
  const { find, record } = known
  const earlier = await find<Outcome>()
  if (earlier) return { outcome: earlier, replayed: true, record }
  try {
    return { outcome: await work(record), replayed: false, record }
  } catch (error) {
    // A concurrent request with the same key may have won: its record fails this batch, or its work leaves nothing to do.
    const concurrent = await find<Outcome>()
    if (concurrent) return { outcome: concurrent, replayed: true, record }
    throw error
  }
}

/** See `idempotentWrite`. */
export async function writeOnce<Outcome extends object>(
  c: Ctx,
  write: (record: IdempotencyRecord) => Promise<WriteResult<Outcome>>,
  options?: IdempotencyOptions,
): Promise<Done<Outcome>> {
  const known = await recordOf(c, options)
  const { record, replay } = known ?? { record: noRecord, replay: undefined }
  const result = await write(record)
  if ('outcome' in result) return { outcome: result.outcome, replayed: false, record }
  if (!replay) throw new Error('an earlier record was found for a call without an Idempotency-Key')
  return { outcome: await replay<Outcome>(result.earlier), replayed: true, record }
}

function readKey(c: Ctx, caller: string | SQL): string | undefined {
  const key = c.req.header('Idempotency-Key')
  if (key === undefined) return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw invalidField('Idempotency-Key', 'has to be 1 to 255 visible ASCII characters')
  if (caller === 'anyone' && key.length < MIN_ANONYMOUS_KEY_LENGTH) {
    throw invalidField(
      'Idempotency-Key',
      `has to have ${MIN_ANONYMOUS_KEY_LENGTH} characters at least on a call without credentials, so that nobody guesses it`,
    )
  }
  return key
}

/** The idempotency record of this request, how to find it, and what an earlier call's outcome was; undefined without a key. */
async function recordOf(
  c: Ctx,
  { caller = c.get('caller') ? callerName(c.var.caller) : 'anyone' }: IdempotencyOptions = {},
) {
  const key = readKey(c, caller)
  if (key === undefined) return undefined
  const deps: Deps = c.var.deps
  const recordKey = { caller, keyHash: await sha256(key) }
  const request = await describeRequest(c)
  // The current secret signs new records; the previous one still verifies records from before a rotation.
  const { tokenSecrets } = deps.config
  const fingerprints = await Promise.all(tokenSecrets.map((secret) => hmac(secret, PURPOSE, request)))
  // The service's secret is part of it, because an Idempotency-Key may be short enough to guess from a stolen database.
  const sealUnder = (secret: string | undefined) => `${secret}\0${key}`
  const now = deps.now().getTime()
  const fingerprint = toBase64Url(fingerprints[0] as Uint8Array)
  const expiresAt = now + IDEMPOTENCY_RECORD_DAYS * DAY

  const replay = async <Outcome>(earlier: EarlierRecord): Promise<Outcome> => {
    // A replay needs the same right as the call itself. Checked first, so that nobody else learns anything of the record.
    if (!earlier.mayReplay) throw new AppError('unauthenticated', 'The credentials are no longer valid.')
    const stored = fromBase64(earlier.fingerprint)
    const signedBy = fingerprints.findIndex((made) => stored && equalDigests(made, stored))
    if (signedBy < 0) {
      throw new AppError('idempotency_key_reused', 'This Idempotency-Key was used for another request.')
    }
    const { sealed, outcome } = earlier
    const secret = sealed === null ? '{}' : await unseal(sealUnder(tokenSecrets[signedBy]), PURPOSE, sealed)
    return { ...JSON.parse(outcome), ...JSON.parse(secret ?? '{}') }
  }

  const find = async <Outcome>(): Promise<Outcome | undefined> => {
    const earlier = await findRecord(deps.db, recordKey, c.get('caller'), now)
    return earlier && replay<Outcome>(earlier)
  }

  const record: IdempotencyRecord = {
    item: typeof caller === 'string' ? { caller, keyHash: recordKey.keyHash, fingerprint, expiresAt } : undefined,
    find: () => [earlierRecord(recordKey, c.get('caller'), now)],
    insert: async (outcome, { secret, about } = {}) => {
      const shown = secret && JSON.stringify(secret)
      const sealed = shown ? await seal(sealUnder(tokenSecrets[0]), PURPOSE, shown, deps.random(12)) : null
      return insertRecord(recordKey, outcome, { fingerprint, sealed, about, now, expiresAt })
    },
    delete: () => [deleteRecord(recordKey)],
    isAbsent: isAbsent(recordKey, now),
  }
  return { record, find, replay }
}

/** What has to be equal in a repeated request: method, path, query and body. */
async function describeRequest(c: Ctx): Promise<Uint8Array<ArrayBuffer>> {
  const { search } = new URL(c.req.url)
  const body = await c.req.arrayBuffer()
  const head = new TextEncoder().encode(`${c.req.method}\n${c.req.path}\n${search}\n`)
  const request = new Uint8Array(head.length + body.byteLength)
  request.set(head)
  request.set(new Uint8Array(body), head.length)
  return request
}
