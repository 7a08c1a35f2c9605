/** Who is logged in: the access token in memory, the rest in the store, and one refresh at a time for everybody who waits. */
import type { Call, CallOptions } from './api.ts'
import { StatkeepError } from './errors.ts'
import { type Outside, orAbort } from './outside.ts'
import type { Store, StoredSession } from './store.ts'
import type { Credentials } from './transport.ts'

export type User = { id: number; username: string }
type Listeners = {
  /** Somebody logged in or out. */
  change: (user: User | undefined) => void
  /** The session is over and nobody here asked for it: `revoked` by the service, or `logged_out` in another tab. */
  ended: (reason: 'revoked' | 'logged_out') => void
}

/** For the other tab's record to arrive in this one. */
const SETTLE_MS = 250
const MAX_RECORDS_TRIED = 3

/** `btoa` takes Latin-1 only, and names and passwords are UTF-8. */
export const basic = (username: string, password: string) =>
  `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${username}:${password}`)))}`

export function createSession(getCall: () => Call, { sleep, newKey }: Outside, store: Store) {
  const listeners = { change: new Set<Listeners['change']>(), ended: new Set<Listeners['ended']>() }
  let user: User | undefined
  let access: string | undefined
  let isReplay = false
  let refreshing: Promise<void> | undefined

  // Not awaited: a listener may call the client.
  const tell = <Value>(heard: Set<(value: Value) => void>, value: Value) => {
    for (const listener of heard) queueMicrotask(() => listener(value))
  }

  const become = (record?: StoredSession, token?: string) => {
    access = token
    if (user?.id !== record?.userId) {
      user = record && { id: record.userId, username: record.username }
      tell(listeners.change, user)
    }
    return user
  }

  const finish = (reason: 'revoked' | 'logged_out') => {
    become()
    tell(listeners.ended, reason)
  }

  const settled = () => sleep(SETTLE_MS).then(store.get)

  const refreshFromStore = async (): Promise<void> => {
    for (let tried = 0; tried < MAX_RECORDS_TRIED; tried++) {
      const sent = await store.get()
      if (!sent) {
        if (user) finish('logged_out')
        return
      }
      // Another tab logged in as somebody else. What was meant for the first must not be sent for the second.
      if (user && sent.userId !== user.id) return void become(sent)
      let token: string | undefined
      let next = ''
      try {
        const options = { idempotencyKey: sent.refreshKey }
        const body = { refreshToken: sent.refreshToken }
        const pair = await getCall()('POST', '/api/token/refresh', options, { body }, (headers) => {
          isReplay = headers.has('idempotency-replayed')
        })
        token = pair.token
        next = pair.refreshToken
      } catch (thrown) {
        if (!(thrown instanceof StatkeepError) || thrown.status !== 401) throw thrown
      }
      let held = await store.get()
      const isAsSent = () => held?.refreshToken === sent.refreshToken
      if (!token) {
        if (isAsSent()) held = await settled()
        if (!isAsSent()) continue
        await store.delete()
        return finish('revoked')
      }
      // The tab that got the first answer writes the record, so that all have the same key for the next refresh.
      if (isReplay && isAsSent()) held = await settled()
      if (isAsSent()) await store.set({ ...sent, refreshToken: next, refreshKey: newKey() })
      else if (held?.refreshToken !== next) continue
      return void become(sent, token)
    }
  }

  const refreshOnce = () => {
    refreshing ??= refreshFromStore().finally(() => {
      refreshing = undefined
    })
    return refreshing
  }

  const credentials: Credentials = {
    token: async (signal) => {
      if (!access && (await store.get())) await orAbort(signal, refreshOnce())
      return access
    },
    renew: async (used, signal) => {
      const before = user?.id
      if (!access || access === used) {
        access = undefined
        await orAbort(signal, refreshOnce())
      }
      return access && access !== used && user?.id === before ? (isReplay ? 'replay' : 'new') : undefined
    },
  }

  const session = {
    get user() {
      return user
    },

    logIn: async (username: string, password: string, options: CallOptions = {}): Promise<User> => {
      const { token, refreshToken } = await getCall()('POST', '/api/token', options, {
        headers: { authorization: basic(username, password) },
      })
      const me = await getCall()('GET', '/api/users/me', options, {
        headers: { authorization: `Bearer ${token}` },
      })
      const record = { refreshToken, refreshKey: newKey(), userId: me.id, username: me.username }
      await store.set(record)
      isReplay = false
      return become(record, token) as User
    },

    /** Takes up the stored session. Needs no network: the first call that needs a token gets it. */
    restore: async (): Promise<User | undefined> => become(await store.get(), access),

    refresh: ({ signal }: CallOptions = {}) => orAbort(signal, refreshOnce()),

    /** Forgets the session here in any case, and throws where the service could not be told. */
    logOut: async (options: CallOptions = {}): Promise<void> => {
      try {
        if (!(await store.get())) return
        const { sessions } = await session.list(options)
        const own = sessions.find(({ current }) => current)
        if (own) await session.end(own.id, options)
      } finally {
        await session.forget()
      }
    },

    /** Here only: the service is not told. */
    forget: async (): Promise<void> => {
      await store.delete()
      become()
    },

    list: (options?: CallOptions) => getCall()('GET', '/api/sessions', options),
    end: (id: string, options?: CallOptions) => getCall()('DELETE', '/api/sessions/{id}', options, { path: { id } }),
    endAll: async (options?: CallOptions): Promise<void> => {
      await getCall()('DELETE', '/api/sessions', options)
      await session.forget()
    },

    /** @returns what ends it. */
    on: <Name extends keyof Listeners>(name: Name, listener: Listeners[Name]): (() => void) => {
      const set = listeners[name] as Set<Listeners[Name]>
      set.add(listener)
      return () => set.delete(listener)
    },
  }
  return { session, credentials }
}
