/** SQL for the scripts, through `wrangler d1 execute`, which reaches the local database and the deployed one alike. */
import { Unmet } from './terminal.ts'
import { applyMigrations, type Target, tryWrangler } from './wrangler.ts'

/** A value as an SQL literal: `d1 execute` takes no parameters. */
export function quoted(value: string | number): string {
  if (typeof value === 'number') return String(value)
  if (value.includes('\0')) throw new Unmet('A text must not contain the character NUL.')
  return `'${value.replaceAll("'", "''")}'`
}

/** When the dev server is writing, SQLite refuses immediately. */
const MAX_TRIES = 20

/**
 * Runs statements as one transaction and returns each one's rows. Makes and migrates the local database if there is none.
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
