import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { batchRows, isConstraintError, openDatabase } from '../../src/db/client.ts'
import { isDatabaseFailure } from '../../src/db/failures.ts'

const db = openDatabase(env.DB)
const insert = (username: string, email: string | null = null) =>
  sql`INSERT INTO users (username, email, created_at) VALUES (${username}, ${email}, 1)`
const names = async () =>
  (await env.DB.prepare('SELECT username FROM users ORDER BY id').all()).results.map((row) => row.username)

/** What a promise fails with. */
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('batchRows', () => {
  test('gives the rows of each statement by column name, parameters in their places', async () => {
    const rows = await batchRows(db, [
      insert('a', 'a@example.com'),
      sql`INSERT INTO users (username, created_at) VALUES (${'b'}, ${2}) RETURNING id, username AS name`,
      sql`SELECT ${'x'} AS text, CAST(${7} AS INTEGER) AS number, NULL AS missing, users.username, u.username AS other
          FROM users JOIN users u ON u.id = users.id + 1`,
    ])
    expect(rows).toEqual([
      [],
      [{ id: 2, name: 'b' }],
      [{ text: 'x', number: 7, missing: null, username: 'a', other: 'b' }],
    ])
  })

  test('does all or nothing', async () => {
    const error = await failure(batchRows(db, [insert('a'), insert('b'), insert('A')]))
    expect(isConstraintError(error, 'users.username')).toBe(true)
    expect(await names()).toEqual([])
  })
})

describe('an error of D1', () => {
  const broken: [string, () => Promise<unknown>, string][] = [
    ['a name that is taken', () => batchRows(db, [insert('a'), insert('A')]), 'users.username'],
    ['an email that is taken', () => batchRows(db, [insert('a', 'a@b'), insert('b', 'A@B')]), 'users.email'],
    ['a name that is missing', () => batchRows(db, [sql`INSERT INTO users (created_at) VALUES (1)`]), 'users.username'],
    ['a user who is missing', () => batchRows(db, [sql`INSERT INTO stats VALUES (7, 's', 1)`]), 'FOREIGN KEY'],
    ['a value that a CHECK refuses', () => batchRows(db, [sql`INSERT INTO service_state VALUES (2, NULL)`]), 'id = 1'],
    [
      'a name that is taken, through Drizzle',
      () => db.run(sql`INSERT INTO users (id, username, created_at) SELECT 1, value, 1 FROM json_each('["a","a"]')`),
      'users.id',
    ],
  ]

  test.each(broken)(
    'for %s is a broken constraint by its name, and no failure of the database',
    async (_, work, what) => {
      const error = await failure(work())
      expect(isConstraintError(error, what)).toBe(true)
      expect(isConstraintError(error, 'users.twitch_id')).toBe(false)
      expect(isDatabaseFailure(error)).toBe(false)
    },
  )

  test('for a mistake of ours is neither', async () => {
    for (const statement of [
      sql`SELEC 1`,
      sql`SELECT * FROM no_table`,
      sql`SELECT no_column FROM users`,
      sql`SELECT json('no JSON')`,
    ]) {
      for (const error of [await failure(batchRows(db, [statement])), await failure(db.run(statement))]) {
        expect(error).toBeInstanceOf(Error)
        expect(isDatabaseFailure(error)).toBe(false)
        expect(isConstraintError(error, 'users')).toBe(false)
      }
    }
  })

  test('is told from what is no error of D1', () => {
    for (const error of [new Error('boom'), new TypeError('x is not a function'), 'D1_ERROR', undefined, null, {}]) {
      expect(isDatabaseFailure(error)).toBe(false)
      expect(isConstraintError(error, '')).toBe(false)
    }
  })
})
