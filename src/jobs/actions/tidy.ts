/** Deletes expired rows, one table in each slice, and then folds and checks the credits, one page of accounts in each slice. */
import { tidyCredits } from '../../credits/tidy.ts'
import { DAY, MINUTE, SECOND } from '../../lib/time.ts'
import { ACCESS_TOKEN_SECONDS } from '../../tokens/access-token.ts'
import { deleteEnded, type Ending } from '../tidy.store.ts'
import type { SystemAction } from './action.ts'

const ROWS_A_SLICE = 5000

/** What is deleted, and how long after its end. */
const KEPT_FOR: [Ending, number][] = [
  ['password_resets', 0],
  ['refresh_tokens', 0],
  ['sessions', 0],
  // As long as an older token may be used, and some minutes for clocks that differ.
  ['revocations', ACCESS_TOKEN_SECONDS * SECOND + 5 * MINUTE],
  ['idempotency_records', 0],
  // Longer than any billing period: while the row exists, the same alert is not sent again.
  ['delivered', 40 * DAY],
  ['dead', 90 * DAY],
]

/** `wrong` are accounts whose ledger and grants do not add up. */
type Position = { table: number; rows: number; lastAccount: number; wrong: number[] }

const START: Position = { table: 0, rows: 0, lastAccount: 0, wrong: [] }
/** More names than these help nobody. */
const MAX_NAMED = 10

export const tidy: SystemAction = {
  name: 'tidy',
  async run(deps, { cursor }) {
    const at: Position = cursor ? JSON.parse(cursor) : START
    const outcome = (rows: number) => `rows removed: ${rows}; credits tidied`
    const goOn = (next: Position) => ({ outcome: outcome(next.rows), cursor: JSON.stringify(next) })

    const kind = KEPT_FOR[at.table]
    if (kind) {
      const [what, keptFor] = kind
      const rows = await deleteEnded(deps.db, what, deps.now().getTime() - keptFor, ROWS_A_SLICE)
      return goOn({ ...at, table: at.table + (rows < ROWS_A_SLICE ? 1 : 0), rows: at.rows + rows })
    }
    const page = await tidyCredits(deps, at.lastAccount)
    const wrong = [...at.wrong, ...page.wrong].slice(0, MAX_NAMED)
    if (page.last !== undefined) return goOn({ ...at, lastAccount: page.last, wrong })
    const fault = wrong.length > 0 ? `Ledger and grants do not add up for the users ${wrong.join(', ')}.` : undefined
    return { outcome: outcome(at.rows), fault }
  },
}
