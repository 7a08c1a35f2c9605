/** `npm run import`: brings the users of the two Flask apps over. docs/moving-in.md walks through it. */
import { writeFileSync } from 'node:fs'
import { BadFile } from './import/bad-file.ts'
import { type Command, readCommand } from './import/command.ts'
import { describe, summarise } from './import/report.ts'
import { flaskCredits, flaskUsers, type Source } from './import/sources.ts'
import { run, Unmet } from './terminal.ts'

/** Findings of a kind that a terminal shows; the report has them all. */
const MAX_SHOWN = 20

await run(async () => {
  const command = readCommand()
  const { kind, path } = command
  if (kind === 'flask-users') await bringOver(await readFile(path, () => flaskUsers(path, command)), command)
  else await bringOver(await readFile(path, () => flaskCredits(path, command)), command)
})

async function bringOver<Entry extends { origin: string; username: string }>(
  source: Source<Entry>,
  command: Command,
): Promise<void> {
  const { kind, path, dry, remote } = command
  // Not before the file was read: wrangler takes seconds to load.
  const { openDatabase, readExisting } = await import('./import/database.ts')
  const database = await openDatabase({ dry, remote })
  const table = source.table && `, table ${source.table},`
  const what = `${kind} from ${path}${table} into ${database?.label ?? 'a new database on this machine'}`
  try {
    const plan = source.plan(database ? await readExisting(database) : [])
    if (dry || !database) return console.log(describe(summarise(`What would happen: ${what}`, source, plan)))
    const { write } = await import('./import/write.ts')
    const summary = await write(database, source, plan, `Imported: ${what}`)
    const file = `import-report-${kind}-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.txt`
    writeFileSync(file, describe(summary))
    console.log(`${describe(summary, MAX_SHOWN)}\nAll of it is in ${file}`)
  } finally {
    await database?.close()
  }
}

/** @throws Unmet in one line for a file that cannot be imported. */
async function readFile<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof BadFile) throw new Unmet(`${path}: ${error.message}. Nothing was imported.`)
    throw error
  }
}
