/** What a test compares with; the rest of Node's types would clash with the Worker's. */
declare module 'node:crypto' {
  export function scryptSync(
    password: string,
    salt: Uint8Array,
    length: number,
    cost: { N: number; r: number; p: number; maxmem: number },
  ): Uint8Array
}
