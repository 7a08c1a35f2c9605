import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { NEWEST_MIGRATION } from '../../src/db/schema.ts'
import { startService } from '../support/service.ts'

const paths = ['/health', '/health/', '/_ah/warmup', '/_ah/warmup/']

test.each(paths)('%s is public, in one round trip and few rows', async (path) => {
  const { call, cost } = startService()
  const { roundTrips, rowsRead, rowsWritten } = await cost(async () => {
    const { status, body, headers } = await call(path)
    expect([status, body]).toEqual([200, { status: 'ok', service: 'running' }])
    expect(headers.get('Cache-Control')).toBe('no-store')
  })
  expect([roundTrips, rowsWritten]).toEqual([1, 0])
  expect(rowsRead).toBeLessThanOrEqual(3)
})

test.each(paths)('%s answers while the service is stopped, and says so', async (path) => {
  await env.DB.exec('UPDATE service_state SET stopped_at = 1')
  const { status, body } = await startService().call(path)
  expect([status, body]).toEqual([200, { status: 'ok', service: 'stopped' }])
})

test('is 503 until the newest migration is applied', async () => {
  await env.DB.prepare('DELETE FROM d1_migrations WHERE name = ?').bind(NEWEST_MIGRATION).run()
  const { status, body, headers } = await startService().call('/health')
  expect([status, body.code]).toEqual([503, 'unavailable'])
  expect(body.detail).toContain(NEWEST_MIGRATION)
  expect(headers.get('Retry-After')).toMatch(/^\d+$/)
})

test('is 503, and logged, if the database was never migrated or does not answer', async () => {
  await env.DB.exec('DROP TABLE d1_migrations')
  const { call, logged } = startService()
  expect((await call('/health')).body).toMatchObject({ status: 503, code: 'unavailable' })
  expect(logged.map(({ level }) => level)).toContain('error')
})

test('NEWEST_MIGRATION is the newest file in migrations/', () => {
  expect(NEWEST_MIGRATION).toBe(env.TEST_MIGRATIONS.at(-1)?.name)
})
