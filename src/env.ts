/** The bindings and variables of the Worker, and the only code that reads the variables. */
import * as z from 'zod'
import type { RemoteCommitter } from './db/writer.ts'

/** The bindings, variables and secrets. Variables are text, which `readConfig` checks and converts. */
export type Env = {
  /** The database. */
  DB: D1Database
  /** Commits writes in groups, if WRITE_GROUPING is not false. */
  COMMITTER?: { getByName(name: string, options?: { locationHint?: Location }): RemoteCommitter }
  /** A cache of accounts and keys, up to a day old. D1 checks its values before a call may cost or change anything. */
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
  /** Months for which the ledger has each movement. */
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
  /** `false`: each write is a batch of its own, and no Durable Object is used. */
  WRITE_GROUPING?: string
  /** Where the committer is made, best beside the database: `weur`, `enam` …; empty for where its first caller is. */
  COMMITTER_LOCATION?: string
  /** `true`: every answer has its costs in D1 and KV in `Server-Timing`. */
  SERVER_TIMING?: string
}

/** The longest password, counted in Unicode code points after NFKC. */
export const MAX_PASSWORD_LENGTH = 128

/** The shortest password, unless PASSWORD_MIN_LENGTH is set. */
export const DEFAULT_MIN_PASSWORD_LENGTH = 6

/** D1 binds every number as a double. This is far below where doubles lose whole numbers. */
export const MAX_CREDITS = 1e12

export const DEFAULT_MONTHLY_CREDITS = 100
export const DEFAULT_LEDGER_MONTHS = 13

const flag = (defaultValue: 'true' | 'false' = 'false') =>
  z
    .enum(['true', 'false'])
    .default(defaultValue)
    .transform((value) => value === 'true')

/** https://developers.cloudflare.com/durable-objects/reference/data-location/#supported-locations-1 */
const LOCATIONS = ['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'oc', 'afr', 'me'] as const
type Location = (typeof LOCATIONS)[number]

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
  PLAYERS_WRITE_STATS: flag(),
  LEDGER_MONTHS: whole(1, 1200, DEFAULT_LEDGER_MONTHS),
  ALLOW_LOCAL_WEBHOOKS: flag(),
  ALERT_URL: z.string().optional(),
  SITE_NAME: z.string().max(40).default(''),
  SITE_TEXT: z.string().max(500).default(''),
  SITE_STATS: z.string().default(''),
  WRITE_GROUPING: flag('true'),
  COMMITTER_LOCATION: z.union([z.literal('').transform(() => undefined), z.enum(LOCATIONS)]).optional(),
  SERVER_TIMING: flag(),
})

/** `users/password.ts` refuses to verify hashes of a higher cost, so they must not be made. */
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
  writeGrouping: boolean
  committerLocation: Location | undefined
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
    writeGrouping: data.WRITE_GROUPING,
    committerLocation: data.COMMITTER_LOCATION,
    serverTiming: data.SERVER_TIMING,
  }
}
