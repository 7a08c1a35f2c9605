/** What a migration does to rows that are there already. */
import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'

/** An empty database as it was before the migration `name`. */
async function before(name: string) {
  await reset()
  await applyD1Migrations(
    env.DB,
    env.TEST_MIGRATIONS.filter((migration) => migration.name < name),
  )
}

test('0006 leaves endpoints and their deliveries as they are, and takes the format slack', async () => {
  await before('0006_alerts_and_jobs.sql')
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO webhooks (id, url, format, events, secret, created_at) VALUES ('whk_1', 'https://a.example', 'discord', '[]', 's', 1), ('whk_2', 'https://b.example', 'standard', '[]', 's', 1)`,
    ),
    env.DB.prepare(
      `INSERT INTO deliveries (webhook_id, event_id, event, once_key, payload, created_at) VALUES ('whk_1', 'evt_1', 'job.failed', 'k', '{}', 1)`,
    ),
  ])
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await env.DB.prepare(
    `INSERT INTO webhooks (id, url, format, events, secret, created_at) VALUES ('whk_3', 'https://c.example', 'slack', '[]', 's', 1)`,
  ).run()
  const { results } = await env.DB.prepare(
    'SELECT format, (SELECT COUNT(*) FROM deliveries WHERE webhook_id = webhooks.id) AS deliveries FROM webhooks ORDER BY id',
  ).all()
  expect(results).toEqual([
    { format: 'discord', deliveries: 1 },
    { format: 'standard', deliveries: 0 },
    { format: 'slack', deliveries: 0 },
  ])
  const wrong = env.DB.prepare(`UPDATE webhooks SET format = 'teams'`).run()
  await expect(wrong).rejects.toThrow('CHECK constraint failed')
})
