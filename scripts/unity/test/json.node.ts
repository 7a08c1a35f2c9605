/** The client's JSON reader takes what JSON.parse takes, and reads it as JSON.parse and Json.NET do. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { chances } from '../../torture/chances.ts'
import { mono, net, type Runtime } from '../runtimes.ts'

const DOCUMENTS = 100_000
const chance = chances(20)
const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T

const NUMBERS = [
  '0',
  '-0',
  '7',
  '-12',
  '9007199254740991',
  '-9007199254740993',
  '9223372036854775807',
  '1.5',
  '-0.25',
].concat(['1e3', '1E-2', '123456789012345678', '9223372036854775808', '0.1', '2.5e-8', '1e400', '3.141592653589793'])
const TEXTS = [
  '',
  'a',
  'meleeAtkXp',
  'pässwörd🔑',
  '\\"',
  '\\\\',
  '\\/',
  '\\n\\t\\b\\f\\r',
  '\\u0041',
  '\\ud83d\\ude00',
  '\\u0000',
].concat(['2026-11-26T00:00:00Z', '/Date(1)/', '__proto__', 'a.b', ' x '])
const BLANKS = ['', '', '', ' ', '\n', '\t', '\r\n']

function value(depth: number): string {
  const kind = chance()
  if (depth > 4 || kind < 0.35) return pick([pick(NUMBERS), `"${pick(TEXTS)}"`, 'true', 'false', 'null'])
  const parts = Array.from({ length: Math.floor(chance() * 4) }, (_, i) => {
    const inner = `${pick(BLANKS)}${value(depth + 1)}${pick(BLANKS)}`
    // No name twice: V8 mixes values up where an escaped name comes again.
    return kind < 0.7 ? `${pick(BLANKS)}"${pick(TEXTS)}${i}"${pick(BLANKS)}:${inner}` : inner
  })
  return kind < 0.7 ? `{${parts.join(',')}}` : `[${parts.join(',')}]`
}

/** A third is broken by a change of one character, which may leave it right. */
function document(): string {
  const text = value(0)
  if (chance() > 0.33) return text
  const at = Math.floor(chance() * (text.length + 1))
  const insert = pick([
    '',
    '"',
    '{',
    ']',
    ',',
    ':',
    '\\',
    '0',
    '.',
    '-',
    'e',
    '+',
    't',
    "'",
    '/',
    '\u0001',
    '\u00a0',
    '//x\n',
  ])
  return text.slice(0, at) + insert + text.slice(at + Math.floor(chance() * 2))
}

const documents = Array.from({ length: DOCUMENTS }, () => document().toWellFormed())

/** What a program prints for each document. Whether a zero has a sign is left out: Mono does not keep it. */
function read(runtime: Runtime, program: string, texts: string[]): string[] {
  const [command = '', ...rest] = [...runtime.start(program), 'json']
  const input = texts.map(encodeURIComponent).join('\n')
  const { stdout } = spawnSync(command, rest, { input, encoding: 'utf8', maxBuffer: 1e9 })
  return stdout.replaceAll('8000000000000000', '0000000000000000').split('\n').slice(0, texts.length)
}

const REFUSED = Symbol('refused')

/** What JSON.parse makes of it. */
function expected(text: string): unknown {
  try {
    return each(JSON.parse(text), (value) => (value === 0 ? 0 : value))
  } catch {
    return REFUSED
  }
}

/** What a program printed, with numbers put together from their bits. */
function shown(line: string): unknown {
  if (line === 'refused') return REFUSED
  return each(JSON.parse(line), (value) => {
    const { bits } = (value ?? {}) as { bits?: unknown }
    return typeof bits === 'string' ? Buffer.from(bits, 'hex').readDoubleBE() : value
  })
}

/** Each value changed, from the outside in. */
function each(value: unknown, change: (value: unknown) => unknown): unknown {
  const changed = change(value)
  if (typeof changed !== 'object' || changed === null) return changed
  if (Array.isArray(changed)) return changed.map((item) => each(item, change))
  return Object.fromEntries(Object.entries(changed).map(([name, member]) => [name, each(member, change)]))
}

const oracles = { [mono.name]: 'oracle-mono', [net.name]: 'oracle-net' }

for (const runtime of [mono, net]) {
  const ours = read(runtime, 'Statkeep.Probe.exe', documents)

  test(`reads 100,000 documents as JSON.parse does, on ${runtime.name}`, () => {
    let right = 0
    documents.forEach((text, i) => {
      const wanted = expected(text)
      if (wanted !== REFUSED) right++
      assert.deepEqual(shown(ours[i] ?? ''), wanted, text)
    })
    assert.ok(right > DOCUMENTS / 2 && right < DOCUMENTS * 0.95, `${right} are right`)
  })

  test(`reads them as Json.NET does, whole numbers to the last digit, on ${runtime.name}`, () => {
    const theirs = read(runtime, join(oracles[runtime.name] ?? '', 'Oracle.exe'), documents)
    documents.forEach((text, i) => {
      if (ours[i] === 'refused' || theirs[i] === 'refused') return
      // Half a surrogate pair does not come through a pipe.
      if (/\\ud[89a-f]/.test(ours[i] ?? '')) return
      // To Json.NET 1e3 is no whole number.
      const digits = /"long":-?\d+,/g
      const isWhole = (line = '') => line.match(digits)?.length
      const [a = '', b = ''] = [ours[i], theirs[i]].map((line) =>
        isWhole(ours[i]) === isWhole(theirs[i]) ? line : line?.replaceAll(digits, ''),
      )
      assert.deepEqual(JSON.parse(a), JSON.parse(b), text)
    })
  })

  test(`refuses a depth of a thousand without overflowing the stack, on ${runtime.name}`, () => {
    const deep = ['['.repeat(1000) + ']'.repeat(1000), '{"a":'.repeat(1e5), `${'['.repeat(100)}${']'.repeat(100)}`]
    const lines = read(runtime, 'Statkeep.Probe.exe', deep)
    assert.deepEqual(
      lines.map((line) => line.slice(0, 7)),
      ['refused', 'refused', '[[[[[[['],
    )
  })
}
