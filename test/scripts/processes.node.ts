import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { cpuMilliseconds, readCpuTime, requireProcessList, workerds } from '../../scripts/processes.ts'

test('reads the CPU time of ps as macOS and Linux write it', () => {
  assert.equal(readCpuTime('  0:01.23\n'), 1230)
  assert.equal(readCpuTime('12:34.56'), 754_560)
  assert.equal(readCpuTime('01:02:03'), 3_723_000)
  assert.equal(readCpuTime('1-00:00:01'), 86_401_000)
})

test('says at once where the benchmarks cannot run', () => {
  assert.throws(() => requireProcessList('win32'), /Linux or macOS/)
  requireProcessList('darwin')
  requireProcessList('linux')
})

test('finds the workerd that this process started, and no other process', async (t) => {
  if (process.platform === 'win32') return t.skip('no ps')
  const folder = mkdtempSync(join(tmpdir(), 'statkeep-workerd-'))
  const command = join(folder, 'workerd')
  copyFileSync(execFileSync('which', ['sleep'], { encoding: 'utf8' }).trim(), command)
  const [workerd, other] = [spawn(command, ['30']), spawn('sleep', ['30'])]
  try {
    await Promise.all([once(workerd, 'spawn'), once(other, 'spawn')])
    assert.deepEqual(workerds(), [workerd.pid])
    assert.ok(cpuMilliseconds(process.pid) > 0)
  } finally {
    workerd.kill()
    other.kill()
    rmSync(folder, { recursive: true, force: true })
  }
})
