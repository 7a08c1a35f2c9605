/** New names for users whose old name is not allowed or taken. The same data always gives the same names. */
import { MAX_USERNAME_LENGTH, Username } from '../../src/users/user-ref.ts'
import { foldCase } from './plan.ts'

export const isUsername = (name: string) => Username.safeParse(name).success

/** The names that are taken, compared without case. */
export class Names {
  readonly #holders = new Map<string, string>()

  /** Who has this name, in words for the report. */
  holder(name: string): string | undefined {
    return this.#holders.get(foldCase(name))
  }

  take(name: string, holder: string): void {
    this.#holders.set(foldCase(name), holder)
  }

  /** Takes the most similar name that is allowed and free. If it is taken, the row's `number` is appended. */
  takeNearest(name: string, number: bigint | number, holder: string): string {
    const base = simplified(name)
    for (let attempt = 0; ; attempt++) {
      const end = ['', `_${number}`][attempt] ?? `_${number}_${attempt}`
      const candidate = `${base.slice(0, MAX_USERNAME_LENGTH - end.length)}${end}`
      if (isUsername(candidate) && !this.holder(candidate)) {
        this.take(candidate, holder)
        return candidate
      }
    }
  }
}

/** Without accents, and with an underscore for other characters: `José Núñez` is `Jose_Nunez`. */
function simplified(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return (/[A-Za-z]/.test(plain) ? plain : `user_${plain}`).slice(0, MAX_USERNAME_LENGTH).replace(/_+$/, '')
}

/** Why a user cannot keep the old name. */
export function whyRenamed(name: string, names: Names): string {
  if (name === '') return 'it has none'
  if (name.includes('\u{fffd}')) return 'it is not valid UTF-8'
  const issue = Username.safeParse(name).error?.issues[0]
  return issue ? `it ${issue.message}` : `${names.holder(name)} has that name, whatever its case`
}
