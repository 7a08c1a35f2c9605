/** The encodings of a dump's texts, by MySQL's names. Bytes in and out, one character each (latin1). */

const AS_UTF8 = /^(utf8|utf8mb3|utf8mb4|ascii|binary)$/
const AS_LATIN1 = /^(latin1|cp1252)$/

/** Turns the bytes of a text into UTF-8. @returns undefined for an encoding that cannot be read. */
export function toUtf8(bytes: string, charset: string): string | undefined {
  if (AS_UTF8.test(charset)) return bytes
  if (!AS_LATIN1.test(charset)) return undefined
  if (!/[\x80-\xff]/.test(bytes)) return bytes
  // What MySQL calls latin1 is Windows' code page 1252.
  const text = new TextDecoder('windows-1252').decode(Uint8Array.from(bytes, (sign) => sign.charCodeAt(0)))
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}
