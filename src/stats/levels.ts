/** Levels: a pure function of XP. */

/** Where levels begin: `begins(1)` is 0, `begins(level)` the total XP at which that level begins, up to `top`. */
export type Curve = { top: number; begins: (level: number) => number }

/** Each level needs `step` XP more than the one before it: level n begins at step x (n - 1) x n / 2. */
export function quadratic(step: number, top: number): Curve {
  return { top, begins: (level) => (step * (level - 1) * level) / 2 }
}

export type LevelState = { level: number; levelXp: number; nextLevelXp: number }

/** The level at `xp`, where it began, and where the next begins (0 at the top level). XP below 0 is level 1. */
export function levelAt({ top, begins }: Curve, xp: number): LevelState {
  let low = 1
  let high = top
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (begins(middle) <= xp) low = middle
    else high = middle - 1
  }
  return { level: low, levelXp: begins(low), nextLevelXp: low === top ? 0 : begins(low + 1) }
}
