import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { type Env, readConfig } from '../src/env.ts'
import { startService } from './support/service.ts'

const SECRET = 'a-secret-of-the-tests-0123456789'

const read = (vars: Record<string, unknown>) => readConfig({ ...env, ...vars } as Env)
const bare = (vars: Record<string, unknown>) => readConfig(vars as unknown as Env)

describe('the variables', () => {
  test('may all be left out except the secret', () => {
    expect(bare({ TOKEN_SECRET: SECRET })).toEqual({
      tokenSecrets: [SECRET],
      signup: 'open',
      monthlyCredits: 100,
      passwordMinLength: 6,
      scrypt: { ln: 14, r: 8, p: 5 },
      playersWriteStats: false,
      ledgerMonths: 13,
      allowLocalWebhooks: false,
      alertUrl: undefined,
      siteName: '',
      siteText: '',
      siteStats: '',
      writeGrouping: true,
      committerLocation: undefined,
      serverTiming: false,
    })
  })

  test('are converted from text', () => {
    const config = bare({
      TOKEN_SECRET: SECRET,
      TOKEN_SECRET_PREVIOUS: SECRET.toUpperCase(),
      SIGNUP: 'key',
      MONTHLY_CREDITS: '0',
      PASSWORD_MIN_LENGTH: '12',
      SCRYPT_LN: '15',
      SCRYPT_R: '9',
      SCRYPT_P: '2',
      PLAYERS_WRITE_STATS: 'true',
      LEDGER_MONTHS: '1',
      ALLOW_LOCAL_WEBHOOKS: 'true',
      ALERT_URL: 'https://alerts.example',
      SERVER_TIMING: 'true',
      SITE_NAME: ' Mine ',
      SITE_STATS: 'melee',
      WRITE_GROUPING: 'false',
      COMMITTER_LOCATION: 'weur',
    })
    expect(config).toEqual({
      tokenSecrets: [SECRET, SECRET.toUpperCase()],
      signup: 'key',
      monthlyCredits: 0,
      passwordMinLength: 12,
      scrypt: { ln: 15, r: 9, p: 2 },
      playersWriteStats: true,
      ledgerMonths: 1,
      allowLocalWebhooks: true,
      alertUrl: 'https://alerts.example',
      siteName: 'Mine',
      siteText: '',
      siteStats: 'melee',
      writeGrouping: false,
      committerLocation: 'weur',
      serverTiming: true,
    })
  })

  test('count as left out if they are empty', () => {
    const { tokenSecrets, monthlyCredits, alertUrl } = bare({
      TOKEN_SECRET: SECRET,
      TOKEN_SECRET_PREVIOUS: '',
      MONTHLY_CREDITS: '',
      ALERT_URL: '',
    })
    expect({ tokenSecrets, monthlyCredits, alertUrl }).toEqual({
      tokenSecrets: [SECRET],
      monthlyCredits: 100,
      alertUrl: undefined,
    })
  })
})

const faults: [string, unknown][] = [
  ['TOKEN_SECRET', undefined],
  ['TOKEN_SECRET', ''],
  ['TOKEN_SECRET', 'only-31-characters-of-a-secret.'],
  ['TOKEN_SECRET_PREVIOUS', 'short-secret'],
  ['SIGNUP', 'closed'],
  ['SIGNUP', ''],
  ['MONTHLY_CREDITS', 'many'],
  ['MONTHLY_CREDITS', '-1'],
  ['MONTHLY_CREDITS', '1.5'],
  ['MONTHLY_CREDITS', '1000000000001'],
  ['MONTHLY_CREDITS', '1e999'],
  ['PASSWORD_MIN_LENGTH', '0'],
  ['PASSWORD_MIN_LENGTH', '129'],
  ['SCRYPT_LN', '0'],
  ['SCRYPT_LN', '17'],
  ['SCRYPT_R', '17'],
  ['SCRYPT_P', '17'],
  ['PLAYERS_WRITE_STATS', 'yes'],
  ['LEDGER_MONTHS', '0'],
  ['ALLOW_LOCAL_WEBHOOKS', '1'],
  ['SERVER_TIMING', 'on'],
  ['WRITE_GROUPING', 'on'],
  ['COMMITTER_LOCATION', 'europe'],
]

describe('a variable that is missing or wrong', () => {
  test.each(faults)('is named without its value: %s = %j', (name, value) => {
    const message = (() => {
      try {
        read({ [name]: value })
      } catch (error) {
        return String(error)
      }
    })()
    expect(message).toContain(name)
    if (typeof value === 'string' && value.length > 3) expect(message).not.toContain(value)
    expect(message).not.toContain(env.TOKEN_SECRET)
  })

  test('is named together with the others', () => {
    expect(() => read({ TOKEN_SECRET: 'short', SIGNUP: 'closed', SCRYPT_LN: 'x' })).toThrow(
      /TOKEN_SECRET.*SIGNUP.*SCRYPT_LN/,
    )
  })

  test.each([undefined, 'short-secret'])(
    'makes every call answer 500, without its value: TOKEN_SECRET = %j',
    async (TOKEN_SECRET) => {
      const { call } = startService({ vars: { TOKEN_SECRET } })
      for (const path of ['/api/users', '/health', '/']) {
        const { status, text } = await call(path)
        expect(status).toBe(500)
        expect(text).not.toContain('short-secret')
      }
    },
  )
})
