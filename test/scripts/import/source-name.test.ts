import { describe, expect, it } from 'vitest'
import type { ExistingUser } from '../../../scripts/import/plan.ts'
import { findSource, markOf, type Row } from '../../../scripts/import/source-name.ts'

const rows = (...names: string[]): Row[] => names.map((name, i) => ({ key: String(i + 1), mark: markOf(name) }))

const find = (file: Row[], existing: ExistingUser[] = [], named?: string) =>
  findSource('flask-users', file, existing, { named, table: 'users' })

/** Everyone in the database after `file` was imported. */
const imported = (file: Row[], existing: ExistingUser[] = []): ExistingUser[] => [
  ...existing,
  ...file.map((row, i) => ({
    id: existing.length + i + 1,
    username: `user${existing.length + i}`,
    email: null,
    twitchId: null,
    origin: find(file, existing).originOf(row),
    toppedUpFrom: null,
  })),
]

describe('the source of a file', () => {
  const examples = imported(rows('ada', 'bob', 'cleo', 'dan'))

  it('is another one where the ids are the same and the users are not', () => {
    const own = rows('xena', 'yan', 'zoe')
    expect(own.map(({ key }) => find(own, examples).knownAs(key))).toEqual([undefined, undefined, undefined])
    expect(find(own, examples).told).toContain('which is new; it shares 3 ids with')
  })

  it('is the same for the same file, and for a newer one with more rows and some new names', () => {
    for (const file of [rows('ada', 'bob', 'cleo', 'dan'), rows('ada', 'robert', 'cleo', 'dan', 'eve')]) {
      const source = find(file, examples)
      expect(source.told).toContain('which came before')
      expect(source.knownAs('2')).toBe(examples[1]?.origin)
      expect(source.knownAs('5')).toBeUndefined()
    }
  })

  it('is the same for the rest of an import that was stopped', () => {
    const file = rows('xena', 'yan', 'zoe')
    const stopped = imported(file, examples).slice(0, -1)
    expect(find(file, stopped).originOf({ key: '3', mark: 'ffff' })).toContain(`${find(file).name}/`)
    expect(find(file, stopped).knownAs('2')).toBeDefined()
  })

  it('is what --source says', () => {
    const own = rows('ada', 'bob')
    expect(find(own, examples, 'other').knownAs('1')).toBeUndefined()
    expect(find(rows('x', 'y'), examples, find(rows('ada', 'bob'), examples).name).knownAs('1')).toBe(
      examples[0]?.origin,
    )
  })

  it('is known from before sources had names, by the names that users have now', () => {
    const old = [1, 2].map((id) => ({
      id,
      username: ['ada', 'bob'][id - 1] as string,
      email: null,
      twitchId: null,
      origin: `flask-users:${id}`,
      toppedUpFrom: null,
    }))
    const source = find(rows('ada', 'bob', 'cleo'), old)
    expect(source.knownAs('2')).toBe('flask-users:2')
    expect(source.originOf({ key: '3', mark: 'ffff' })).toBe('flask-users:3')
    expect(find(rows('xena', 'yan'), old).knownAs('1')).toBeUndefined()
  })
})
