/** The two kinds of file, as the import sees them: what they hold, what becomes of it, and the SQL for it. */
import { periodAt } from '../../src/credits/period.ts'
import { readAccountsFile } from './accounts-file.ts'
import type { Command } from './command.ts'
import { planAccounts } from './flask-credits.ts'
import { planUsers } from './flask-users.ts'
import type { ExistingUser, ImportedAccount, ImportedUser, Plan } from './plan.ts'
import { readUsersFile } from './sqlite-file.ts'
import { insertAccounts, insertUsers } from './statements.ts'

export type Source<Entry extends { origin: string; username: string }> = {
  /** Where in the file it was found. */
  table: string
  rows: number
  /** What the file has and Statkeep has no place for. */
  leftOut: string[]
  plan: (existing: ExistingUser[]) => Plan<Entry>
  /** What is going to be made, counted. */
  count: (entries: Entry[]) => [what: string, count: number][]
  statements: (entries: Entry[], now: number) => Promise<string[]>
}

export async function flaskUsers(
  path: string,
  { table, columns, withoutWal, source }: Pick<Command, 'table' | 'columns' | 'withoutWal' | 'source'>,
): Promise<Source<ImportedUser>> {
  const file = readUsersFile(path, { table, names: columns, withoutWal })
  return {
    table: file.table,
    rows: file.rows.length,
    leftOut: file.unknown.map(({ column, rows }) => `${column} (filled in ${rows} rows)`),
    plan: (existing) => planUsers(file.rows, file.columns, existing, { named: source, table: file.table }),
    count: (entries) => [
      ['new users', entries.length],
      ['… with their password', entries.filter(({ passwordHash }) => passwordHash !== null).length],
      ['… without a password', entries.filter(({ passwordHash }) => passwordHash === null).length],
      ['… who are disabled', entries.filter(({ disabled }) => disabled).length],
      ['… with a Twitch id', entries.filter(({ twitchId }) => twitchId !== null).length],
      ['stats', entries.reduce((sum, { stats }) => sum + stats.length, 0)],
    ],
    statements: async (entries, now) => insertUsers(entries, now),
  }
}

export async function flaskCredits(
  path: string,
  command: Pick<Command, 'table' | 'columns' | 'source' | 'merge' | 'weakTokens' | 'allowance'>,
): Promise<Source<ImportedAccount>> {
  const { allowance, merge, weakTokens } = command
  const file = await readAccountsFile(path, command.table, command.columns)
  return {
    table: file.table,
    rows: file.rows.length,
    leftOut: file.unknown,
    plan: (existing) =>
      planAccounts(file.rows, existing, { merge, weakTokens, named: command.source, table: file.table }),
    count: (entries) => [
      ['new users', entries.filter(({ userId }) => userId === undefined).length],
      ['users merged', entries.filter(({ userId }) => userId !== undefined).length],
      ['API keys', entries.filter(({ token }) => token !== '').length],
      ['users without a token', entries.filter(({ token }) => token === '').length],
      ['credits left over', entries.reduce((sum, { credits }) => sum + credits, 0)],
    ],
    // A new account's periods begin on the first of the month, UTC.
    statements: (entries, now) => insertAccounts(entries, { now, period: periodAt(now, 1, 'UTC'), allowance }),
  }
}
