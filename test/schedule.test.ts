import { expect, test } from 'vitest'
import { CRONS } from '../src/schedule.ts'
import wranglerToml from '../wrangler.toml?raw'
import { fireCron } from './support/cron.ts'
import { NOON } from './support/service.ts'

const now = () => new Date(NOON)

test('has the cron lines of wrangler.toml, and no others', () => {
  const [, list = ''] = /^crons = \[(.*)\]$/m.exec(wranglerToml) ?? []
  const lines = [...list.matchAll(/"([^"]+)"/g)].map(([, line]) => line)
  expect(lines).toEqual(['* * * * *', '0 0 1 * *'])
  expect([...CRONS.keys()]).toEqual(lines)
})

test('throws for an unknown line', async () => {
  for (const cron of ['0 0 * * *', '', 'toString']) {
    await expect(fireCron({ now }, { cron })).rejects.toThrow('Nothing is planned')
  }
})

test.each([...CRONS.keys()])('the line %s fires', async (cron) => {
  expect((await fireCron({ now }, { cron })).roundTrips).toBeGreaterThan(1)
})
