/** Writes the planned users, batch by batch. It can be stopped, and started again. */
import { Unmet } from '../terminal.ts'
import { type Database, readExisting } from './database.ts'
import { type Plan, shown } from './plan.ts'
import { grouped, type Summary, summarise } from './report.ts'
import type { Source } from './sources.ts'

/** Users per transaction. With ten stats each they are some 70,000 written rows; D1 Free has 100,000 a day. */
const BATCH = 2000

const STOPPED = 130

let stopping = false

/** @returns the report. @throws Unmet if the database refuses a batch. */
export async function writePlan<Entry extends { origin: string; username: string }>(
  database: Database,
  source: Source<Entry>,
  plan: Plan<Entry>,
  title: string,
): Promise<Summary> {
  const { entries } = plan
  // Replaces the local database's own handlers, which exit without a report.
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
    // Ctrl-C also stops the local database, which then fails the current batch.
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

/** A name or email may have been taken after the plan was made. Such a user was not written. */
async function withoutLost<Entry extends { origin: string; username: string }>(
  database: Database,
  plan: Plan<Entry>,
): Promise<Plan<Entry>> {
  if (plan.entries.length === 0) return plan
  const present = new Set((await readExisting(database)).flatMap(({ origin, toppedUpFrom }) => [origin, toppedUpFrom]))
  const lost = plan.entries.filter(({ origin }) => !present.has(origin))
  const findings = lost.map(({ origin, username }) => ({
    kind: 'skipped' as const,
    row: origin.slice(0, 200),
    who: shown(username),
    what: 'the name or email was taken by somebody else just now; run the import again',
  }))
  return {
    ...plan,
    entries: plan.entries.filter(({ origin }) => present.has(origin)),
    findings: [...plan.findings, ...findings],
  }
}

function stop(): void {
  if (stopping) process.exit(STOPPED)
  stopping = true
  console.error('\nStopping after this batch. Once more stops at once.')
}

/** One line that is updated in a terminal; elsewhere a line for each tenth. */
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
