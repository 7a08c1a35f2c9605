/** Passwords as scrypt hashes (RFC 7914) in PHC form: `$scrypt$ln=14,r=8,p=5$salt$hash`. */
import { scrypt } from '@noble/hashes/scrypt.js'
import type { Deps } from '../deps.ts'
import { equalDigests, toBase64, utf8 } from '../lib/bytes.ts'
import { verifyImported } from './imported-hash.ts'
import { parseScrypt, type ScryptCost } from './scrypt.ts'

const SALT_BYTES = 16
const HASH_BYTES = 32

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

/** True if `password` made `stored`. False also for a text that is no scrypt hash, or costs too much to verify. */
export function verifyScrypt(password: string, stored: string): boolean {
  const parsed = parseScrypt(stored)
  return (
    parsed !== undefined && equalDigests(derive(password, parsed.salt, parsed.cost, parsed.hash.length), parsed.hash)
  )
}

/** A hash that no password has and that costs as much to verify as a real one. For users who do not exist or have no password. */
export function decoyHash(cost: ScryptCost): string {
  return asPhc(cost, new Uint8Array(SALT_BYTES), new Uint8Array(HASH_BYTES))
}

/** True if `stored` was made at exactly this cost. */
export function hasCost(stored: string, cost: ScryptCost): boolean {
  const parsed = parseScrypt(stored)?.cost
  return parsed?.ln === cost.ln && parsed.r === cost.r && parsed.p === cost.p
}

/** True if `password` made `stored`, whatever the form of the hash. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  return stored.startsWith('$scrypt$') ? verifyScrypt(password, stored) : verifyImported(password, stored)
}
