/** Writes what was planned, batch by batch: can be stopped, and begun again. */
import { Unmet } from '../terminal.ts'
import { type Database, readExisting } from './database.ts'
import { type Plan, shown } from './plan.ts'
import { grouped, type Summary, summarise } from './report.ts'
import type { Source } from './sources.ts'

/** Users that go into one transaction: with ten stats each, 70,000 written rows. D1 Free has 100,000 a day. */
const BATCH = 2000

const STOPPED = 130

let stopping = false

/** @returns what became of it. @throws Unmet where the database refuses a batch. */
export async function write<Entry extends { origin: string; username: string }>(
  database: Database,
  source: Source<Entry>,
  plan: Plan<Entry>,
  title: string,
): Promise<Summary> {
  const { entries } = plan
  // Instead of the local database's own way to end, which leaves no report.
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal).on(signal, stop)
  const progress = showProgress(entries.length)
  let written = 0
  try {
    while (written < entries.length && !stopping) {
      const batch = entries.slice(written, written + BATCH)
      await database.write(await source.statements(batch, Date.now()))
      written += batch.length
      progress(written)
    }
  } catch (error) {
    // Ctrl-C ends the database as well, which then refuses the batch that was on its way.
    if (!stopping) throw refused(error, written)
  }
  if (stopping) {
    process.exitCode = STOPPED
    const done = { ...plan, entries: entries.slice(0, written) }
    return summarise(
      `Stopped after ${grouped(written)} of ${grouped(entries.length)}; the same command goes on from there. ${title}`,
      source,
      done,
    )
  }
  return summarise(title, source, await withoutLost(database, plan))
}

const refused = (error: unknown, written: number) =>
  new Unmet(
    `The database refused a batch, after ${grouped(written)} users that came: ${error instanceof Error ? error.message : error}
The same command goes on from there.`,
  )

/** Somebody may have taken a name between the plan and its writing: that user did not come. */
async function withoutLost<Entry extends { origin: string; username: string }>(
  database: Database,
  plan: Plan<Entry>,
): Promise<Plan<Entry>> {
  if (plan.entries.length === 0) return plan
  const there = new Set((await readExisting(database)).flatMap(({ origin, toppedUpFrom }) => [origin, toppedUpFrom]))
  const lost = plan.entries.filter(({ origin }) => !there.has(origin))
  const findings = lost.map(({ origin, username }) => ({
    kind: 'skipped' as const,
    row: origin.slice(0, 200),
    who: shown(username),
    what: 'the name was taken by somebody else just now; run the import again',
  }))
  return {
    ...plan,
    entries: plan.entries.filter(({ origin }) => there.has(origin)),
    findings: [...plan.findings, ...findings],
  }
}

function stop(): void {
  if (stopping) process.exit(STOPPED)
  stopping = true
  console.error('\nStopping after this batch. Once more stops at once.')
}

/** One line that changes in a terminal; elsewhere a line for each tenth. */
function showProgress(total: number): (done: number) => void {
  let shown = 0
  return (done) => {
    const line = `  ${grouped(done)} of ${grouped(total)}`
    if (process.stderr.isTTY) process.stderr.write(`\r${line}${done === total ? '\n' : ''}`)
    else if (Math.floor((done * 10) / total) > shown) {
      shown = Math.floor((done * 10) / total)
      console.error(line)
    }
  }
}
