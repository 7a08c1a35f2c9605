/** `npm run import`: imports the users of the two Flask apps. docs/moving-in.md walks through it. */
import { writeFileSync } from 'node:fs'
import { BadFile } from './import/bad-file.ts'
import { type Command, readCommand } from './import/command.ts'
import { describe, summarise } from './import/report.ts'
import { flaskCredits, flaskUsers, type Source } from './import/sources.ts'
import { run, Unmet } from './terminal.ts'

/** How many findings of each kind the terminal shows. The report file has all. */
const MAX_SHOWN = 20

await run(async () => {
  const command = readCommand()
  const { kind, path } = command
  if (kind === 'flask-users') await importSource(await readFile(path, () => flaskUsers(path, command)), command)
  else await importSource(await readFile(path, () => flaskCredits(path, command)), command)
})

async function importSource<Entry extends { origin: string; username: string }>(
  source: Source<Entry>,
  command: Command,
): Promise<void> {
  const { kind, path, dry, remote } = command
  // Imported late, because wrangler takes seconds to load.
  const { openDatabase, readExisting } = await import('./import/database.ts')
  const database = await openDatabase({ dry, remote })
  const table = source.table && `, table ${source.table},`
  const what = `${kind} from ${path}${table} into ${database?.label ?? 'a new database on this machine'}`
  try {
    const plan = source.plan(database ? await readExisting(database) : [])
    if (dry || !database) return console.log(describe(summarise(`What would happen: ${what}`, source, plan)))
    const { writePlan } = await import('./import/write.ts')
    const summary = await writePlan(database, source, plan, `Imported: ${what}`)
    const file = `import-report-${kind}-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.txt`
    writeFileSync(file, describe(summary))
    console.log(`${describe(summary, MAX_SHOWN)}\nAll of it is in ${file}`)
  } finally {
    await database?.close()
  }
}

/** @throws Unmet, one line, for a file that cannot be imported. */
async function readFile<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof BadFile) throw new Unmet(`${path}: ${error.message}. Nothing was imported.`)
    throw error
  }
}
