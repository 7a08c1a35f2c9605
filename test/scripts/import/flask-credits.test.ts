import { describe, expect, it } from 'vitest'
import { type OldAccount, planAccounts } from '../../../scripts/import/flask-credits.ts'
import type { ExistingUser } from '../../../scripts/import/plan.ts'
import { markOf } from '../../../scripts/import/source-name.ts'

/** Text as a file's bytes, one character each. */
const bytes = (text: string) => String.fromCharCode(...new TextEncoder().encode(text))

const row = (
  username: string | null,
  token: string | null = `secret-of-${username}-012345`,
  credit: string | null = '5',
): OldAccount => ({
  username: username === null ? null : bytes(username),
  token: token === null ? null : bytes(token),
  credit,
})

const here = (id: number, username: string, more: Partial<ExistingUser> = {}): ExistingUser => ({
  id,
  username,
  email: null,
  twitchId: null,
  origin: null,
  toppedUpFrom: null,
  ...more,
})

const plan = (rows: OldAccount[], existing: ExistingUser[] = [], merge = false, weakTokens = false) =>
  planAccounts(rows, existing, { merge, weakTokens, named: 'old', table: 'USERS' })

/** The origin of a row that came from the source `old`. */
const origin = (name: string, token = `secret-of-${name}-012345`) =>
  `flask-credits@old/${markOf(`${name}\0${bytes(token)}`)}/${name}`

describe('an old account', () => {
  it('comes with its token and the credits that were left', () => {
    expect(plan([row('harrier', 'a, b: c "d" ü 0123456789', '37')])).toEqual({
      entries: [
        {
          origin: origin('harrier', 'a, b: c "d" ü 0123456789'),
          userId: undefined,
          username: 'harrier',
          token: 'a, b: c "d" ü 0123456789',
          credits: 37,
        },
      ],
      findings: [],
      known: 0,
      source: 'Source: old, which is new',
    })
  })

  it('comes without a token and credits where there were none', () => {
    const { entries, findings } = plan([row('a', '', ''), row('b', null, null)])
    expect(entries.map(({ token, credits }) => [token, credits])).toEqual([
      ['', 0],
      ['', 0],
    ])
    expect(findings).toEqual([])
  })

  it.each([
    ['-4', 0],
    ['12.75', 12],
    ['1e15', 1e12],
    ['lots', 0],
  ])('with a credit of %s comes with %s, and the report says so', (credit, credits) => {
    const { entries, findings } = plan([row('a', undefined, credit)])
    expect(entries[0]?.credits).toBe(credits)
    expect(findings.map(({ kind }) => kind)).toEqual(['number'])
  })

  it('without a name, or with one that was there before, is skipped', () => {
    const { entries, findings } = plan([row(''), row(null), row('a'), row('a'), row('x'.repeat(1001)), row('n\0l')])
    expect(entries.map(({ username }) => username)).toEqual(['a'])
    expect(findings.map(({ kind }) => kind)).toEqual(Array(5).fill('skipped'))
  })

  it('with a token that is no UTF-8 gets no key: nobody could send it', () => {
    const { entries, findings } = plan([{ username: 'a', token: '\xff\xfe', credit: '1' }])
    expect(entries[0]?.token).toBe('')
    expect(findings.map(({ kind }) => kind)).toEqual(['key'])
  })

  it('with a name in latin1 is read as such', () => {
    const { entries } = plan([{ username: 'J\xf6rg', token: '', credit: '1' }])
    expect(entries[0]).toMatchObject({
      origin: expect.stringMatching(/^flask-credits@old.[0-9a-f]{4}.Jörg$/),
      username: 'Jorg',
    })
  })

  it('who came before is recognised, as one who was made and as one who was merged, whatever they are called now', () => {
    const existing = [
      here(1, 'renamed', { origin: origin('a'), toppedUpFrom: origin('a') }),
      here(2, 'renamed_too', { origin: 'flask-users:9', toppedUpFrom: origin('b') }),
    ]
    expect(plan([row('a'), row('b')], existing, true)).toMatchObject({ entries: [], findings: [], known: 2 })
  })
})

describe('a name that somebody here has', () => {
  const existing = [here(8, 'Harrier', { origin: 'flask-users:3' })]

  it('is left alone', () => {
    const { entries, findings } = plan([row('harrier')], existing)
    expect(entries).toEqual([])
    expect(findings).toMatchObject([{ kind: 'taken', row: 'row 1' }])
  })

  it('is merged on demand: the entry is for that user', () => {
    const { entries, findings } = plan([row('harrier', undefined, '9')], existing, true)
    expect(entries).toEqual([
      {
        origin: origin('harrier'),
        userId: 8,
        username: 'Harrier',
        token: 'secret-of-harrier-012345',
        credits: 9,
      },
    ])
    expect(findings).toMatchObject([{ kind: 'taken' }])
  })

  it('is merged once: another row of that name is left alone, in this run and in the next', () => {
    expect(plan([row('harrier'), row('HARRIER')], existing, true).entries).toHaveLength(1)
    const after = [here(8, 'Harrier', { origin: 'flask-users:3', toppedUpFrom: origin('harrier') })]
    expect(plan([row('harrier'), row('HARRIER')], after, true)).toMatchObject({ entries: [], known: 1 })
  })
})

describe('a name that changes', () => {
  it.each([
    ["O'Brien\\Söhne", 'O_Brien_Sohne'],
    ['me', 'me_1'],
    ['99', 'user_99'],
  ])('%s becomes %s', (old, name) => {
    expect(plan([row(old)]).entries[0]?.username).toBe(name)
  })

  it('does so too where it differs from another only in case, also when a run that was stopped goes on', () => {
    const rows = [row('Harrier'), row('harrier')]
    expect(plan(rows).entries.map(({ username }) => username)).toEqual(['Harrier', 'harrier_2'])
    const stopped = [here(1, 'Harrier', { origin: origin('Harrier'), toppedUpFrom: origin('Harrier') })]
    for (const merge of [true, false]) {
      expect(plan(rows, stopped, merge).entries).toMatchObject([{ username: 'harrier_2', userId: undefined }])
    }
  })

  it('is found quickly for thousands that become alike', () => {
    const { entries } = plan(Array.from({ length: 5000 }, (_, i) => row(`密${'码'.repeat(i % 7)}${i}`)))
    expect(new Set(entries.map(({ username }) => username)).size).toBe(5000)
  })
})

describe('a weak token', () => {
  const weak = [row('a', 'short'), row('b', 'the-same-token-0123'), row('c', 'the-same-token-0123'), row('d')]

  it('is none: who has it comes without a key, and the report names them', () => {
    const { entries, findings } = plan(weak)
    expect(entries.map(({ token }) => token)).toEqual(['', '', '', 'secret-of-d-012345'])
    expect(findings.map(({ kind, who, what }) => [kind, who, what.split(':')[0]])).toEqual([
      ['key', '"a"', 'the TOKEN has under 16 characters, and can be guessed'],
      ['key', '"b"', 'the TOKEN is that of another row too'],
      ['key', '"c"', 'the TOKEN is that of another row too'],
    ])
  })

  it('is taken on demand, and the report says so', () => {
    const { entries, findings } = plan(weak, [], false, true)
    expect(entries.map(({ token }) => token)).toEqual([
      'short',
      'the-same-token-0123',
      'the-same-token-0123',
      'secret-of-d-012345',
    ])
    expect(findings.map(({ kind }) => kind)).toEqual(['weak', 'weak', 'weak'])
  })
})
