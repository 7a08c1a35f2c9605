/** SQL for the scripts, through `wrangler d1 execute`: the same way to the database on this machine and to the deployed one. */
import { Unmet } from './terminal.ts'
import { applyMigrations, type Target, tryWrangler } from './wrangler.ts'

/** A value as it stands in SQL; `d1 execute` takes no parameters. */
export function quoted(value: string | number): string {
  if (typeof value === 'number') return String(value)
  if (value.includes('\0')) throw new Unmet('A text must not contain the character NUL.')
  return `'${value.replaceAll("'", "''")}'`
}

/** The dev server may be writing at the same moment; SQLite then refuses at once. */
const MAX_TRIES = 20

/**
 * Runs statements as one transaction and gives each one's rows. A local database is made and migrated where there is none.
 * @throws Unmet with D1's own words.
 */
export async function execute(target: Target, statements: string): Promise<Record<string, unknown>[][]> {
  for (let tries = 1; ; tries++) {
    const { ok, stdout, stderr } = await tryWrangler([
      ...['d1', 'execute', 'statkeep', target],
      ...['--json', '--command', statements],
    ])
    const printed = stdout + stderr
    if (ok) {
      const answers = JSON.parse(stdout.slice(stdout.indexOf('['))) as { results: Record<string, unknown>[] }[]
      return answers.map(({ results }) => results)
    }
    if (target === '--remote' || tries === MAX_TRIES) throw new Unmet(`The database refused:\n${printed}`)
    if (printed.includes('no such table')) await applyMigrations(target)
    else if (!printed.includes('SQLITE_BUSY')) throw new Unmet(`The database refused:\n${printed}`)
  }
}
