import { expect, test } from 'vitest'
import { ruleOf, STAT_NAMES } from '../../src/stats/catalog.ts'
import { levelAt, quadratic } from '../../src/stats/levels.ts'

const curves = [...new Set(STAT_NAMES.map((stat) => ruleOf(stat).curve)), quadratic(1, 1), quadratic(7, 3)]

test.each(curves)('begins each level just where the curve says, up to the top one: %o', (curve) => {
  const { top, begins } = curve
  expect(begins(1)).toBe(0)
  for (let level = 1; level <= top; level++) {
    const nextLevelXp = level === top ? 0 : begins(level + 1)
    if (level < top) expect(nextLevelXp).toBeGreaterThan(begins(level))
    expect(levelAt(curve, begins(level))).toEqual({ level, levelXp: begins(level), nextLevelXp })
    const last = level === top ? Number.MAX_SAFE_INTEGER : nextLevelXp - 1
    expect(levelAt(curve, last)).toEqual({ level, levelXp: begins(level), nextLevelXp })
  }
})

test.each(curves)('never falls while XP rises: %o', (curve) => {
  let before = 1
  for (let xp = 0; xp < curve.begins(curve.top) * 1.1; xp += Math.ceil(curve.begins(curve.top) / 5000) || 1) {
    const { level, levelXp, nextLevelXp } = levelAt(curve, xp)
    expect(level).toBeGreaterThanOrEqual(before)
    expect(xp).toBeGreaterThanOrEqual(levelXp)
    if (nextLevelXp) expect(xp).toBeLessThan(nextLevelXp)
    before = level
  }
  expect(before).toBe(curve.top)
})

test('has level 1 below 0 XP as well', () => {
  expect(levelAt(quadratic(100, 100), -1)).toEqual({ level: 1, levelXp: 0, nextLevelXp: 100 })
})

test('has whole numbers throughout, also at bounds that a client can show', () => {
  for (const stat of STAT_NAMES) {
    const { min, max, default: initial, maxChange, curve } = ruleOf(stat)
    for (const number of [min, max, initial, maxChange, curve.begins(curve.top)])
      expect(number).toSatisfy(Number.isSafeInteger)
    expect(initial).toBeGreaterThanOrEqual(min)
    expect(initial).toBeLessThanOrEqual(max)
  }
})
