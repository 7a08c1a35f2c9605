/** Runs the probe: the client as a console program. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Runtime } from '../runtimes.ts'

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

/** A player's device: where the client keeps its store, and where it finds the service. */
export type Device = { dir: string; url: string; daysOff?: number; attempt?: number; env?: Record<string, string> }

/** Everything that the probes wrote to their log, and the exceptions that they showed. */
export const written: string[] = []
/** Every folder that a probe kept its store in. */
export const folders: string[] = []

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'statkeep-probe-'))
  folders.push(folder)
  return folder
}

type Running = { child: ChildProcess; done: Promise<Outcome[]> }

export function startProbe(runtime: Runtime, device: Device, verbs: string[][], stdin = ''): Running {
  const { dir, url, daysOff = 0, attempt = 10, env = {} } = device
  const settings = ['--url', url, '--dir', dir, '--days-off', String(daysOff), '--attempt', String(attempt)]
  const words = verbs.flatMap((verb, i) => (i === 0 ? verb : [',', ...verb]))
  const [command = '', ...rest] = [...runtime.start('Statkeep.Probe.exe'), ...settings, ...words]
  const child = spawn(command, rest, { env: { ...process.env, ...runtime.env, ...env } })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.push(text)
  })
  child.stdin.on('error', () => undefined).end(stdin)
  const done = new Promise<Outcome[]>((resolve) =>
    child.on('close', () => {
      // A killed process may leave half a line.
      const lines = printed.split('\n').slice(0, -1)
      resolve(lines.filter((line) => line.startsWith('{"verb"')).map((line) => JSON.parse(line)))
    }),
  )
  return { child, done }
}

export const probe = (runtime: Runtime, device: Device, ...verbs: string[][]): Promise<Outcome[]> =>
  startProbe(runtime, device, verbs).done

export const last = (outcomes: Outcome[]): Outcome => outcomes.at(-1) as Outcome
