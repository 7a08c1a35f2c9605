/** Usernames that our rules refuse or that are taken, and what each becomes: always the same from the same data. */
import { Username } from '../../src/users/user-ref.ts'
import { foldCase } from './plan.ts'

const MAX_LENGTH = 32

export const isUsername = (name: string) => Username.safeParse(name).success

/** Who has which name, whatever its case. */
export class Names {
  readonly #holders = new Map<string, string>()

  /** Who has this name, in words. */
  holder(name: string): string | undefined {
    return this.#holders.get(foldCase(name))
  }

  take(name: string, holder: string): void {
    this.#holders.set(foldCase(name), holder)
  }

  /** Takes the nearest name that our rules allow and that nobody has; one that is taken gets the row's `number` at its end. */
  takeNearest(name: string, number: bigint | number, holder: string): string {
    const base = mended(name)
    for (let attempt = 0; ; attempt++) {
      const end = ['', `_${number}`][attempt] ?? `_${number}_${attempt}`
      const candidate = `${base.slice(0, MAX_LENGTH - end.length)}${end}`
      if (isUsername(candidate) && !this.holder(candidate)) {
        this.take(candidate, holder)
        return candidate
      }
    }
  }
}

/** Without accents, and with an underscore for what is no letter or digit: `José Núñez` is `Jose_Nunez`. */
function mended(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return (/[A-Za-z]/.test(plain) ? plain : `user_${plain}`).slice(0, MAX_LENGTH).replace(/_+$/, '')
}

/** Why somebody cannot have the name that they had. */
export function whyRenamed(name: string, names: Names): string {
  if (name === '') return 'it has none'
  if (name.includes('\u{fffd}')) return 'it is not valid UTF-8'
  const broken = Username.safeParse(name).error?.issues[0]
  return broken ? `it ${broken.message}` : `${names.holder(name)} has that name, whatever its case`
}
