import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { test } from 'vitest'
import { compile } from '../../src/db/client.ts'
import { noteEvents } from '../../src/alerts/outbox.ts'
import { charges } from '../../src/credits/charge.store.ts'
import { startService } from '../support/service.ts'
test('rows', async () => {
  const service = startService()
  await service.user()
  const source = sql`SELECT 1 AS user_id, 'k' AS once_key, json_object('x', 1) AS data`
  const [c] = compile([noteEvents({ event: 'credits.low', eventId: 'a', source, now: 1 })])
  const r = await env.DB.prepare(c!.sql).bind(...c!.params).run()
  console.log('simple', r.meta.rows_read)
  const [d] = compile([charges.statements.low!.statement.inlineParams()])
  const text = d!.sql
  const item = JSON.stringify([{ userId: 1, version: 0, periodStart: 0, periodEnd: 9e12, defaultAllowance: 100, txn: 'a', startedAt: 1, now: 1, writeId: 'x:0', cost: 1, kind: 'spend', operation: '', reason: '', expiresAt: 0, sold: '', authority: { kind: 'user', userId: 1, version: 1 } }])
  const s = await env.DB.prepare(text).bind(item).run()
  console.log('low', s.meta.rows_read)
  const { results } = await env.DB.prepare('EXPLAIN QUERY PLAN ' + text).bind(item).all()
  console.log(results.map((x: any) => `${x.id} ${x.parent} ${x.detail}`).join('\n'))
})
