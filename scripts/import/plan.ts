/** What an import is going to do, and what it found in the old data. Both old apps' readers make one of these. */
import type { StatName } from '../../src/stats/catalog.ts'

/** What can be found in a row, in the order of the report. */
export const FINDINGS = {
  skipped: 'Rows that are skipped',
  taken: 'Usernames that somebody here has already',
  renamed: 'Usernames that change',
  password: 'Users without their old password',
  email: 'Users without their old email',
  twitch: 'Users without their old Twitch id',
  disabled: 'Users who come over disabled',
  key: 'Users without their old token',
  weak: 'Weak tokens that are taken, as --weak-tokens says',
  number: 'Numbers that change',
} as const

export type Finding = {
  kind: keyof typeof FINDINGS
  row: string
  /** The name that the row had, where `what` does not say it. */
  who?: string
  what: string
}

/** A user who is to be made. `origin` says where they came from, and recognises them in a second run. */
export type ImportedUser = {
  origin: string
  username: string
  email: string | null
  passwordHash: string | null
  twitchId: string | null
  disabled: boolean
  stats: [StatName, number][]
}

/** What an account of the credits app brings along: for a new user, or for the one with this id. */
export type ImportedAccount = {
  origin: string
  /** undefined: a user of this name is to be made. */
  userId: number | undefined
  username: string
  /** '' makes no key. */
  token: string
  credits: number
}

export type Plan<Entry> = {
  entries: Entry[]
  findings: Finding[]
  /** Rows that an earlier run brought over. */
  known: number
  /** Which old app the file is from, in a sentence. */
  source: string
}

/** A user whom the database has already, as far as an import can run into them. */
export type ExistingUser = {
  id: number
  username: string
  email: string | null
  twitchId: string | null
  origin: string | null
  /** The origin of the import that gave this user a top-up. */
  toppedUpFrom: string | null
}

/** As SQLite compares without regard to case: ASCII letters only. */
export const foldCase = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

/** A value from outside as it can be shown in a line of a terminal. */
export function shown(value: unknown): string {
  const text = JSON.stringify(String(value)).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}')
  return text.length > 60 ? `${text.slice(0, 58)}…"` : text
}
