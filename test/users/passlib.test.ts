/** Hashes that Python's passlib made are verified here; test/vectors/make-passlib.py makes them. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { MAX_ROUNDS, parseCrypt, verifyCrypt } from '../../src/users/passlib.ts'
import { startService } from '../support/service.ts'
import vectors from '../vectors/passlib.json'

const quick = vectors.filter(({ hash }) => (parseCrypt(hash)?.rounds ?? 0) < 100_000)
const asFlaskMadeThem = vectors.filter((vector) => !quick.includes(vector))

describe('a hash that passlib made', () => {
  it.each(quick)('belongs to its password: $hash', ({ password, hash }) => {
    expect(verifyCrypt(password, hash)).toBe(true)
    expect(verifyCrypt(`${password}!`, hash)).toBe(false)
  })

  it.each(asFlaskMadeThem)('belongs to its password at the rounds that Flask used: $hash', ({ password, hash }) => {
    expect(verifyCrypt(password, hash)).toBe(true)
  })

  it('is read alike with 5000 rounds named and not named', () => {
    const { hash } = quick.find(({ password }) => password === 'implicit') as (typeof quick)[number]
    expect(parseCrypt(hash)?.rounds).toBe(5000)
    expect(verifyCrypt('implicit', hash.replace('$6$', '$6$rounds=5000$'))).toBe(true)
  })

  it('is compared with the password as it was typed first, and then after NFKC', () => {
    const typed = quick.find(({ password }) => password === 'cafe\u0301') as (typeof quick)[number]
    expect(verifyCrypt('cafe\u0301', typed.hash)).toBe(true)
    expect(verifyCrypt('caf\u00e9', typed.hash)).toBe(false)
    const plain = quick.find(({ password }) => password === 'python') as (typeof quick)[number]
    expect(verifyCrypt('ｐｙｔｈｏｎ', plain.hash)).toBe(true)
  })

  it('is refused at once beyond the cap of rounds', () => {
    const { hash } = asFlaskMadeThem[0] as { hash: string }
    expect(verifyCrypt('python', hash.replace('656000', String(MAX_ROUNDS + 1)))).toBe(false)
    expect(verifyCrypt('python', hash.replace('656000', '1000000000'))).toBe(false)
  })

  it('is refused at once for a password that would take minutes', () => {
    expect(verifyCrypt('x'.repeat(100_000), (asFlaskMadeThem[0] as { hash: string }).hash)).toBe(false)
  })

  it.each([
    '',
    '$6$',
    '$6$salt$short',
    '$1$salt$qJH7.N4xYta3aEG/dfqo/0',
    '$6$rounds=0005000$salt$x',
    `$6$rounds=999$salt$${'x'.repeat(86)}`,
    `$6$a-salt$${'x'.repeat(86)}`,
    `$6$seventeen-letters$${'x'.repeat(86)}`,
    `$5$salt$${'x'.repeat(86)}`,
  ])('is nothing else: %s', (stored) => {
    expect(parseCrypt(stored)).toBeUndefined()
    expect(verifyCrypt('python', stored)).toBe(false)
  })
})

describe('the first log-in of a user from Flask', () => {
  const insert = (hash: string) =>
    env.DB.prepare('INSERT INTO users (username, password_hash, created_at) VALUES (?, ?, 0)').bind('old', hash).run()
  const stored = () => env.DB.prepare('SELECT password_hash FROM users').first<string>('password_hash')
  const { hash } = quick.find(({ password }) => password === 'tröß-пароль-密码-🔑') as (typeof quick)[number]

  it('takes the old password and rewrites the hash as scrypt', async () => {
    const { call } = startService()
    await insert(hash)
    const basic = 'old:tröß-пароль-密码-🔑'
    expect((await call('/api/users/me', { basic })).status).toBe(200)
    expect(await stored()).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$/)
    expect((await startService().call('/api/users/me', { basic })).status).toBe(200)
  })

  it('refuses another password and leaves the hash alone', async () => {
    const { call } = startService()
    await insert(hash)
    expect((await call('/api/users/me', { basic: 'old:wrong' })).body.code).toBe('invalid_credentials')
    expect(await stored()).toBe(hash)
  })
})
