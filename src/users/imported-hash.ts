/** Password hashes that other apps made, and whether they can be verified here. */
import { sha1 } from '@noble/hashes/legacy.js'
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { scrypt } from '@noble/hashes/scrypt.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import bcrypt from 'bcryptjs'
import { equalDigests, fromBase64, utf8 } from '../lib/bytes.ts'
import { MAX_ROUNDS, parseCrypt, verifyCrypt } from './passlib.ts'
import { isAffordable, parseScrypt } from './scrypt.ts'

type Derived =
  | { kind: 'scrypt'; N: number; r: number; p: number; salt: Uint8Array; digest: Uint8Array }
  | { kind: 'pbkdf2'; hash: keyof typeof HASHES; rounds: number; salt: Uint8Array; digest: Uint8Array }

/** The rounds of PBKDF2 that take less than a second of CPU. */
const HASHES = {
  sha1: { hash: sha1, maxRounds: 1_000_000 },
  sha256: { hash: sha256, maxRounds: 1_000_000 },
  sha512: { hash: sha512, maxRounds: 300_000 },
} as const

/** Each step doubles the work: 12, the usual cost, takes 0.2 seconds of CPU, and 14 under a second. */
const MAX_BCRYPT_COST = 14

const MAX_PASSWORD_BYTES = 4096

/** True if `password` made `stored`, as it was typed or after NFKC. False for a hash that costs too much to verify. */
export function verifyImported(password: string, stored: string): boolean {
  const forms = [...new Set([password, password.normalize('NFKC')])]
  const bcryptCost = parseBcryptCost(stored)
  if (bcryptCost !== undefined)
    return bcryptCost <= MAX_BCRYPT_COST && forms.some((form) => bcrypt.compareSync(form, stored))
  const derived = parseDerived(stored)
  if (!derived) return verifyCrypt(password, stored)
  if (costFault(derived)) return false
  return forms.some((form) => {
    const bytes = utf8(form)
    return bytes.length <= MAX_PASSWORD_BYTES && equalDigests(derive(bytes, derived), derived.digest)
  })
}

function derive(password: Uint8Array, derived: Derived): Uint8Array {
  const { salt, digest } = derived
  if (derived.kind === 'pbkdf2')
    return pbkdf2(HASHES[derived.hash].hash, password, salt, { c: derived.rounds, dkLen: digest.length })
  const { N, r, p } = derived
  return scrypt(password, salt, { N, r, p, dkLen: digest.length })
}

/** The cost of Flask-Bcrypt's and others' `$2b$cost$salt and digest`. */
function parseBcryptCost(stored: string): number | undefined {
  const cost = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(stored)?.[1]
  return cost === undefined ? undefined : Number(cost)
}

/** Werkzeug's `scrypt:N:r:p$salt$hex` and `pbkdf2:hash:rounds$salt$hex`, passlib's `$pbkdf2-hash$rounds$salt$digest`. */
function parseDerived(stored: string): Derived | undefined {
  const werkzeug =
    /^(scrypt:(\d{1,8}):(\d{1,3}):(\d{1,3})|pbkdf2:(sha1|sha256|sha512):(\d{1,10}))\$([^$]{1,64})\$([\da-f]{32,128})$/
  const [, , N, r, p, hash, rounds, salt, hex] = werkzeug.exec(stored) ?? []
  if (salt !== undefined && hex !== undefined) {
    const digest = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
    if (hash !== undefined) return pbkdf2Of(hash, Number(rounds), utf8(salt), digest)
    return { kind: 'scrypt', N: Number(N), r: Number(r), p: Number(p), salt: utf8(salt), digest }
  }
  const [, passlibHash = 'sha1', passlibRounds, ...texts] =
    /^\$pbkdf2(?:-(sha256|sha512))?\$(\d{1,10})\$([A-Za-z0-9./]{0,1400})\$([A-Za-z0-9./]{20,128})$/.exec(stored) ?? []
  const [passlibSalt, passlibDigest] = texts.map((text) => fromBase64(text.replaceAll('.', '+')))
  return passlibSalt && passlibDigest
    ? pbkdf2Of(passlibHash, Number(passlibRounds), passlibSalt, passlibDigest)
    : undefined
}

