/** Before each test: an empty, migrated database. */
import { applyD1Migrations, type D1Migration, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach } from 'vitest'
import type { Env } from '../../src/env.ts'

declare global {
  namespace Cloudflare {
    interface Env extends ServiceEnv {
      TEST_MIGRATIONS: D1Migration[]
      REPLICA: D1Database
    }
  }
}
type ServiceEnv = Env

beforeEach(async () => {
  // reset() spares what sleeps, and between two files the database may have fallen asleep.
  await Promise.all([env.DB.prepare('SELECT 1').run(), env.CACHE.get('awake')])
  await reset()
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
})
