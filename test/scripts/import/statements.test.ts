/** What an import writes, in a real database, and what the service makes of it. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { ImportedAccount, ImportedUser } from '../../../scripts/import/plan.ts'
import { insertAccounts, insertUsers } from '../../../scripts/import/statements.ts'
import { periodAt } from '../../../src/credits/period.ts'
import { rollOverPeriods } from '../../../src/credits/rollover.ts'
import { hashPassword } from '../../../src/users/password.ts'
import { expectBooksToAddUp, fillDataset, rows } from '../../support/credits.ts'
import { insertKey, NOON, startService } from '../../support/service.ts'

const user = (n: number, more: Partial<ImportedUser> = {}): ImportedUser => ({
  origin: `flask-users:${n}`,
  username: `player${n}`,
  email: null,
  passwordHash: null,
  twitchId: null,
  disabled: false,
  stats: [],
  ...more,
})

const account = (name: string, more: Partial<ImportedAccount> = {}): ImportedAccount => ({
  origin: `flask-credits:${name}`,
  userId: undefined,
  username: name,
  token: 'old token',
  credits: 37,
  ...more,
})

/** All of them or none, as the import writes. */
const write = (statements: string[]) => env.DB.batch(statements.map((sql) => env.DB.prepare(sql)))

const writeAccounts = async (accounts: ImportedAccount[], allowance?: number, now = NOON) =>
  write(await insertAccounts(accounts, { now, period: periodAt(now, 1, 'UTC'), allowance }))

describe('users of the first app', () => {
  it('are there with what they brought', async () => {
    const { call } = startService()
    const email = "o'brien@example.com"
    await write(
      insertUsers(
        [user(7, { email, passwordHash: '$6$x', twitchId: '4', stats: [['meleeAtkXp', 2 ** 53 - 1]] })],
        NOON,
      ),
    )
    const [row] = await rows(
      'SELECT username, email, password_hash, twitch_id, origin, version, disabled_at FROM users',
    )
    expect(row).toEqual({
      username: 'player7',
      email,
      password_hash: '$6$x',
      twitch_id: '4',
      origin: 'flask-users:7',
      version: 1,
      disabled_at: null,
    })
    const { body } = await call('/api/users/player7')
    expect(body.stats.meleeAtkXp).toBe(2 ** 53 - 1)
    expect(body.createdAt).toBe(new Date(NOON).toISOString())
    expect((await call('/api/leaderboards/meleeAtkXp')).body.entries).toMatchObject([{ rank: 1, username: 'player7' }])
  })

  it('who were disabled stay so, and cannot log in', async () => {
    const { call, deps } = startService()
    const hash = hashPassword(deps(), 'python', { ln: 4, r: 8, p: 1 })
    await write(insertUsers([user(1, { disabled: true, passwordHash: hash })], NOON))
    const { status } = await call('/api/token', { headers: { Authorization: `Basic ${btoa('player1:python')}` } })
    expect(status).toBe(403)
  })

  it('are not made twice, and what they did since stays', async () => {
    const statements = insertUsers([user(1, { stats: [['healthXp', 5]] }), user(2)], NOON)
    await write(statements)
    await env.DB.batch([
      env.DB.prepare("UPDATE users SET username = 'renamed', password_hash = 'new' WHERE origin = 'flask-users:1'"),
      env.DB.prepare('UPDATE stats SET value = 99'),
    ])
    await write(statements)
    expect(await rows('SELECT username, password_hash AS hash FROM users ORDER BY id')).toEqual([
      { username: 'renamed', hash: 'new' },
      { username: 'player2', hash: null },
    ])
    expect(await rows('SELECT value FROM stats')).toEqual([{ value: 99 }])
  })

  it('do not come where somebody took the name meanwhile, and neither do their stats', async () => {
    const { user: signUp } = startService()
    await signUp('PLAYER1', 'python')
    await write(insertUsers([user(1, { stats: [['healthXp', 5]] }), user(2)], NOON))
    expect(await rows('SELECT username, origin FROM users ORDER BY id')).toEqual([
      { username: 'PLAYER1', origin: null },
      { username: 'player2', origin: 'flask-users:2' },
    ])
    expect(await rows('SELECT * FROM stats')).toEqual([])
  })

  it("come in statements below D1's limit, however many they are", async () => {
    const many = Array.from({ length: 2000 }, (_, n) => user(n, { passwordHash: 'x'.repeat(120), email: `ü${n}@x` }))
    const statements = insertUsers(many, NOON)
    expect(statements.length).toBeGreaterThan(2)
    for (const sql of statements) expect(new TextEncoder().encode(sql).length).toBeLessThan(100_000)
    await write(statements)
    expect(await rows('SELECT COUNT(*) AS users FROM users')).toEqual([{ users: 2000 }])
  })
})

