/** The bindings and variables, a sentence each; and the one place that reads the variables. */
import * as z from 'zod'

/** What wrangler.toml and the secrets give the Worker. Variables are text; `readConfig` makes sense of them. */
export type Env = {
  /** All that must be true. */
  DB: D1Database
  /** A cache of accounts and keys, up to a day old. D1 checks what it says before a call may cost or change anything. */
  CACHE: KVNamespace
  /** The files of `public`: what the website and the documentation load. */
  ASSETS: Fetcher
  /** Log-in attempts for one name from one address. */
  LOGIN_PAIR: RateLimit
  /** Log-in attempts for one name. */
  LOGIN_NAME: RateLimit
  /** Log-in attempts from one address. */
  LOGIN_ADDRESS: RateLimit
  /** New accounts from one address. */
  SIGNUP_ADDRESS: RateLimit
  /** Signs tokens and cursors; at least 32 characters. */
  TOKEN_SECRET: string
  /** The secret before this one, while its tokens are still valid. */
  TOKEN_SECRET_PREVIOUS?: string
  /** `open`: anyone makes an account. `key`: only a key with `users:write`. */
  SIGNUP?: string
  /** Credits that a new user has a month. */
  MONTHLY_CREDITS?: string
  /** Characters that a new password needs at least. */
  PASSWORD_MIN_LENGTH?: string
  /** scrypt's cost for new hashes: N = 2^ln. */
  SCRYPT_LN?: string
  SCRYPT_R?: string
  SCRYPT_P?: string
  /** `true`: users change their own stats by their own token, for a game without a server. */
  PLAYERS_WRITE_STATS?: string
  /** Months for which the ledger keeps each movement. */
  LEDGER_MONTHS?: string
  /** `true`: alerts may go to http://127.0.0.1, [::1] and localhost. For development. */
  ALLOW_LOCAL_WEBHOOKS?: string
  /** Where `service.failing` goes, straight from the isolate. */
  ALERT_URL?: string
  /** The name on the website; empty for Statkeep. */
  SITE_NAME?: string
  /** What the home page says below the name. */
  SITE_TEXT?: string
  /** Stats that the website shows, by name and with commas, in this order; empty for all. */
  SITE_STATS?: string
  /** `true`: every answer tells its database and KV costs in `Server-Timing`. */
  SERVER_TIMING?: string
}

/** The longest password, counted in Unicode code points after NFKC. */
export const MAX_PASSWORD_LENGTH = 128

/** The shortest password, where PASSWORD_MIN_LENGTH says nothing else. */
export const DEFAULT_MIN_PASSWORD_LENGTH = 6

/** D1 takes every number as a double; this stays far from where doubles lose units. */
export const MAX_CREDITS = 1e12

export const DEFAULT_MONTHLY_CREDITS = 100
export const DEFAULT_LEDGER_MONTHS = 13

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true')
const whole = (min: number, max: number, defaultValue: number) =>
  z.preprocess(
    (value) => (value === undefined || value === '' ? defaultValue : Number(value)),
    z.int().min(min).max(max),
  )

const Config = z.object({
  TOKEN_SECRET: z.string().min(32),
  TOKEN_SECRET_PREVIOUS: z.union([z.literal('').transform(() => undefined), z.string().min(32)]).optional(),
  SIGNUP: z.enum(['open', 'key']).default('open'),
  MONTHLY_CREDITS: whole(0, MAX_CREDITS, DEFAULT_MONTHLY_CREDITS),
  PASSWORD_MIN_LENGTH: whole(1, MAX_PASSWORD_LENGTH, DEFAULT_MIN_PASSWORD_LENGTH),
  // 2^17 x 8 x 128 bytes would need the whole 128 MB of an isolate.
  SCRYPT_LN: whole(1, 16, 14),
  SCRYPT_R: whole(1, 16, 8),
  SCRYPT_P: whole(1, 16, 5),
  PLAYERS_WRITE_STATS: flag,
  LEDGER_MONTHS: whole(1, 1200, DEFAULT_LEDGER_MONTHS),
  ALLOW_LOCAL_WEBHOOKS: flag,
  ALERT_URL: z.string().optional(),
  SITE_NAME: z.string().max(40).default(''),
  SITE_TEXT: z.string().max(500).default(''),
  SITE_STATS: z.string().default(''),
  SERVER_TIMING: flag,
})

/** What `users/password.ts` refuses to check must not be made either: nobody could log in. */
const CheckableConfig = Config.refine(
  ({ SCRYPT_LN: ln, SCRYPT_R: r, SCRYPT_P: p }) => 2 ** ln * r <= 2 ** 19 && 2 ** ln * r * p <= 2 ** 22,
  { path: ['SCRYPT_LN'], error: 'costs more, with SCRYPT_R and SCRYPT_P, than an isolate can spend' },
)

/** The variables, checked and typed. */
export type Config = {
  tokenSecrets: string[]
  signup: 'open' | 'key'
  monthlyCredits: number
  passwordMinLength: number
  scrypt: { ln: number; r: number; p: number }
  playersWriteStats: boolean
  ledgerMonths: number
  allowLocalWebhooks: boolean
  alertUrl: string | undefined
  siteName: string
  siteText: string
  siteStats: string
  serverTiming: boolean
}

/** Its message names variables and rules, never a value. */
export class Misconfigured extends Error {
  override readonly name = 'Misconfigured'
}

/** @throws Misconfigured when a variable is missing or wrong. */
export function readConfig(env: Env): Config {
  const { success, data, error } = CheckableConfig.safeParse(env)
  if (!success) {
    const faults = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Misconfigured(faults.join('; '))
  }
  return {
    tokenSecrets: [data.TOKEN_SECRET, ...(data.TOKEN_SECRET_PREVIOUS ? [data.TOKEN_SECRET_PREVIOUS] : [])],
    signup: data.SIGNUP,
    monthlyCredits: data.MONTHLY_CREDITS,
    passwordMinLength: data.PASSWORD_MIN_LENGTH,
    scrypt: { ln: data.SCRYPT_LN, r: data.SCRYPT_R, p: data.SCRYPT_P },
    playersWriteStats: data.PLAYERS_WRITE_STATS,
    ledgerMonths: data.LEDGER_MONTHS,
    allowLocalWebhooks: data.ALLOW_LOCAL_WEBHOOKS,
    alertUrl: data.ALERT_URL || undefined,
    siteName: data.SITE_NAME.trim(),
    siteText: data.SITE_TEXT.trim(),
    siteStats: data.SITE_STATS,
    serverTiming: data.SERVER_TIMING,
  }
}
