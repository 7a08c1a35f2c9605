/** A ledger as a file for a spreadsheet. */
import { showLedger } from '../credits/credits.ts'
import type { Deps } from '../deps.ts'
import type { Ctx } from '../http/context.ts'
import { asCsv } from './csv.ts'

/** The newest movements that one file has. */
export const MAX_ROWS = 5000

const COLUMNS = ['time', 'id', 'kind', 'operation', 'reason', 'credits', 'left']

async function ledgerCsv(deps: Pick<Deps, 'db'>, userId: number): Promise<string> {
  const { entries } = await showLedger(deps, userId, undefined, MAX_ROWS)
  const rows = entries.map((e) => [e.createdAt, e.id, e.kind, e.operation, e.reason, e.amount, e.balanceAfter])
  return asCsv([COLUMNS, ...rows])
}

export async function sendLedger(c: Ctx, { id, username }: { id: number; username: string }): Promise<Response> {
  return c.body(await ledgerCsv(c.var.deps, id), 200, {
    'Content-Type': 'text/csv; charset=UTF-8',
    'Content-Disposition': `attachment; filename="${username}-ledger.csv"`,
  })
}
