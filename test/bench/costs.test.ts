import { expect, test } from 'vitest'
import { billOf, describeCosts, useOf } from '../../bench/costs.ts'
import page from '../../docs/costs.md?raw'

test('docs/costs.md is what npm run costs writes', () => {
  expect(page).toBe(describeCosts())
})

test('costs only the base price within the included amounts, and grows with the players', () => {
  expect(Object.values(billOf(1000)).reduce((sum, cost) => sum + cost, 0)).toBe(5)
  expect(useOf(2_000_000).requests).toBe(2 * useOf(1_000_000).requests)
  expect(billOf(10_000_000).rowsWritten).toBeGreaterThan(1000)
})
