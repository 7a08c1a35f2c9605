/** The table of docs/storage.md: what one call of each operation costs, at ten thousand players. */
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { type Budget, costOf } from '../bench/endpoints.ts'
import { fillWorld } from '../bench/world.ts'
import storage from '../docs/storage.md?raw'
import { splitBuckets } from '../src/leaderboards/buckets.ts'
import { everyCall } from './support/every-call.ts'
import { NOON, startService } from './support/service.ts'

const FIGURES = ['roundTrips', 'rowsRead', 'rowsWritten', 'kvReads', 'kvWrites'] as const

/** The lines of the table that begin with a call. */
const written = new Map(
  [...storage.matchAll(/^\| `((?:GET|POST|PUT|PATCH|DELETE) [^`]+)` \|([\d, |]+)\|$/gm)].map(([, operation, cells]) => [
    operation as string,
    (cells as string).split('|').map((cell) => Number(cell.replaceAll(',', ''))),
  ]),
)

const lineOf = (operation: string, figures: number[]) =>
  `| \`${operation}\` | ${figures.map((n) => n.toLocaleString('en')).join(' | ')} |`

/** Rows read differ a little by chance: random keys lie next to other keys in an index. Never more than written. */
const isAbout = (measured: number, line = 0) => measured <= line && measured >= line - Math.max(2, line / 10)

test('each operation costs what docs/storage.md says', { timeout: 60_000 }, async () => {
  await fillWorld(env.DB, { players: 10_000, now: NOON, passwordHash: '' })
  while (await splitBuckets(startService().deps())) {}
  const { service, calls } = await everyCall({ vars: { SERVER_TIMING: 'true' } })
  const bearer = await service.token()

  const measured: [string, Budget][] = []
  for (const { operation, path, options } of calls) {
    // By token where a password is not what the call is about: the password would add a round trip and a row.
    const byToken = options.basic === 'kicksent:python' && !path.startsWith('/api/token')
    const { basic: _, ...rest } = options
    // Reads the control rows, which each isolate does every few seconds, and not for the call.
    await service.call('/api/stats')
    const { status, headers, text } = await service.call(
      path.replace('sizeXp/around/kicksent', 'meleeAtkXp/around/player7').replace('/sizeXp', '/meleeAtkXp'),
      byToken ? { ...rest, bearer } : options,
    )
    expect(status, `${operation}: ${text}`).toBeLessThan(300)
    measured.push([operation, costOf(headers.get('Server-Timing'))])
  }

  const wrong = measured.filter(([operation, cost]) => {
    const line = written.get(operation)
    return !FIGURES.every((name, i) =>
      name === 'rowsRead' ? isAbout(cost[name], line?.[i]) : cost[name] === line?.[i],
    )
  })
  expect(
    wrong.map(([operation, cost]) =>
      lineOf(
        operation,
        FIGURES.map((name) => cost[name]),
      ),
    ),
  ).toEqual([])
  expect([...written.keys()]).toEqual(measured.map(([operation]) => operation))
})
