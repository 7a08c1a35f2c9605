/** Where a session is kept between page loads. */

/** What another tab or the next start needs to go on with the session. No password, no access token. */
export type StoredSession = {
  refreshToken: string
  /** The idempotency key of this token's refresh, so that everybody who reads the record sends the same request. */
  refreshKey: string
  userId: number
  username: string
}

type Awaitable<T> = T | Promise<T>

export type Store = {
  get: () => Awaitable<StoredSession | undefined>
  set: (session: StoredSession) => Awaitable<void>
  delete: () => Awaitable<void>
}

/** Forgets the session with the page or the process. */
export function memoryStore(): Store {
  let kept: StoredSession | undefined
  return {
    get: () => kept,
    set: (session) => {
      kept = session
    },
    delete: () => {
      kept = undefined
    },
  }
}

/** In the browser's localStorage, shared by all tabs. Whatever script runs on the page can read it. */
export function localStore(prefix = 'statkeep'): Store {
  const name = `${prefix}.session`
  // For a browser that refuses storage.
  const memory = memoryStore()
  return {
    get: () => {
      try {
        const kept = JSON.parse(localStorage.getItem(name) as string)
        return kept ? (kept.refreshToken && kept.refreshKey && kept.userId ? kept : undefined) : memory.get()
      } catch {
        return memory.get()
      }
    },
    set: (session) => {
      try {
        localStorage.setItem(name, JSON.stringify(session))
      } catch {
        memory.set(session)
      }
    },
    delete: () => {
      memory.delete()
      try {
        localStorage.removeItem(name)
      } catch {}
    },
  }
}
