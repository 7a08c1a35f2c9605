/** Everything that is stored about a user, for that user. */
import type { Deps } from '../deps.ts'
import { utf8 } from '../lib/bytes.ts'
import { isoTime } from '../lib/time.ts'
import { findRowsOf, listLedgerOf, type Row } from './export.store.ts'
import { noSuchUser } from './users.ts'

const TIMES = new Set(['createdAt', 'lastUsedAt', 'expiresAt', 'disabledAt', 'effectiveAt'])
const JSON_TEXTS = new Set(['payload', 'outcome', 'settled'])

/** Movements read at once. A year's ledger may be larger than an isolate's memory. */
const LEDGER_PAGE = 2000

/** One JSON object: the account, and a list for each table. @throws AppError not_found */
export async function exportUser({ db, now }: Pick<Deps, 'db' | 'now'>, userId: number): Promise<ReadableStream> {
  const { user, lists } = await findRowsOf(db, userId)
  if (!user) throw noSuchUser()
  const tables = Object.entries(lists).map(([table, rows]) => [camelCase(table), rows.map(readable)])
  const head = { exportedAt: now().toISOString(), account: readable(user), ...Object.fromEntries(tables) }

  async function* parts() {
    yield `${JSON.stringify(head).slice(0, -1)},"ledger":[`
    for (let after = 0, more = true; more; ) {
      const page = await listLedgerOf(db, userId, after, LEDGER_PAGE)
      const rows = page.map(({ at: _, ...row }) => JSON.stringify(readable(row)))
      yield (after > 0 && rows.length > 0 ? ',' : '') + rows.join(',')
      after = page.at(-1)?.at ?? after
      more = page.length === LEDGER_PAGE
    }
    yield ']}'
  }
  return streamOf(parts())
}

function streamOf(parts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(utf8(value))
    },
  })
}

/** Values as everywhere in this API: ISO 8601 for times, an empty text for what is absent, JSON as JSON. */
function readable(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      if (TIMES.has(column)) return [column, isoTime(value as number | null)]
      if (JSON_TEXTS.has(column)) return [column, JSON.parse(value as string)]
      return [column, value ?? '']
    }),
  )
}

const camelCase = (table: string) => table.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
