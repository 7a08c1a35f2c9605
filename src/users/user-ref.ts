/** How a path or a body names a user: by id, by name, or as `me`. */
import * as z from 'zod'

/** A user by id, or by name. A name has at least one letter, so it is never a number. */
export type UserRef = { id: number } | { username: string }

/** Names that mean something else in a path. */
const RESERVED = new Set(['me', 'update', 'lookup'])

export const MAX_USERNAME_LENGTH = 32

export const USERNAME = new RegExp(`^(?=.*[A-Za-z])[A-Za-z0-9_.-]{1,${MAX_USERNAME_LENGTH}}$`)

/** A name that a user can have. */
export const Username = z
  .string()
  .regex(USERNAME, `has to be 1 to ${MAX_USERNAME_LENGTH} of A-Z a-z 0-9 _ . - with at least one letter`)
  .refine((name) => !RESERVED.has(name.toLowerCase()), 'is reserved')
  .meta({
    description: `1 to ${MAX_USERNAME_LENGTH} of \`A-Z a-z 0-9 _ . -\` with at least one letter; unique whatever its case`,
    example: 'kicksent',
  })

/** @returns undefined for text that can name no user; `me` for the caller. */
export function parseUserRef(text: string): UserRef | 'me' | undefined {
  if (text === 'me') return 'me'
  if (/^[1-9]\d{0,15}$/.test(text)) return Number.isSafeInteger(Number(text)) ? { id: Number(text) } : undefined
  return USERNAME.test(text) ? { username: text } : undefined
}

/** `{user}` in a path. */
export const UserPath = z.object({
  user: z
    .string()
    .refine((text) => parseUserRef(text) !== undefined)
    .meta({
      description: 'A user name, a user id, or `me`',
      example: 'kicksent',
      pattern: '^[_.-]*[A-Za-z0-9][A-Za-z0-9_.-]*$',
      maxLength: MAX_USERNAME_LENGTH,
    }),
})
