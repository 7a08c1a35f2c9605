import { env } from 'cloudflare:workers'
import { test } from 'vitest'
import { insertKey, startService } from '../support/service.ts'

const GIFTS = true
test('rows', async () => {
  const names: string[] = []
  const service = startService({
    database: (d1) => ({
      ...d1,
      prepare: (q: string) => { const s = d1.prepare(q); (s as any).q = q; const b = s.bind.bind(s); (s as any).bind = (...a: any[]) => { const t = b(...a); (t as any).q = q; return t }; return s },
      batch: async (st: any[]) => { const r = await d1.batch(st); for (const [i, x] of r.entries()) names.push(`${x.meta.rows_read} r ${x.meta.rows_written} w  ${st[i].q.replace(/\s+/g, ' ').slice(0, 40)} ... ${st[i].q.replace(/\s+/g, ' ').match(/(INSERT INTO|UPDATE|DELETE FROM) \w+/)?.[0] ?? ''}`); return r },
    }) as any,
  })
  const id = await service.user()
  const key = await insertKey(['credits:spend', 'metered:read', 'stats:write'], id)
  await service.call('/api/credits/spend', { bearer: key, body: { amount: 1, reason: 'x' } })
  if (GIFTS) for (let d = 0; d < 90; d++) await env.DB.prepare("INSERT INTO grants (user_id, source, source_key, amount, remaining, effective_from, expires_at, write_id) VALUES (?, 'topup', ?, 1, 1, 0, ?, '')").bind(id, 'g' + d, service.clock.now + 86400000 * (d + 1)).run()
  for (let i = 0; i < 3; i++) { names.length = 0; const r = await service.call('/api/credits/spend', { bearer: key, body: { amount: 1, reason: 'x' } }); if (i === 2) console.log(r.status, '\n' + names.join('\n')) }
  for (let i = 0; i < 3; i++) { names.length = 0; const r = await service.call('/api/users/me/stats', { method: 'PATCH', bearer: key, body: { changes: { meleeAtkXp: 5 } } }); if (i === 2) console.log(r.status, '\n' + names.join('\n')) }
})
