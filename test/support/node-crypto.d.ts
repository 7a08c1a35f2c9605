/** What a test compares with; the rest of Node's types would clash with the Worker's. */
declare module 'node:crypto' {
  export function scryptSync(
    password: string,
    salt: Uint8Array,
    length: number,
    cost: { N: number; r: number; p: number; maxmem: number },
  ): Uint8Array

  type Digest = { update: (text: string) => { digest: (encoding: 'hex') => string } }
  export function createHash(algorithm: 'sha256'): Digest
  export function createHmac(algorithm: 'sha256', key: string): Digest
}
