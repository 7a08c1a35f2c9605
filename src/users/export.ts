/** Everything that is kept about a user, for that user. */
import type { Deps } from '../deps.ts'
import { isoTime } from '../lib/time.ts'
import { findEverythingOf } from './export.store.ts'
import { noSuchUser } from './users.ts'

const isTime = (column: string) => /(At|From)$/.test(column)

/** Lists by table name, times as ISO 8601. @throws AppError not_found */
export async function exportUser({ db, now }: Pick<Deps, 'db' | 'now'>, userId: number) {
  const { account, ...lists } = await findEverythingOf(db, userId)
  const [user] = account ?? []
  if (!user) throw noSuchUser()
  return { exportedAt: now().toISOString(), account: readable(user), ...mapValues(lists, (rows) => rows.map(readable)) }
}

const mapValues = <A, B>(object: Record<string, A>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))

/** As clients of this API know values: ISO 8601 for times, an empty text for what is absent, JSON as such. */
function readable(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      if (isTime(column)) return [column, isoTime(value as number | null)]
      if (column === 'payload' || column === 'outcome') return [column, JSON.parse(value as string)]
      return [column, value ?? '']
    }),
  )
}
