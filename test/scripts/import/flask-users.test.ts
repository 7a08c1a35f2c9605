import { describe, expect, it } from 'vitest'
import { type OldRow, planUsers, recogniseColumns } from '../../../scripts/import/flask-users.ts'
import type { ExistingUser } from '../../../scripts/import/plan.ts'
import { markOf } from '../../../scripts/import/source-name.ts'

const HASH = `$6$rounds=656000$salt$${'x'.repeat(86)}`
const COLUMNS = recogniseColumns(['id', 'username', 'email', 'password_hash', 'mageAtkXp', 'ResistXp', 'twitchuserid'])

const row = (id: number | null, username: unknown, more: OldRow = {}): OldRow => ({
  id: id === null ? null : BigInt(id),
  username: username as string,
  email: null,
  password_hash: null,
  ...more,
})

const here = (user: Partial<ExistingUser>): ExistingUser => ({
  id: 1,
  username: 'somebody',
  email: null,
  twitchId: null,
  origin: null,
  toppedUpFrom: null,
  ...user,
})

const plan = (rows: OldRow[], existing: ExistingUser[] = []) =>
  planUsers(rows, COLUMNS, existing, { named: 'old', table: 'users' })

/** The origin of a row that came from the source `old`. */
const origin = (id: number | string, username: string) => `flask-users@old/${markOf(username)}/${id}`
const usernames = (rows: OldRow[], existing?: ExistingUser[]) =>
  plan(rows, existing).entries.map(({ username }) => username)

describe('columns of the old table', () => {
  it('are recognised by the names that they ever had, whatever their case', () => {
    const names = ['ID', 'username', 'password_hash', 'email', 'MELEEATKXP', 'mageAtkXp', 'ResistXp', 'twitchuserid']
    expect(recogniseColumns(names)).toMatchObject({
      stats: [
        ['MELEEATKXP', 'meleeAtkXp'],
        ['mageAtkXp', 'magicAtkXp'],
        ['ResistXp', 'resistXp'],
      ],
      named: { id: 'ID', twitch: 'twitchuserid', password: 'password_hash' },
      unknown: [],
    })
  })

  it('that have no place here are named', () => {
    expect(recogniseColumns(['id', 'inventorysize', 'isModerator', 'x', 'y', 'guild_id']).unknown).toEqual([
      'inventorysize',
      'isModerator',
      'x',
      'y',
      'guild_id',
    ])
  })
})

describe('an old user', () => {
  it('comes with name, email, hash, Twitch id and stats, and says where they came from', () => {
    const old = row(17, 'MarlowFinch', {
      email: 'marlow@example.com',
      password_hash: HASH,
      mageAtkXp: 12n,
      ResistXp: 9007199254740991n,
      twitchuserid: 40012001n,
    })
    const entry = {
      origin: origin(17, 'MarlowFinch'),
      username: 'MarlowFinch',
      email: 'marlow@example.com',
      passwordHash: HASH,
      twitchId: '40012001',
      disabled: false,
      stats: [
        ['magicAtkXp', 12],
        ['resistXp', Number.MAX_SAFE_INTEGER],
      ],
    }
    expect(plan([old])).toMatchObject({ entries: [entry], findings: [], known: 0 })
  })

  it('comes without what was NULL, empty or 0, and nothing is said of that', () => {
    const empty = row(1, 'a', { email: '', password_hash: '', mageAtkXp: null, ResistXp: 0n, twitchuserid: 0n })
    const { entries, findings } = plan([empty])
    expect(entries).toEqual([
      {
        origin: origin(1, 'a'),
        username: 'a',
        email: null,
        passwordHash: null,
        twitchId: null,
        disabled: false,
        stats: [],
      },
    ])
    expect(findings).toEqual([])
  })

  it('who came before is recognised by where they came from, whatever they are called now', () => {
    const { entries, known } = plan([row(1, 'a'), row(2, 'b')], [here({ username: 'renamed', origin: origin(1, 'a') })])
    expect(known).toBe(1)
    expect(entries.map(({ username }) => username)).toEqual(['b'])
  })

  it('without an id, or with the id of a row before, is skipped', () => {
    const { entries, findings } = plan([row(null, 'a'), row(1, 'b'), row(1, 'c'), { ...row(1, 'd'), id: 'no id' }])
    expect(entries.map(({ username }) => username)).toEqual(['b'])
    expect(findings.map(({ kind, row }) => [kind, row])).toEqual([
      ['skipped', 'row 1'],
      ['skipped', 'row 3'],
      ['skipped', 'row 4'],
    ])
  })
})

