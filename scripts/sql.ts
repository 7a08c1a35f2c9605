/** SQL for the scripts, through `wrangler d1 execute`: the same way to the database on this machine and to the deployed one. */
import { Unmet } from './terminal.ts'
import { applyMigrations, type Target, tryWrangler } from './wrangler.ts'

/** A value as it stands in SQL; `d1 execute` takes no parameters. */
export function quoted(value: string | number): string {
  if (typeof value === 'number') return String(value)
  if (value.includes('\0')) throw new Unmet('A text must not contain the character NUL.')
  return `'${value.replaceAll("'", "''")}'`
}

/**
 * Runs statements as one transaction and gives each one's rows. Local databases are made and migrated where there are none.
 * @throws Unmet with D1's own words.
 */
export async function execute(target: Target, statements: string): Promise<Record<string, unknown>[][]> {
  const once = () => tryWrangler(['d1', 'execute', 'statkeep', target, '--json', '--command', statements])
  let { ok, stdout, stderr } = await once()
  if (!ok && target === '--local' && /no such table/.test(stdout + stderr)) {
    await applyMigrations(target)
    ;({ ok, stdout, stderr } = await once())
  }
  if (!ok) throw new Unmet(`The database refused:\n${stdout}${stderr}`)
  const answers = JSON.parse(stdout.slice(stdout.indexOf('['))) as { results: Record<string, unknown>[] }[]
  return answers.map(({ results }) => results)
}
