/** The processes of this machine, by `ps`: who workerd is, and how much CPU it has used. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Unmet } from './terminal.ts'

/** @throws Unmet where there is no `ps`. */
export function requireProcessList(platform: NodeJS.Platform = process.platform): void {
  if (platform === 'win32') throw new Unmet('This needs Linux or macOS. On Windows it runs in WSL.')
}

/** The workerd processes that this process started. */
export function workerds(): number[] {
  return ps('-A', '-o', 'pid=,ppid=,comm=')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, command = '']) => Number(parent) === process.pid && /(^|\/)workerd/.test(command))
    .map(([pid]) => Number(pid))
}

/** Milliseconds of CPU that a process has used, to a hundredth of a second. */
export function cpuMilliseconds(pid: number): number {
  if (process.platform !== 'linux') return readCpuTime(ps('-o', 'time=', '-p', String(pid))[0] ?? '')
  // Linux's ps has whole seconds only; see proc(5).
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** `[[days-]hours:]minutes:seconds[.hundredths]`, as `ps` writes it, in milliseconds. */
export function readCpuTime(text: string): number {
  const [clock = '', days = '0'] = text.trim().split('-').reverse()
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round((Number(days) * 86_400 + seconds) * 1000)
}

/** The process that listens on a port of this machine. @throws Unmet where `lsof` does not know it. */
export function listenerOn(port: number): number {
  try {
    const [pid] = execFileSync('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'], { encoding: 'utf8' }).split('\n')
    if (pid) return Number(pid)
  } catch {}
  throw new Unmet(`Nothing listens on port ${port}, or there is no lsof, which says what does.`)
}

function ps(...args: string[]): string[] {
  return execFileSync('ps', args, { encoding: 'utf8' }).split('\n').filter(Boolean)
}
