/** Runs wrangler, through which the scripts reach databases and Cloudflare. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { experimental_readRawConfig, getPlatformProxy } from 'wrangler'
import type { Env } from '../src/env.ts'
import { Unmet } from './terminal.ts'

const WRANGLER = fileURLToPath(import.meta.resolve('wrangler'))

/** Starts it without a terminal, so that it asks no questions. Its output is piped. */
export function startWrangler(args: string[]): ChildProcessByStdio<null, Readable, Readable> {
  const child = spawn(process.execPath, ['--no-warnings', WRANGLER, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.setEncoding('utf8')
  child.stderr.setEncoding('utf8')
  return child
}

export type Run = { ok: boolean; stdout: string; stderr: string }

/** Runs it to its end. `show` passes its output on as it comes. */
export async function tryWrangler(args: string[], { show = false } = {}): Promise<Run> {
  const child = startWrangler(args)
  const run = { ok: false, stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (text: string) => {
      run[stream] += text
      if (show) process[stream].write(text)
    })
  }
  run.ok = await new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve(code === 0)))
  return run
}

/** The same, and what it printed. @throws Unmet with wrangler's own words when it fails. */
export async function wrangler(args: string[], options: { show?: boolean } = {}): Promise<string> {
  const { ok, stdout, stderr } = await tryWrangler(args, options)
  if (!ok) throw new Unmet(`wrangler ${args.slice(0, 3).join(' ')} failed:\n${options.show ? '' : stdout + stderr}`)
  return stdout
}

export type Target = '--local' | '--remote'

/** Brings the database up to the newest migration. @returns how many were applied. */
export async function applyMigrations(target: Target): Promise<number> {
  const printed = await wrangler(['d1', 'migrations', 'apply', 'statkeep', target])
  return new Set(printed.match(/\d{4}_\w+\.sql(?=\s*│ ✅)/g)).size
}

/** wrangler.toml without what only `wrangler dev` can run: at a Durable Object, workerd complains. @returns the file. */
function writeBindings(): string {
  const { rawConfig } = experimental_readRawConfig({ config: 'wrangler.toml' })
  const bindings = { ...rawConfig }
  for (const name of ['durable_objects', 'migrations', 'main', 'build', 'assets'] as const) delete bindings[name]
  const file = '.wrangler/bindings.json'
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(bindings))
  return file
}

/** The Worker's bindings and variables on this machine, on the same files as `wrangler dev`. */
export async function openLocal() {
  process.env.WRANGLER_LOG = 'error'
  const local = await getPlatformProxy<Env>({
    configPath: writeBindings(),
    envFiles: [resolve('.dev.vars')],
    persist: { path: resolve('.wrangler/state/v3') },
  })
  delete process.env.WRANGLER_LOG
  return local
}
