/** What the tests' programs run on. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { OUT } from './build.ts'
import { CACHE, toolchain } from './toolchain.ts'

export type Runtime = {
  name: string
  /** Starts one of the programs in `dist/unity`. */
  start: (program: string) => string[]
  env?: Record<string, string>
}

/** What the client and the probe need of the framework. */
const FRAMEWORK = ['mscorlib', 'System', 'System.Core', 'System.Net.Http', 'System.Numerics', 'System.Xml']
  .concat(['System.Configuration', 'System.Security', 'Mono.Security'])
  .map((name) => `${name}.dll`)
const AHEAD = join(OUT, 'ahead')

export const mono: Runtime = { name: 'Mono', start: (program) => ['mono', join(OUT, program)] }
let onNet: string[] | undefined
export const net: Runtime = {
  name: '.NET 8',
  start: (program) => {
    onNet ??= toolchain().net
    return [...onNet, join(OUT, program)]
  },
}
/** Nothing can be compiled while it runs, as on IL2CPP. */
export const ahead: Runtime = {
  name: 'Mono, compiled ahead of time',
  start: (program) => ['mono', '--full-aot', join(AHEAD, program)],
  get env() {
    return { MONO_PATH: `${resolve(AHEAD)}:${framework()}` }
  },
}

/** Compiles the probe ahead of time. The framework's part takes 15 seconds, once. */
export function compileAhead(): void {
  const folder = framework()
  if (!existsSync(folder)) {
    const making = `${folder}.making`
    rmSync(making, { recursive: true, force: true })
    mkdirSync(making, { recursive: true })
    for (const file of FRAMEWORK) copyFileSync(join('/usr/lib/mono/4.5', file), join(making, file))
    compile(making, FRAMEWORK, making)
    renameSync(making, folder)
  }
  mkdirSync(AHEAD, { recursive: true })
  const own = ['Statkeep.dll', 'Statkeep.Server.dll', 'Statkeep.Probe.exe']
  for (const file of own) copyFileSync(join(OUT, file), join(AHEAD, file))
  compile(AHEAD, own, `${resolve(AHEAD)}:${folder}`)
}

function compile(folder: string, files: string[], path: string): void {
  for (const file of files)
    execFileSync('mono', ['--aot=full', file], { cwd: folder, env: { ...process.env, MONO_PATH: path }, stdio: 'pipe' })
}

function framework(): string {
  const version = execFileSync('mono', ['--version'], { encoding: 'utf8' })
  return join(CACHE, `ahead-${createHash('sha256').update(version).digest('hex').slice(0, 12)}`)
}
