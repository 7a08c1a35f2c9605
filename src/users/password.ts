/** Passwords as scrypt hashes (RFC 7914) in PHC form: `$scrypt$ln=14,r=8,p=5$salt$hash`. */
import { scrypt } from '@noble/hashes/scrypt.js'
import type { Deps } from '../deps.ts'
import { equalDigests, fromBase64, toBase64, utf8 } from '../lib/bytes.ts'
import { verifyCrypt } from './passlib.ts'

/** N = 2^ln, block size r, parallelisation p. */
export type ScryptCost = { ln: number; r: number; p: number }

const SALT_BYTES = 16
const HASH_BYTES = 32

/** What an imported hash may cost at most: 2^16 x 8 x 128 bytes are 64 of an isolate's 128 MB. */
const MAX_COST = { memory: 2 ** 16 * 8, work: 2 ** 14 * 8 * 32 }

// Synchronous on purpose: `scryptAsync` never yields in a Worker, and keeps a buffer for each concurrent request.
const derive = (password: string, salt: Uint8Array, { ln, r, p }: ScryptCost, dkLen = HASH_BYTES) =>
  scrypt(utf8(password.normalize('NFKC')), salt, { N: 2 ** ln, r, p, dkLen })

const unpadded = (bytes: Uint8Array) => toBase64(bytes).replaceAll('=', '')

const asPhc = ({ ln, r, p }: ScryptCost, salt: Uint8Array, hash: Uint8Array) =>
  `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`

/** Hashes a password, compared after NFKC. About 350 ms of CPU at the default cost. */
export function hashPassword({ random }: Pick<Deps, 'random'>, password: string, cost: ScryptCost): string {
  const salt = random(SALT_BYTES)
  return asPhc(cost, salt, derive(password, salt, cost))
}

/** True when `password` made `stored`; false also for what is no hash of ours or too dear to check. */
export function verifyScrypt(password: string, stored: string): boolean {
  const parsed = parseScrypt(stored)
  return (
    parsed !== undefined && equalDigests(derive(password, parsed.salt, parsed.cost, parsed.hash.length), parsed.hash)
  )
}

/** A hash that no password has, as dear to check as a real one: for users who do not exist or have no password. */
export function decoyHash(cost: ScryptCost): string {
  return asPhc(cost, new Uint8Array(SALT_BYTES), new Uint8Array(HASH_BYTES))
}

/** True when `stored` was made at just this cost. */
export function hasCost(stored: string, cost: ScryptCost): boolean {
  const parsed = parseScrypt(stored)?.cost
  return parsed?.ln === cost.ln && parsed.r === cost.r && parsed.p === cost.p
}

function parseScrypt(stored: string) {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored)
  if (!match) return undefined
  const [ln, r, p] = match.slice(1, 4).map(Number) as [number, number, number]
  const [salt, hash] = match.slice(4).map(fromBase64)
  const tooDear = 2 ** ln * r > MAX_COST.memory || 2 ** ln * r * p > MAX_COST.work
  return salt && hash && hash.length >= 16 && !tooDear && ln > 0 && r > 0 && p > 0
    ? { cost: { ln, r, p }, salt, hash }
    : undefined
}

/** True when `password` made `stored`, in whichever form that is. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  return stored.startsWith('$scrypt$') ? verifyScrypt(password, stored) : verifyCrypt(password, stored)
}
