/** Bytes as text and back, and digests and sealed texts by WebCrypto. */

const encoder = new TextEncoder()

export const utf8 = (text: string) => encoder.encode(text) as Uint8Array<ArrayBuffer>

/** @returns undefined for bytes that are not UTF-8. */
export function fromUtf8(bytes: ArrayBuffer | Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    return undefined
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export function toHex(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) hex += HEX[byte]
  return hex
}

export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** base64url without padding, RFC 4648 section 5. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Reads base64 and base64url, padded or not. @returns undefined for anything else. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return undefined
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/').replaceAll('=', '')), (char) =>
      char.charCodeAt(0),
    )
  } catch {
    return undefined
  }
}

/** SHA-256 as hex. For what is random already; passwords go through scrypt. */
export async function sha256(text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))))
}

/** HMAC-SHA-256 (RFC 2104) under a key of its own for each purpose: `secret` and `purpose` together. */
export async function hmac(
  secret: string,
  purpose: string,
  message: string | Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey(
    'raw',
    utf8(`${purpose}\0${secret}`),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, typeof message === 'string' ? utf8(message) : message))
}

/** Compares two digests in a time that does not tell where they differ. */
export const equalDigests = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && crypto.subtle.timingSafeEqual(a, b)

async function sealingKey(secret: string, purpose: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', utf8(secret), 'HKDF', false, ['deriveKey'])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(purpose) }
  return crypto.subtle.deriveKey(hkdf, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/** AES-256-GCM under a key derived (HKDF, RFC 5869) from `secret`; the 12-byte `nonce` goes in front. */
export async function seal(
  secret: string,
  purpose: string,
  text: string,
  nonce: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const key = await sealingKey(secret, purpose)
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, utf8(text)))
  return `${toBase64Url(nonce)}.${toBase64Url(sealed)}`
}

/** @returns undefined when it was sealed under another secret, or edited. */
export async function unseal(secret: string, purpose: string, sealed: string): Promise<string | undefined> {
  const [nonce, text] = sealed.split('.').map(fromBase64)
  if (!nonce || !text) return undefined
  try {
    const key = await sealingKey(secret, purpose)
    return fromUtf8(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, key, text))
  } catch {
    return undefined
  }
}