it('an id is known by its number, however the column kept it', () => {
  const rows = [1n, 2, '3', 4.5, ''].map((id) => ({ ...row(0, 'a'), id }))
  expect(plan(rows).entries.map(({ origin }) => origin)).toEqual([1, 2, 3].map((id) => origin(id, 'a')))
})

describe('a name that our rules refuse', () => {
  it.each([
    ['José Núñez', 'Jose_Nunez'],
    ['bob@example.com', 'bob_example.com'],
    [' spaces ', 'spaces'],
    ['12345', 'user_12345'],
    ['me', 'me_7'],
    ['Update', 'Update_7'],
    ['', 'user_7'],
    [null, 'user_7'],
    [42n, 'user_42'],
    [new Uint8Array([1]), 'user_7'],
    ['密码', 'user'],
    ['M\u{fffd}ller', 'M_ller'],
    ['x'.repeat(200), 'x'.repeat(32)],
    [`${'x'.repeat(31)} y`, 'x'.repeat(31)],
  ])('%s becomes %s', (old, name) => {
    const { entries, findings } = plan([row(7, old)])
    expect(entries[0]?.username).toBe(name)
    expect(findings).toMatchObject([{ kind: 'renamed', row: 'id 7' }])
  })

  it('becomes none that is taken, of all that are like it each another', () => {
    const long = 'x'.repeat(200)
    expect(usernames([row(1, 'a b'), row(2, 'a_b'), row(3, 'a,b'), row(4, long), row(5, long)])).toEqual([
      'a_b_1',
      'a_b',
      'a_b_3',
      'x'.repeat(32),
      `${'x'.repeat(30)}_5`,
    ])
  })

  it('becomes the same again when a run that was stopped goes on', () => {
    const rows = [row(1, 'Bob'), row(2, 'bob'), row(3, 'BOB!'), row(4, 'bob_2')]
    const all = usernames(rows)
    const done = plan(rows).entries.map((entry, id) => here({ id, username: entry.username, origin: entry.origin }))
    for (const stopped of [1, 2, 3]) expect(usernames(rows, done.slice(0, stopped))).toEqual(all.slice(stopped))
  })
})

describe('a name that somebody has', () => {
  it('gets the old id at its end, and the report says whose it is', () => {
    const { entries, findings } = plan([row(3, 'Kicksent'), row(4, 'KICKSENT')], [here({ username: 'kicksent' })])
    expect(entries.map(({ username }) => username)).toEqual(['Kicksent_3', 'KICKSENT_4'])
    expect(findings[0]?.what).toContain('a user who is here already has that name')
  })

  it('stays with the first of those whose names differ only in case', () => {
    const { entries, findings } = plan([row(3, 'Bob'), row(4, 'bob')])
    expect(entries.map(({ username }) => username)).toEqual(['Bob', 'bob_4'])
    expect(findings).toEqual([
      { kind: 'renamed', row: 'id 4', what: '"bob" becomes "bob_4": id 3 has that name, whatever its case' },
    ])
  })
})

describe('what cannot come as it is', () => {
  const kinds = (rows: OldRow[], existing?: ExistingUser[]) => plan(rows, existing).findings.map(({ kind }) => kind)

  it('an email that another user has, in the file or here, stays behind', () => {
    const rows = [row(1, 'a', { email: 'A@x' }), row(2, 'b', { email: 'a@X' }), row(3, 'c', { email: 'here@x' })]
    const { entries } = plan(rows, [here({ email: 'HERE@x' })])
    expect(entries.map(({ email }) => email)).toEqual(['A@x', null, null])
    expect(kinds(rows, [here({ email: 'HERE@x' })])).toEqual(['email', 'email'])
  })

  it.each(['no address', `${'x'.repeat(120)}@x`, 'a\u{fffd}@x', 5n, new Uint8Array([1])])(
    'an email such as %s stays behind',
    (email) => {
      expect(plan([row(1, 'a', { email })]).entries[0]?.email).toBeNull()
      expect(kinds([row(1, 'a', { email })])).toEqual(['email'])
    },
  )

  it.each([
    '$argon2id$v=19$',
    'plain text',
    HASH.replace('656000', '1000000000'),
    HASH.replace('656000', '1000001'),
    5n,
  ])('a hash such as %s stays behind, and the user comes without a password', (password_hash) => {
    expect(plan([row(1, 'a', { password_hash })]).entries[0]?.passwordHash).toBeNull()
    expect(kinds([row(1, 'a', { password_hash })])).toEqual(['password'])
  })

  it('a Twitch id that another user has stays behind', () => {
    const { entries } = plan([row(1, 'a', { twitchuserid: '5' }), row(2, 'b', { twitchuserid: 5n })])
    expect(entries.map(({ twitchId }) => twitchId)).toEqual(['5', null])
  })

  it.each([
    [-25n, 0, 'is below 0'],
    [2n ** 60n, Number.MAX_SAFE_INTEGER, 'is above'],
    [12.5, 12, 'is not whole'],
    ['many', 0, 'is no number'],
    [new Uint8Array([1]), 0, 'is no number'],
  ])('XP of %s becomes %s', (mageAtkXp, value, fault) => {
    const { entries, findings } = plan([row(1, 'a', { mageAtkXp })])
    expect(entries[0]?.stats).toEqual(value === 0 ? [] : [['magicAtkXp', value]])
    expect(findings).toMatchObject([{ kind: 'number', what: expect.stringContaining(fault) }])
  })
})