function pbkdf2Of(hash: string, rounds: number, salt: Uint8Array, digest: Uint8Array): Derived | undefined {
  const isKnown = (name: string): name is keyof typeof HASHES => name in HASHES
  return isKnown(hash) && rounds > 0 ? { kind: 'pbkdf2', hash, rounds, salt, digest } : undefined
}

function costFault(derived: Derived): string | undefined {
  if (derived.kind === 'pbkdf2') {
    const { maxRounds } = HASHES[derived.hash]
    return derived.rounds > maxRounds ? tooMany(derived.rounds, maxRounds) : undefined
  }
  const { N, r, p } = derived
  const ln = Math.log2(N)
  return Number.isInteger(ln) && isAffordable({ ln, r, p })
    ? undefined
    : `the hash is scrypt of ${N}:${r}:${p}, which costs too much here`
}

const tooMany = (rounds: number, max: number) => `the hash has ${rounds} rounds; ${max} are the most`

/** Schemes that cannot be verified here, by the form of their hashes. */
const OTHER_SCHEMES: [pattern: RegExp, name: string][] = [
  [/^\$2[abxy]?\$/, 'is bcrypt in a form that is damaged or not known'],
  [/^\$argon2/, 'is argon2'],
  [/^\$pbkdf2|^pbkdf2:/, 'is PBKDF2 in a form that is damaged or not known'],
  [/^pbkdf2_|^bcrypt\$|^bcrypt_sha256\$/, "is one of Django's"],
  [/^scrypt:|^\$scrypt\$|^\$7\$/, 'is scrypt in a form that is damaged or not known'],
  [/^\$[56]\$/, 'is SHA-crypt and damaged'],
  [/^\$1\$|^\$apr1\$/, 'is md5_crypt'],
  [/^\$y\$|^\$gy\$/, 'is yescrypt'],
  [/^\$[PH]\$/, 'is phpass'],
  [/^(plain|md5|sha1|sha224|sha256|sha384|sha512)\$/, "is Werkzeug's old salted digest"],
  [/^\{[\w-]+\}/, 'is of LDAP'],
  [/^[!*]/, 'is locked'],
  [/^[\da-f]{32}$/i, 'is a bare MD5'],
  [/^[\da-f]{40}$/i, 'is a bare SHA-1'],
  [/^[\da-f]{64}$/i, 'is a bare SHA-256'],
  [/^[\da-f]{128}$/i, 'is a bare SHA-512'],
]

/** The hash to store for one that another app made. `fault` says why there is none: it names the scheme, never the hash. */
export function importedHash(text: string): { hash?: string; fault?: string } {
  // Some apps stored Python's repr of bytes.
  const stored = (/^b(['"])(.*)\1$/s.exec(text)?.[2] ?? text).trim()
  const crypt = parseCrypt(stored)
  if (crypt) return crypt.rounds > MAX_ROUNDS ? { fault: tooMany(crypt.rounds, MAX_ROUNDS) } : { hash: stored }
  if (parseScrypt(stored)) return { hash: stored }
  const bcryptCost = parseBcryptCost(stored)
  if (bcryptCost !== undefined && bcryptCost > MAX_BCRYPT_COST)
    return { fault: `the hash is bcrypt of cost ${bcryptCost}; ${MAX_BCRYPT_COST} is the most` }
  if (bcryptCost !== undefined) return { hash: stored }
  const derived = parseDerived(stored)
  if (derived) {
    const fault = costFault(derived)
    return fault === undefined ? { hash: stored } : { fault }
  }
  const scheme = OTHER_SCHEMES.find(([pattern]) => pattern.test(stored))?.[1]
  return {
    fault: scheme
      ? `the hash ${scheme}, which cannot be verified here`
      : 'the password is no hash of a known scheme, or stands there in plain text',
  }
}
