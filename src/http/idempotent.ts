/**
 * `Idempotency-Key`: the same request under the same key does its work once and is answered alike.
 * A verb's outcome is plain data, made by the SQL of the very batch that does the work and kept there; the answer is
 * made from the outcome, first time and again.
 */
import { notKept, type Once } from '../db/once.ts'
import type { Deps } from '../deps.ts'
import { AppError, invalidField } from '../errors.ts'
import { equalDigests, fromBase64, hmac, seal, sha256, toBase64Url, unseal } from '../lib/bytes.ts'
import { DAY } from '../lib/time.ts'
import { callerName } from './caller.ts'
import type { Ctx } from './context.ts'
import { findKeptAnswer, forgetAnswer, keepAnswer } from './kept-answers.store.ts'

const KEPT_FOR = 7 * DAY

/** An anonymous caller's key is all that keeps others from its answer. */
const ANONYMOUS_KEY_LENGTH = 22

/**
 * Does `work` once for the request's Idempotency-Key and gives `answer` of its outcome, also to those who come later.
 * Without a key it just works and answers. `caller` is whose keys these are, if not the credentials' on the route line.
 */
export async function idempotently<Outcome extends object, R extends Response>(
  c: Ctx,
  work: (once: Once) => Promise<Outcome>,
  answer: (outcome: Outcome) => R,
  caller?: string,
): Promise<R> {
  const { outcome, replayed } = await workOnce(c, work, caller)
  const response = answer(outcome)
  if (replayed) response.headers.set('Idempotency-Replayed', 'true')
  return response
}

/** The outcome of `work`, or of the call that did it before under the same Idempotency-Key. */
export async function workOnce<Outcome extends object>(
  c: Ctx,
  work: (once: Once) => Promise<Outcome>,
  caller = c.get('caller') ? callerName(c.var.caller) : 'anyone',
): Promise<{ outcome: Outcome; replayed: boolean }> {
  const key = readKey(c, caller)
  if (key === undefined) return { outcome: await work(notKept), replayed: false }
  const { find, ...once } = await keeper(c, key, caller)

  const before = await find<Outcome>()
  if (before) return { outcome: before, replayed: true }
  try {
    return { outcome: await work(once), replayed: false }
  } catch (error) {
    // Another request with the same key may have been first: its record made this batch fail, or its work left nothing to do.
    const meanwhile = await find<Outcome>()
    if (meanwhile) return { outcome: meanwhile, replayed: true }
    throw error
  }
}

function readKey(c: Ctx, caller: string): string | undefined {
  const key = c.req.header('Idempotency-Key')
  if (key === undefined) return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw invalidField('Idempotency-Key', 'has to be 1 to 255 visible ASCII characters')
  if (caller === 'anyone' && key.length < ANONYMOUS_KEY_LENGTH) {
    throw invalidField(
      'Idempotency-Key',
      `has to have ${ANONYMOUS_KEY_LENGTH} characters at least on a call without credentials, so that nobody guesses it`,
    )
  }
  return key
}

/** Finds and keeps the outcome of this very request. */
async function keeper(c: Ctx, key: string, caller: string) {
  const deps: Deps = c.var.deps
  const answerKey = { caller, keyHash: await sha256(key) }
  const request = await describeRequest(c)
  // The first secret signs; a record from before a rotation is recognised by the second.
  const { tokenSecrets } = deps.config
  const fingerprints = await Promise.all(tokenSecrets.map((secret) => hmac(secret, 'kept answers', request)))
  // With the service's secret in it: an Idempotency-Key may be short, and a thief of the database could guess it.
  const sealUnder = (secret: string | undefined) => `${secret}\0${key}`
  const now = deps.now().getTime()

  const find = async <Outcome>(): Promise<Outcome | undefined> => {
    const row = await findKeptAnswer(deps.db, answerKey, now)
    if (!row) return undefined
    const stored = fromBase64(row.fingerprint)
    const signedBy = fingerprints.findIndex((fingerprint) => stored && equalDigests(fingerprint, stored))
    if (signedBy < 0) {
      throw new AppError('idempotency_key_reused', 'This Idempotency-Key was used for another request.')
    }
    const secret =
      row.sealed === null ? '{}' : await unseal(sealUnder(tokenSecrets[signedBy]), 'kept answers', row.sealed)
    return { ...JSON.parse(row.outcome), ...JSON.parse(secret ?? '{}') }
  }

  const keep: Once['keep'] = async (outcome, { secret, about } = {}) => {
    const shown = secret && JSON.stringify(secret)
    const sealed = shown ? await seal(sealUnder(tokenSecrets[0]), 'kept answers', shown, deps.random(12)) : null
    const fingerprint = toBase64Url(fingerprints[0] as Uint8Array)
    return keepAnswer(answerKey, outcome, { fingerprint, sealed, about, now, keptFor: KEPT_FOR })
  }
  const forget: Once['forget'] = () => [forgetAnswer(answerKey)]

  return { find, keep, forget }
}

/** Method, path, query and body: what has to be the same. */
async function describeRequest(c: Ctx): Promise<Uint8Array<ArrayBuffer>> {
  const { search } = new URL(c.req.url)
  const body = await c.req.arrayBuffer()
  const head = new TextEncoder().encode(`${c.req.method}\n${c.req.path}\n${search}\n`)
  const request = new Uint8Array(head.length + body.byteLength)
  request.set(head)
  request.set(new Uint8Array(body), head.length)
  return request
}
