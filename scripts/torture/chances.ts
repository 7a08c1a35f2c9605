/** Random numbers from 0 to 1 that a seed repeats: mulberry32, by Tommy Ettinger, public domain. */
export function chances(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of these. */
export const pick = <T>(chance: () => number, from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T

/** A whole number from `min` to `max`. */
export const whole = (chance: () => number, min: number, max: number): number =>
  min + Math.floor(chance() * (max - min + 1))