describe('accounts of the second app', () => {
  const READ = '/api/v1.0/banks_data/EBILAEAD'
  const balance = async (service: ReturnType<typeof startService>, token = 'old token', name = 'harrier') => {
    await fillDataset().catch(() => undefined)
    const { headers, status } = await service.call(READ, { headers: { Authorization: `${name}:${token}` } })
    return [status, headers.get('X-Credits-Remaining')]
  }

  it('have what was left of their credits and no more this month, then their allowance as well', async () => {
    const service = startService()
    await writeAccounts([account('harrier')], 250)
    expect(await balance(service)).toEqual([200, '36'])
    service.clock.now = Date.parse('2027-02-01T00:00:00Z')
    expect(await balance(service)).toEqual([200, String(36 + 250 - 1)])
    await expectBooksToAddUp()
  })

  it('have MONTHLY_CREDITS where no allowance was named', async () => {
    const service = startService({ vars: { MONTHLY_CREDITS: '70' } })
    await writeAccounts([account('harrier')])
    service.clock.now = Date.parse('2027-02-10T00:00:00Z')
    expect(await balance(service)).toEqual([200, String(37 + 70 - 1)])
  })

  it('show the old credits as a top-up that never ends, with its movement', async () => {
    const service = startService()
    await writeAccounts([account('harrier')])
    const { id } = (await rows<{ id: number }>('SELECT id FROM users'))[0] as { id: number }
    const key = await insertKey(['metered:read'], id)
    const credits = (await service.call('/api/credits', { bearer: key })).body
    expect(credits).toMatchObject({ balance: 37, resetsAt: '2027-02-01T00:00:00.000Z' })
    expect(credits.grants.find(({ source }: { source: string }) => source === 'topup')).toMatchObject({
      remaining: 37,
      amount: 37,
      expiresAt: '',
    })
    const { entries } = (await service.call('/api/credits/ledger', { bearer: key })).body
    expect(entries).toMatchObject([{ kind: 'grant', amount: 37, balanceAfter: 37, operation: 'topup' }])
    await expectBooksToAddUp()
  })

  it.each(['with, a comma', 'with:a:colon', 'with spaces', 'quo\'te"back\\slash', 'sk_looks_like_ours'])(
    'are let in by their old token "%s", as username:token and never as Bearer',
    async (token) => {
      const service = startService()
      await writeAccounts([account('harrier', { token }), account('tollgate', { token: 'another' })])
      expect((await balance(service, token))[0]).toBe(200)
      expect((await balance(service, token, 'tollgate'))[0]).toBe(401)
      expect((await service.call(READ, { bearer: token })).status).toBe(401)
      expect((await service.call(`${READ}?token=${encodeURIComponent(`harrier:${token}`)}`)).status).toBe(200)
      expect(JSON.stringify(await rows('SELECT * FROM api_keys'))).not.toContain(JSON.stringify(token).slice(1, -1))
    },
  )

  it('without a token have no key, and no empty secret opens them', async () => {
    const service = startService()
    await writeAccounts([account('harrier', { token: '' })])
    expect(await rows('SELECT * FROM api_keys')).toEqual([])
    expect((await balance(service, ''))[0]).toBe(401)
  })

  it('show the end of a long token, and nothing of a short one', async () => {
    await writeAccounts([account('a', { token: 'b1f0c7d2e9a84356' }), account('b', { token: 'short' })])
    expect(await rows('SELECT last_four AS shown FROM api_keys ORDER BY user_id')).toEqual([
      { shown: '4356' },
      { shown: '' },
    ])
  })

  it('get nothing from a second run or a newer dump, whatever they did since', async () => {
    const service = startService()
    await writeAccounts([account('harrier'), account('empty', { credits: 0 })], 250)
    await balance(service)
    await env.DB.prepare('DELETE FROM api_keys').run()
    const before = await rows('SELECT * FROM grants')
    const later = Date.parse('2027-03-05T00:00:00Z')
    const newer = [account('harrier', { credits: 500 }), account('empty', { credits: 500 })]
    await writeAccounts(newer, 900, later)
    expect(await rows('SELECT * FROM grants')).toEqual(before)
    expect(await rows('SELECT * FROM api_keys')).toEqual([])
    expect(await rows('SELECT DISTINCT allowance FROM credit_accounts')).toEqual([{ allowance: 250 }])
    await expectBooksToAddUp()
  })

  it('are merged into a user who was here: the key and the top-up, and the rest stays', async () => {
    const service = startService()
    const userId = await service.user('Harrier', 'python')
    await writeAccounts([account('harrier', { userId })], 250)
    expect(await balance(service)).toEqual([200, String(100 + 37 - 1)])
    expect(await rows('SELECT username, origin FROM users')).toEqual([{ username: 'Harrier', origin: null }])
    await writeAccounts([account('harrier', { userId })], 250)
    expect(await balance(service)).toEqual([200, String(100 + 37 - 2)])
    await expectBooksToAddUp()
  })

  it('turn their first month like everyone: who spent has the new allowance opened by cron', async () => {
    const service = startService()
    await writeAccounts([account('harrier')])
    await balance(service)
    service.clock.now = Date.parse('2027-02-01T00:00:30Z')
    expect(await rollOverPeriods(service.deps())).toMatchObject({ accounts: 1 })
    expect(
      await rows("SELECT source, remaining FROM grants WHERE expires_at > ? AND source = 'plan'", service.clock.now),
    ).toEqual([{ source: 'plan', remaining: 100 }])
    await expectBooksToAddUp()
  })
})
