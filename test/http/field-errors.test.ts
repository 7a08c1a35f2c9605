import { expect, test } from 'vitest'
import * as z from 'zod'
import { fieldErrors, fieldMessage } from '../../src/http/field-errors.ts'
import { insertKey, startService } from '../support/service.ts'

const messageOf = (schema: z.ZodType, value: unknown) => {
  const { error } = schema.safeParse(value, { error: fieldMessage })
  return fieldErrors(error?.issues ?? []).map(({ message }) => message)
}

/** A value that breaks a rule, for each code that zod has. The type makes the list complete. */
const BROKEN: Record<z.core.$ZodIssue['code'], [z.ZodType, unknown, string][]> = {
  invalid_type: [
    [z.string(), 1, 'has to be text'],
    [z.int(), 0.5, 'has to be a whole number'],
    [z.number(), 'x', 'has to be a number'],
    [z.boolean(), 1, 'has to be true or false'],
    [z.array(z.int()), {}, 'has to be a list'],
    [z.strictObject({}), [], 'has to be an object'],
    [z.record(z.string(), z.int()), 1, 'has to be an object'],
  ],
  too_big: [
    [z.string().max(3), 'long', 'has to have at most 3 characters'],
    [z.int().max(3), 4, 'has to be at most 3'],
    [z.array(z.int()).max(1000), Array(1001).fill(1), 'has to have at most 1,000 entries'],
    [z.number().lt(3), 3, 'has to be less than 3'],
  ],
  too_small: [
    [z.string().min(1), '', 'has to have at least 1 character'],
    [z.int().min(1), 0, 'has to be at least 1'],
    [z.array(z.int()).min(1), [], 'has to have at least 1 entry'],
    [z.number().gt(3), 3, 'has to be more than 3'],
  ],
  invalid_format: [
    [z.iso.datetime(), 'x', 'has to be a time in ISO 8601 with its zone, such as 2027-01-01T00:00:00Z'],
    [z.iso.date(), 'x', 'has to be a date, such as 2027-01-31'],
    [z.string().regex(/^a$/), 'x', 'has to match /^a$/'],
    [z.email(), 'x', 'has to be an email address'],
  ],
  not_multiple_of: [[z.number().multipleOf(5), 3, 'has to be a multiple of 5']],
  unrecognized_keys: [[z.strictObject({}), { a: 1 }, 'is not a field of this call']],
  invalid_union: [
    [z.union([z.string(), z.int()]), true, 'has none of the forms that it may have'],
    [z.union([z.literal(''), z.string().max(3)]), 'long', 'has to have at most 3 characters'],
  ],
  invalid_key: [[z.record(z.string().regex(/^a/), z.int()), { b: 1 }, 'has a name that is not allowed here']],
  invalid_element: [[z.map(z.unknown(), z.int()), new Map([[{}, 'x']]), 'has an entry that is not allowed here']],
  invalid_value: [
    [z.enum(['a', 'b']), 'c', 'has to be one of a, b'],
    [z.literal('a'), 'c', 'has to be a'],
  ],
  custom: [
    [z.string().refine(() => false), 'x', 'is not allowed here'],
    [z.string().refine(() => false, 'says it itself'), 'x', 'says it itself'],
  ],
}

test.each(Object.values(BROKEN).flat())('%#: tells the rule in words of our own', (schema, value, message) => {
  expect(messageOf(schema, value)).toEqual([message])
})

test('says of whatever is missing that it is required', () => {
  for (const schema of [z.string(), z.int(), z.json(), z.array(z.json()), z.enum(['a']), z.iso.datetime()])
    expect(messageOf(z.strictObject({ a: schema }), {})).toEqual(['is required'])
})

test.each(['2027-01-01T00:00:00', '2027-01-01T00:00:00.123456', '2027-01-01 00:00', '2027-01-01T00:00'])(
  'says of %s that its zone is missing',
  async (expiresAt) => {
    const { call, user } = startService()
    await user()
    const body = { amount: 1, reason: 'x', expiresAt }
    const bearer = await insertKey(['admin'])
    const answer = await call('/api/users/kicksent/credits/grants', { bearer, body })
    expect([answer.status, answer.body.errors]).toEqual([
      400,
      [{ path: 'expiresAt', message: 'has no time zone; let it end in Z, or in an offset such as +02:00' }],
    ])
  },
)

test('shows no text of a library, whatever is wrong', async () => {
  const { call, user } = startService()
  await user()
  const bearer = await insertKey(['admin'])
  const answers = [
    await call('/api/users/me', { method: 'DELETE', basic: 'kicksent:python' }),
    await call('/api/users?limit=1.5'),
    await call('/api/credits/spend', { basic: 'kicksent:python', body: { amount: 0.5 } }),
    await call('/api/datasets/a/b', { method: 'PUT', bearer, body: {} }),
  ]
  expect(answers.map(({ status, body }) => [status, body.detail])).toEqual([
    [400, 'currentPassword: is required'],
    [400, 'limit: has to be a whole number'],
    [400, 'amount: has to be a whole number'],
    [400, 'data: is required'],
  ])
})
