import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonFault, MAX_JSON_DEPTH } from '../../src/lib/json.ts'

test.each([
  ['175928847299117063', ''],
  ['{"id":9007199254740992}', 'id'],
  ['{"a":{"b":[1,2,-9007199254740993]}}', 'a.b.2'],
  ['[[],[{},{"x":1E+999}]]', '1.1.x'],
  ['9007199254740993.0', ''],
  ['[1.75928847299117063e17]', '0'],
  ['100000000000000000000', ''],
  ['1e-400', ''],
  ['{"a":"b","c":"\\uDC00"}', 'c'],
  ['{"\\uD800":1}', '\ufffd'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"a":{"a":1},"b":[{"a":1},{"a":1}],"__proto__":[]}', '__proto__'],
  ['{"a":"},{\\"__proto__\\":1","b":1e999}', 'b'],
])('%s is not kept at %j', (text, path) => {
  JSON.parse(text)
  expect(jsonFault(text)?.path).toBe(path)
})

test.each([
  '1e20',
  '6.2479497166938856e+262',
  '-0.0',
  '0e5',
  '1.50',
  '0.1',
  '3.14159265358979323846',
  '-9007199254740991',
])('keeps %s', (text) => expect(jsonFault(text)).toBeUndefined())

test('takes 64 levels and no more, objects and lists alike', () => {
  const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`
  expect(jsonFault(nested(MAX_JSON_DEPTH))).toBeUndefined()
  expect(jsonFault(nested(MAX_JSON_DEPTH + 2))?.message).toBe('is nested more than 64 levels deep')
})

test('takes every JSON that comes back as it was sent', () => {
  const kept = fc.json({ maxDepth: 5 }).filter((text) => !/\\u[dD][89a-fA-F]|__proto__/.test(text))
  fc.assert(
    fc.property(kept, (text) => {
      const unsafe = /(?<![\w.])-?\d{16,}/.test(text)
      return unsafe || jsonFault(text) === undefined
    }),
  )
})

test('finds one unsafe number wherever it stands', () => {
  const place = fc.tuple(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }))
  fc.assert(
    fc.property(place, ([before, after]) => {
      const text = JSON.stringify({ before: [before], here: 'MARK', after }).replace('"MARK"', '9007199254740993')
      return jsonFault(text) !== undefined
    }),
  )
})
