/** What the scripts have in common towards the person at the terminal. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** Something that the person has to mend; shown as it is, without a stack. */
export class Unmet extends Error {}

/** Runs a script: what is unmet becomes one message and the exit code 1. */
export async function run(script: () => Promise<void>): Promise<void> {
  try {
    await script()
  } catch (error) {
    if (!(error instanceof Unmet)) throw error
    console.error(`\n${error.message.trimEnd()}`)
    process.exitCode = 1
  }
}

/** The options on the command line. @throws Unmet with the fault and `usage`. */
export function readOptions<O extends NonNullable<ParseArgsConfig['options']>>(options: O, usage: string) {
  // Without `--` before them npm keeps options to itself, and a rehearsal would become the real thing.
  const kept = Object.keys(options).find((name) => process.env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined)
  if (kept) throw new Unmet(`npm kept --${kept} to itself: write -- before the first option.\n\n${usage}`)
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new Unmet(`${error instanceof Error ? error.message.split('. ')[0] : error}.\n\n${usage}`)
  }
}

/** One line of what was done: its subject, and what became of it. */
export function tell(subject: string, outcome: string): void {
  console.log(`  ${subject.padEnd(12)}${outcome}`)
}

/** One line that is written over by the next, where somebody looks. */
export function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u{1b}[K${text ? `  ${text}` : ''}`)
}

export const count = (n: number): string => n.toLocaleString('en')
