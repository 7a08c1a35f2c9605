/** What the scripts share: reading options, and talking to the person at the terminal. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** Something that the person has to fix. Its message is shown without a stack. */
export class Unmet extends Error {}

/** Runs a script. An `Unmet` becomes one message and the exit code 1. */
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
  refuseKeptOptions(Object.keys(options), usage)
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new Unmet(`${error instanceof Error ? error.message.split('. ')[0] : error}.\n\n${usage}`)
  }
}

/**
 * Without `--` before them npm keeps options to itself, and a rehearsal would become the real thing. PowerShell swallows a
 * bare `--`. npm takes `--no-demo` as `--demo` set to false.
 * @throws Unmet that says how to write it.
 */
export function refuseKeptOptions(names: string[], usage: string): void {
  const kept = names.find((name) =>
    [name, name.replace(/^no-/, '')].some((own) => process.env[`npm_config_${own.replaceAll('-', '_')}`] !== undefined),
  )
  if (kept) throw new Unmet(`npm kept --${kept} to itself: write -- before it, and in PowerShell '--'.\n\n${usage}`)
}

/** One line of what was done: its subject, and what became of it. */
export function tell(subject: string, outcome: string): void {
  console.log(`  ${subject.padEnd(12)}${outcome}`)
}

/** One line that the next one replaces, if this is a terminal. An empty one clears it. */
export function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u{1b}[K${text ? `  ${text}` : ''}`)
}

export const count = (n: number): string => n.toLocaleString('en')
