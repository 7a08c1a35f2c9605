/** Scrypt hashes in PHC form, and the highest cost of one. */
import { fromBase64 } from '../lib/bytes.ts'

/** N = 2^ln, block size r, parallelisation p. */
export type ScryptCost = { ln: number; r: number; p: number }

/** The highest cost of an imported hash: 2^16 x 8 x 128 bytes are 64 of an isolate's 128 MB. */
const MAX_COST = { memory: 2 ** 16 * 8, work: 2 ** 14 * 8 * 32 }

/** @returns undefined for any other text, and for a hash that costs too much to verify. */
export function parseScrypt(stored: string) {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored)
  if (!match) return undefined
  const [ln, r, p] = match.slice(1, 4).map(Number) as [number, number, number]
  const [salt, hash] = match.slice(4).map(fromBase64)
  return salt && hash && hash.length >= 16 && isAffordable({ ln, r, p })
    ? { cost: { ln, r, p }, salt, hash }
    : undefined
}

/** True for valid parameters that do not cost too much. */
export function isAffordable({ ln, r, p }: ScryptCost): boolean {
  return ln > 0 && r > 0 && p > 0 && 2 ** ln * r <= MAX_COST.memory && 2 ** ln * r * p <= MAX_COST.work
}
