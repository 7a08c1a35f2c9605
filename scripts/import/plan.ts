/** The plan of an import: the users to write, and what was found in the old data. Both old apps have such a plan. */
import type { StatName } from '../../src/stats/catalog.ts'

/** The kinds of findings and their headings, in the order of the report. */
export const FINDINGS = {
  skipped: 'Rows that are skipped',
  taken: 'Usernames that somebody here has already',
  renamed: 'Usernames that change',
  password: 'Users without their old password',
  email: 'Users without their old email',
  twitch: 'Users without their old Twitch id',
  disabled: 'Users who are disabled',
  key: 'Users without their old token',
  weak: 'Weak tokens that are taken, as --weak-tokens says',
  number: 'Numbers that change',
} as const

export type Finding = {
  kind: keyof typeof FINDINGS
  row: string
  /** The row's name, unless `what` says it. */
  who?: string
  what: string
}

/** A new user. `origin` identifies the row that they came from, so that a second run recognises them. */
export type ImportedUser = {
  origin: string
  username: string
  email: string | null
  passwordHash: string | null
  twitchId: string | null
  disabled: boolean
  stats: [StatName, number][]
}

/** An account of the second app, for a new user or for an existing one. */
export type ImportedAccount = {
  origin: string
  /** undefined for a new user. */
  userId: number | undefined
  username: string
  /** '' for no API key. */
  token: string
  credits: number
}

export type Plan<Entry> = {
  entries: Entry[]
  findings: Finding[]
  /** How many rows an earlier run imported. */
  known: number
  /** A sentence for the report: which old app the file is from. */
  source: string
}

/** A user who is in the database already. */
export type ExistingUser = {
  id: number
  username: string
  email: string | null
  twitchId: string | null
  origin: string | null
  /** The origin of the import that gave this user a top-up. */
  toppedUpFrom: string | null
}

/** Lower case for ASCII letters only, as SQLite's NOCASE compares. */
export const foldCase = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

/** A value from a file, short and safe to print in a terminal. */
export function shown(value: unknown): string {
  const text = JSON.stringify(String(value)).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}')
  return text.length > 60 ? `${text.slice(0, 58)}…"` : text
}
