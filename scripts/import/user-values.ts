/** The values of the first app's rows. SQLite stores any type in any column, so each is checked. */
import { toHex } from '../../src/lib/bytes.ts'
import { foldEmail } from '../../src/users/fold-email.ts'
import { importedHash } from '../../src/users/imported-hash.ts'
import { NewUser } from '../../src/users/users.schema.ts'
import { shown } from './plan.ts'
import type { StateColumn } from './user-columns.ts'

/** What node:sqlite returns, with integers as bigint. */
export type OldValue = null | bigint | number | string | Uint8Array
export type OldRow = Record<string, OldValue>

/** Called with what is wrong with a value. */
export type Found = (what: string) => void

const isEmpty = (raw: OldValue | undefined): raw is null | undefined | '' =>
  raw === null || raw === undefined || raw === ''

/** A whole number may be stored as text or as 1.0, a UUID as text or as 16 bytes. @returns undefined for no id */
export function idOf(raw: OldValue | undefined): string | undefined {
  if (raw instanceof Uint8Array) return raw.length === 16 ? toHex(raw) : undefined
  if (raw === null || raw === undefined) return undefined
  const text = String(raw)
  if (/^-?\d{1,19}$/.test(text)) return String(BigInt(text))
  return typeof raw === 'string' && /^[\w.:{}-]{1,64}$/.test(raw) ? raw : undefined
}

/** Text may be stored as bytes. */
export const textOf = (raw: OldValue | undefined): string | undefined =>
  raw instanceof Uint8Array ? String.fromCharCode(...raw.slice(0, 1000)) : typeof raw === 'string' ? raw : undefined

export const nameOf = (raw: OldValue | undefined): string =>
  raw === null || raw === undefined || raw instanceof Uint8Array ? '' : String(raw)

/** @param taken the folded emails of other users; this one is added */
export function emailOf(raw: OldValue | undefined, taken: Set<string>, found: Found): string | null {
  if (isEmpty(raw)) return null
  if (typeof raw !== 'string' || raw.includes('\u{fffd}') || !NewUser.shape.email.safeParse(raw).success) {
    found(`${shown(raw)} is no email address`)
    return null
  }
  const folded = foldEmail(raw)
  if (taken.has(folded)) {
    found(`${shown(raw)} is the email of another user, whatever its case`)
    return null
  }
  taken.add(folded)
  return raw
}

/** A value that means neither yes nor no disables the user, to be safe. NULL and an empty text count as no value. */
export function isDisabled(row: OldRow, states: StateColumn[], found: Found): boolean {
  const reason = states.find(({ name, yesEnables }) => {
    const raw = row[name]
    if (isEmpty(raw)) return false
    const text = String(raw).trim().toLowerCase()
    return yesEnables ? !/^(1|1\.0|true|t|yes|y|on)$/.test(text) : !/^(0|0\.0|false|f|no|n|off)$/.test(text)
  })
  if (reason) found(`${reason.name} is ${shown(row[reason.name])}`)
  return reason !== undefined
}

/** @returns null for no password, which is not reported, and for a hash that cannot be verified, which is */
export function passwordOf(raw: OldValue | undefined, found: Found): string | null {
  if (isEmpty(raw)) return null
  const { hash, fault } = importedHash(textOf(raw) ?? '')
  if (fault) found(`${fault}: send them a token for a new password`)
  return hash ?? null
}

/** @param taken the Twitch ids of other users; this one is added */
export function twitchIdOf(raw: OldValue | undefined, taken: Set<string | null>, found: Found): string | null {
  if (isEmpty(raw) || raw === 0n) return null
  const id = String(raw)
  if (raw instanceof Uint8Array || !/^\w{1,64}$/.test(id)) found(`${shown(raw)} is no Twitch id`)
  else if (taken.has(id)) found(`${shown(id)} is the Twitch id of another user`)
  else {
    taken.add(id)
    return id
  }
  return null
}
