import { expect, test } from 'vitest'
import { billOf, describeCosts, useOf } from '../../bench/costs.ts'
import page from '../../docs/costs.md?raw'

test('has the page as the budgets make it', () => {
  expect(page).toBe(describeCosts())
})

test('bills nothing but the base for what is included, and grows with the players', () => {
  expect(Object.values(billOf(1000)).reduce((sum, cost) => sum + cost, 0)).toBe(5)
  expect(useOf(2_000_000).requests).toBe(2 * useOf(1_000_000).requests)
  expect(billOf(10_000_000).rowsWritten).toBeGreaterThan(1000)
})
