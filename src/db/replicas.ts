/**
 * D1's read replicas, by its Sessions API (https://developers.cloudflare.com/d1/best-practices/read-replication/). A bookmark names a
 * state of the database, and later states have greater ones. A replica that is behind a bookmark waits until it has that state. Where
 * there are no replicas, all of this reads the primary.
 */
import { type Around, type Queryable, wrappedDatabase } from './wrapped.ts'

/** Told the bookmark of what was just read or written. */
export type NoteBookmark = (bookmark: string) => void

/** What is taken as a bookmark. D1 documents no more than that it is a text; a constraint, such as `first-primary`, is none. */
export const BOOKMARK = /^(?!first-)[\w-]{1,128}$/

/** The primary: each call is the first of a session of its own, which is the one that never goes to a replica. */
export function primaryDatabase(d1: Queryable | D1Database, note: NoteBookmark): Queryable {
  const newSession = () => sessionOf(d1, 'first-primary', note)
  return {
    prepare: (query) => newSession().prepare(query),
    batch: (statements) => newSession().batch(statements),
  }
}

/** The nearest replica, in the state of `bookmark` or a later one; without one, in whatever state it has. */
export const replicaDatabase = (
  d1: Queryable | D1Database,
  bookmark: string | undefined,
  note: NoteBookmark,
): Queryable => sessionOf(d1, bookmark ?? 'first-unconstrained', note)

/** The later of two bookmarks. */
export const laterBookmark = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a

function sessionOf(d1: Queryable | D1Database, start: string, note: NoteBookmark): Queryable {
  if (!('withSession' in d1)) return d1
  const session = d1.withSession(start)
  const noting: Around = async (work) => {
    const result = await work()
    const bookmark = session.getBookmark()
    if (bookmark) note(bookmark)
    return result
  }
  return wrappedDatabase(session, noting)
}
