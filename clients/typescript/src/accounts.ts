/** Accounts: making them, showing them, changing one's own. */
import { type BodyOf, type Call, type CallOptions, each, type PageOptions, type UserRef } from './api.ts'
import { isProblem } from './errors.ts'
import type { createSession } from './session.ts'

type Session = ReturnType<typeof createSession>['session']

export function createAccounts(call: Call, session: Session) {
  const create = (body: BodyOf<'/api/users', 'POST'>, options?: CallOptions) =>
    call('POST', '/api/users', options, { body })
  const change = (body: BodyOf<'/api/users/me', 'PATCH'>, options?: CallOptions) =>
    call('PATCH', '/api/users/me', options, { body })
  const list = (query: PageOptions & { prefix?: string } = {}, options?: CallOptions) =>
    call('GET', '/api/users', options, { query })
  const me = (options?: CallOptions) => call('GET', '/api/users/me', options)

  return {
    /** Makes an account and does not log in. */
    signUp: (username: string, password: string, email = '', options?: CallOptions) =>
      create({ username, password, email }, options),
    /** Makes an account with a name and a password of the service's, shown this once. */
    signUpGuest: (options?: CallOptions) => create({}, options),
    me,
    get: (user: UserRef, options?: CallOptions) => call('GET', '/api/users/{user}', options, { path: { user } }),
    /** Up to 100 profiles; unknown names are left out. */
    lookUp: (usernames: string[], options?: CallOptions) =>
      call('POST', '/api/users/lookup', options, { body: { usernames } }),
    list,
    /** All user names, page after page. */
    names: ({ prefix, pageSize }: { prefix?: string; pageSize?: number } = {}, options?: CallOptions) =>
      each(
        (cursor) => list({ prefix, limit: pageSize, cursor }, options),
        ({ users }) => users,
      ),
    changeEmail: (email: string, currentPassword: string, options?: CallOptions) =>
      change({ email, currentPassword }, options),
    /** Ends every session of the account, and logs in again here. */
    changePassword: async (currentPassword: string, newPassword: string, options?: CallOptions): Promise<void> => {
      const { username } = session.user ?? (await me(options))
      await change({ currentPassword, newPassword }, options).catch((error) => {
        // A repeat after a lost answer is refused, because the first attempt ended this very session.
        if (!isProblem(error, 'unauthenticated')) throw error
      })
      await session.logIn(username, newPassword, { signal: options?.signal })
    },
    export: (options?: CallOptions) => call('GET', '/api/users/me/export', options),
    delete: async (currentPassword: string, options?: CallOptions): Promise<void> => {
      await call('DELETE', '/api/users/me', options, { body: { currentPassword } })
      await session.forget()
    },
    resetPassword: (token: string, newPassword: string, options?: CallOptions) =>
      call('POST', '/api/password-reset', options, { body: { token, newPassword } }),
  }
}
