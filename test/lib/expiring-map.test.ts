import { expect, test } from 'vitest'
import { ExpiringMap } from '../../src/lib/expiring-map.ts'

test('returns a value until its time, and not from then on', () => {
  const map = new ExpiringMap<string>(10)
  map.set('key', 'value', 1000)
  expect([map.get('key', 0), map.get('key', 999)]).toEqual(['value', 'value'])
  expect([map.get('key', 1000), map.get('key', 5000), map.get('other', 0)]).toEqual([undefined, undefined, undefined])
})

test('overwrites a value and its time', () => {
  const map = new ExpiringMap<string>(10)
  map.set('key', 'old', 1000)
  map.set('key', 'new', 500)
  expect([map.get('key', 499), map.get('key', 500)]).toEqual(['new', undefined])
})

test('removes the entry that was set longest ago if it is full', () => {
  const map = new ExpiringMap<number>(2)
  map.set('a', 1, 1000)
  map.set('b', 2, 1000)
  map.set('a', 3, 1000)
  map.set('c', 4, 1000)
  expect(['a', 'b', 'c'].map((key) => map.get(key, 0))).toEqual([3, undefined, 4])
})

test('is empty after clear()', () => {
  const map = new ExpiringMap<number>(2)
  map.set('a', 1, 1000)
  map.clear()
  expect(map.get('a', 0)).toBeUndefined()
})

test('accepts any key, such as __proto__', () => {
  const map = new ExpiringMap<number>(10)
  for (const key of ['__proto__', 'constructor', '']) {
    expect(map.get(key, 0)).toBeUndefined()
    map.set(key, 1, 1000)
    expect(map.get(key, 0)).toBe(1)
  }
})