it('a report shows no control characters, and nothing longer than a line', () => {
  const [finding] = plan([row(1, `\u001b[31m${'x'.repeat(500)}`)]).findings
  expect(finding?.what).not.toContain('\u001b')
  expect(finding?.what.length).toBeLessThan(200)
})

describe('a table that is not as the first app had it', () => {
  const planned = (columns: string[], rows: OldRow[], existing: ExistingUser[] = [], names = {}) =>
    planUsers(rows, recogniseColumns(columns, names), existing, { named: undefined, table: 'users' })

  it('needs a username and nothing else', () => {
    const { entries, findings } = planned(['username'], [{ username: 'ann' }, { username: null }])
    expect(entries).toMatchObject([{ username: 'ann', email: null, passwordHash: null }])
    expect(findings).toMatchObject([{ kind: 'skipped', row: 'row 2' }])
  })

  it('may have UUIDs as ids, as text or as bytes', () => {
    const ids = ['6f1c2a90-0000-4000-8000-000000000001', new Uint8Array(16).fill(171)]
    const { entries } = planned(
      ['id', 'username'],
      ids.map((id, i) => ({ id, username: `u${i}` })),
    )
    expect(entries.map(({ origin }) => origin.split('/').at(-1))).toEqual([ids[0], 'ab'.repeat(16)])
  })

  it('may keep the hash in a column called password', () => {
    const { entries } = planned(['id', 'username', 'password'], [{ id: 1n, username: 'a', password: HASH }])
    expect(entries[0]?.passwordHash).toBe(HASH)
  })

  it('has its columns where --columns says, or is refused with what it has', () => {
    const names = { username: 'login', password: 'pw' }
    const { entries } = planned(['id', 'login', 'pw', 'username'], [{ id: 1n, login: 'ann', pw: HASH }], [], names)
    expect(entries).toMatchObject([{ username: 'ann', passwordHash: HASH }])
    expect(() => recogniseColumns(['id', 'name'], names)).toThrow('no column login; it has id, name')
  })

  it.each([
    ['is_active', 0n, true],
    ['is_active', 1n, false],
    ['active', 'false', true],
    ['active', null, false],
    ['enabled', 'perhaps', true],
    ['banned', 1n, true],
    ['is_banned', 0n, false],
    ['disabled', 'yes', true],
    ['banned_at', '2024-01-01', true],
    ['banned_at', null, false],
  ])('with %s = %s has a user who is disabled: %s', (column, value, disabled) => {
    const { entries, findings } = planned(['id', 'username', column], [{ id: 1n, username: 'ann', [column]: value }])
    expect(entries[0]?.disabled).toBe(disabled)
    expect(findings.map(({ kind, who }) => [kind, who])).toEqual(disabled ? [['disabled', '"ann"']] : [])
  })
})

it('emails are the same whatever their case, in any script', () => {
  const { entries, findings } = plan([
    row(1, 'a', { email: 'josé@exämple.de' }),
    row(2, 'b', { email: 'JOSÉ@EXÄMPLE.de' }),
  ])
  expect(entries.map(({ email }) => email)).toEqual(['josé@exämple.de', null])
  expect(findings).toMatchObject([{ kind: 'email', row: 'id 2', who: '"b"' }])
})
