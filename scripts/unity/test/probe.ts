/** Runs the probe, the client as a console program, on Mono or on .NET 8. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OUT } from '../build.ts'

export type Outcome = Record<string, unknown> & {
  verb: string
  ok: boolean
  code?: string
  status?: number
  ms: number
  events: string[]
  pending: number
  state: string
  user?: string
}

export type Options = { dir: string; url: string; profile?: string; daysOff?: number; attempt?: number; env?: Record<string, string> }

/** Everything that the probes wrote to their log, and the exceptions that they showed. */
export const written: string[] = []

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'statkeep-probe-'))

export function startProbe(runtime: string[], options: Options, verbs: string[][], stdin = ''): { child: ChildProcess; done: Promise<Outcome[]> } {
  const { dir, url, profile = 'p', daysOff = 0, attempt = 10, env = {} } = options
  const settings = ['--url', url, '--dir', dir, '--profile', profile, '--days-off', String(daysOff), '--attempt', String(attempt)]
  const words = verbs.flatMap((verb, i) => (i === 0 ? verb : [',', ...verb]))
  const [command = '', ...rest] = [...runtime, `${OUT}/Statkeep.Probe.exe`, ...settings, ...words]
  const child = spawn(command, rest, { env: { ...process.env, ...env } })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.push(text)
  })
  child.stdin.on('error', () => undefined).end(stdin)
  const done = new Promise<Outcome[]>((resolve) =>
    child.on('close', () => resolve(printed.split('\n').filter(Boolean).map((line) => JSON.parse(line)))),
  )
  return { child, done }
}

export const probe = (runtime: string[], options: Options, ...verbs: string[][]): Promise<Outcome[]> => startProbe(runtime, options, verbs).done
