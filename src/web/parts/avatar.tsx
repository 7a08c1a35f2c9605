/** A small figure for each name: eight by eight pixels, alike on both sides, and always the same for a name. */
const SIZE = 8
const HALF = SIZE / 2
const TONES = 4

/** Eyes: the row, and the column on each side. */
const EYES = { row: 3, column: 2 }

export function Avatar({ name, class: kind = '' }: { name: string; class?: string }) {
  const { rows, tone } = figureOf(name)
  const path = rows.flatMap((row, y) =>
    [...row.matchAll(/#+/g)].map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`),
  )
  return (
    <svg class={`avatar ${kind}`} viewBox="-1 -1 10 10" aria-hidden="true">
      <path class={`tone-${tone}`} d={path.join('')} />
    </svg>
  )
}

function figureOf(name: string): { rows: string[]; tone: number } {
  const draw = drawsFrom(hashOf(name.toLowerCase()))
  const tone = Math.floor(draw() * TONES)
  const rows = Array.from({ length: SIZE }, (_, y) => {
    const left = Array.from({ length: HALF }, (_, x) => {
      const filled = draw() < chanceAt(x, y)
      return y === EYES.row && x === EYES.column ? false : filled || (y === EYES.row && x > EYES.column)
    })
    return [...left, ...left.toReversed()].map((filled) => (filled ? '#' : '.')).join('')
  })
  return { rows, tone }
}

/** A body in the middle, and limbs that may be there or not. */
const chanceAt = (x: number, y: number) => (x === 0 ? 0.35 : x / HALF + 0.25) * (y === 0 || y === SIZE - 1 ? 0.6 : 1)

/** FNV-1a */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
function drawsFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
