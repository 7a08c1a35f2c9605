/** The shapes of accounts on the wire. */
import * as z from 'zod'
import { DEFAULT_MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH } from '../env.ts'
import { Page } from '../http/paging.ts'
import { optionalText, queryText } from '../http/validated.ts'
import { Levels, StatValues } from '../stats/stats.schema.ts'
import { MAX_USERNAME_LENGTH, Username } from './user-ref.ts'

/** The longest email, counted in Unicode code points. */
export const MAX_EMAIL_LENGTH = 120

/** Without blanks, control characters, lone surrogates and invisible characters. */
const EMAIL =
  /^[^\s@\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]+@[^\s@\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]+$/u

/** Usernames of a page. */
export const DEFAULT_USERS = 100
export const MAX_USERS = 1000

/** Profiles of one lookup. */
export const MAX_LOOKUP = 100

const PREFIX = new RegExp(`^[A-Za-z0-9_.-]{1,${MAX_USERNAME_LENGTH}}$`)

const Email = z
  .string()
  .regex(EMAIL, 'has to be an email address, without blanks and invisible characters')
  .refine((text) => [...text].length <= MAX_EMAIL_LENGTH, `has to be at most ${MAX_EMAIL_LENGTH} characters`)
  .meta({
    maxLength: MAX_EMAIL_LENGTH,
    description: 'Without blanks and invisible characters; unique whatever its case and Unicode form',
  })

/** The minimum length is a variable of the operator, so the verb checks it. */
const NewPassword = z
  .string()
  .refine(
    (text) => [...text.normalize('NFKC')].length <= MAX_PASSWORD_LENGTH,
    `has to be at most ${MAX_PASSWORD_LENGTH} characters`,
  )
  .meta({
    description: `${DEFAULT_MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters of any Unicode, counted and compared after NFKC; the operator may ask for more`,
    minLength: DEFAULT_MIN_PASSWORD_LENGTH,
    maxLength: MAX_PASSWORD_LENGTH,
  })

/** A password to verify: any text that is not absurdly long. */
const Password = z.string().min(1, 'is required').max(4096)

/** A changed email. Left out, it stays; empty, it is removed. */
const EmailChange = z.union([z.literal('').meta({ description: 'Removes it' }), Email]).optional()

export const NewUser = z.strictObject({
  username: Username.optional().meta({ description: 'Left out, one is made up' }),
  password: optionalText(NewPassword).meta({ description: 'Left out, one is made up and shown this once' }),
  email: optionalText(Email),
})

export const CreatedUser = z
  .object({
    id: z.int(),
    username: z.string(),
    password: z.string().optional().meta({ description: 'Only if it was made up' }),
  })
  .meta({ id: 'CreatedUser' })

export const UserList = Page(DEFAULT_USERS, MAX_USERS).extend({
  prefix: queryText(z.string().regex(PREFIX, 'has to be the beginning of a user name')).meta({
    description: 'How the names begin, whatever their case',
  }),
})

export const Usernames = z.object({ users: z.array(z.string()), nextCursor: z.string() }).meta({ id: 'Usernames' })

/** Any text is allowed. A name that no user can have is left out, like any unknown name. */
export const Lookup = z.strictObject({ usernames: z.array(z.string()).max(MAX_LOOKUP) })

export const Profile = z
  .object({ id: z.int(), username: z.string(), createdAt: z.iso.datetime(), stats: StatValues, levels: Levels })
  .meta({ id: 'Profile' })

export const Profiles = z.object({ users: z.array(Profile) }).meta({ id: 'Profiles' })

export const OwnProfile = Profile.extend({ email: z.string().meta({ description: 'Empty if there is none' }) }).meta({
  id: 'OwnProfile',
})

const Rows = z.array(z.record(z.string(), z.unknown()))

export const Export = z
  .object({ exportedAt: z.iso.datetime(), account: z.record(z.string(), z.unknown()), ledger: Rows })
  .catchall(Rows)
  .meta({ id: 'Export', description: 'The account, and a list for each table that refers to it' })

export const ProfileChange = z.strictObject({
  currentPassword: Password,
  newPassword: optionalText(NewPassword),
  email: EmailChange,
  revokeKeys: z.boolean().optional().meta({ description: 'Revokes every API key of this user' }),
})

/** The old app's form of the same. */
export const OldProfileChange = z.strictObject({
  username: z.string().min(1, 'is required').max(128),
  password: Password,
  new_password: optionalText(NewPassword),
  email: optionalText(Email),
})

export const ChangedProfile = z
  .object({
    id: z.int(),
    username: z.string(),
    email: z.string(),
    keys: z.int().meta({ description: 'API keys of this user that are still active' }),
  })
  .meta({ id: 'ChangedProfile' })

export const Deletion = z.strictObject({ currentPassword: Password })

export const AdminChange = z.strictObject({
  username: optionalText(Username),
  email: EmailChange,
  disabled: z.boolean().optional().meta({ description: 'A disabled user cannot log in, act or spend' }),
})

export const ManagedUser = z
  .object({ id: z.int(), username: z.string(), email: z.string(), disabled: z.boolean() })
  .meta({ id: 'ManagedUser' })

export const PasswordReset = z
  .object({ token: z.string().meta({ description: 'Works once; shown once' }), expiresAt: z.iso.datetime() })
  .meta({ id: 'PasswordReset' })

export const PasswordResetUse = z.strictObject({
  token: z.string().min(1, 'is required').max(128),
  newPassword: NewPassword.min(1, 'is required'),
})

export const PasswordSet = z.object({ id: z.int(), username: z.string() }).meta({ id: 'PasswordSet' })
