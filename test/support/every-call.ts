/** One call that succeeds for each operation of the API, in an order in which none takes from another what it needs. */
import { type Call, insertKey, startService } from './service.ts'

export type Sample = { operation: string; path: string; options: Call }

const PYTHON = 'kicksent:python'

/** A service with a world in it, and the calls. Endpoints of alerts answer 200. */
export async function everyCall(more: Parameters<typeof startService>[0] = {}) {
  const service = startService({ fetch: async () => new Response('ok'), ...more })
  const { call, user } = service
  const bearer = await insertKey(['admin'])
  const basic = PYTHON
  await Promise.all([user(), user('second'), user('third')])
  const { body: session } = await call('/api/token', { method: 'POST', basic })
  const { body: before } = await call('/api/sessions', { basic })
  await call('/api/token', { method: 'POST', basic })
  const { body: after } = await call('/api/sessions', { basic })
  const [first] = before.sessions
  const second = after.sessions.find(({ id }: { id: string }) => id !== first.id)
  const { body: key } = await call('/api/keys', { basic, body: { name: 'mine', scopes: ['metered:read'] } })
  const { body: old } = await call('/api/keys', { basic, body: { name: 'old', scopes: ['metered:read'] } })
  const { body: reset } = await call('/api/users/third/password-reset', { method: 'POST', bearer })
  await call('/api/stats/batch', { bearer, body: { changes: [{ username: 'kicksent', stat: 'sizeXp', change: 7 }] } })
  await call('/api/datasets/banks_data/EBILAEAD', { method: 'PUT', bearer, body: { data: { name: 'Emirates NBD' } } })
  const hold = async () =>
    (await call('/api/credits/holds', { basic, body: { amount: 2, expiresInSeconds: 60 } })).body.id
  const [captured, released] = [await hold(), await hold()]
  const { body: spent } = await call('/api/credits/spend', { basic, body: { amount: 1 } })
  const endpoint = { url: 'https://example.com/alerts', events: ['credits.low'] }
  const { body: webhook } = await call('/api/webhooks', { bearer, body: endpoint })
  const { body: delivery } = await call(`/api/webhooks/${webhook.id}/test`, { method: 'POST', bearer })
  const job = {
    action: 'credits.grant',
    schedule: 'every 1d',
    payload: { amount: 1, usernames: ['kicksent'], reason: 'x' },
  }
  await call('/api/jobs/daily', { method: 'PUT', bearer, body: job })

  const calls: [operation: string, path: string, options?: Call][] = [
    ['GET /health', '/health'],
    ['GET /_ah/warmup', '/_ah/warmup'],
    ['GET /openapi.json', '/openapi.json'],
    ['GET /docs', '/docs'],
    ['GET /problems/{code}', '/problems/conflict'],
    ['GET /api/service', '/api/service', { bearer }],
    ['POST /api/users', '/api/users', { body: {} }],
    ['GET /api/users', '/api/users?limit=2'],
    ['POST /api/users/lookup', '/api/users/lookup', { body: { usernames: ['kicksent'] } }],
    [
      'POST /api/users/update',
      '/api/users/update',
      { body: { username: 'kicksent', password: 'python', email: 'a@b.c' } },
    ],
    ['GET /api/users/me', '/api/users/me', { basic }],
    [
      'PATCH /api/users/me',
      '/api/users/me',
      { method: 'PATCH', basic, body: { currentPassword: 'python', email: 'b@b.c' } },
    ],
    ['GET /api/users/me/export', '/api/users/me/export', { basic }],
    ['GET /api/resource', '/api/resource', { basic }],
    ['GET /api/users/{user}', '/api/users/kicksent'],
    ['PATCH /api/users/{user}', '/api/users/second', { method: 'PATCH', bearer, body: { email: 'c@b.c' } }],
    ['POST /api/users/{user}/password-reset', '/api/users/second/password-reset', { method: 'POST', bearer }],
    ['POST /api/password-reset', '/api/password-reset', { body: { token: reset.token, newPassword: 'python3' } }],
    ['GET /api/users/{user}/stats', '/api/users/kicksent/stats'],
    [
      'PATCH /api/users/{user}/stats',
      '/api/users/kicksent/stats',
      { method: 'PATCH', bearer, body: { changes: { sizeXp: 1 } } },
    ],
    ['GET /api/stats', '/api/stats'],
    [
      'POST /api/stats/batch',
      '/api/stats/batch',
      {
        bearer,
        body: {
          changes: [
            { username: 'kicksent', stat: 'sizeXp', change: 1 },
            { username: 'none', stat: 'x', change: 1 },
          ],
        },
      },
    ],
    ['GET /api/leaderboards/{stat}', '/api/leaderboards/sizeXp'],
    ['GET /api/leaderboards/{stat}/around/{user}', '/api/leaderboards/sizeXp/around/kicksent'],
    ['GET /api/token', '/api/token', { basic }],
    ['POST /api/token', '/api/token', { method: 'POST', basic }],
    ['POST /api/token/refresh', '/api/token/refresh', { body: { refreshToken: session.refreshToken } }],
    ['GET /api/sessions', '/api/sessions', { basic }],
    ['DELETE /api/sessions/{id}', `/api/sessions/${second.id}`, { method: 'DELETE', basic }],
    ['GET /api/keys', '/api/keys', { basic }],
    ['POST /api/keys', '/api/keys', { basic, body: { name: 'new', scopes: ['credits:spend'] } }],
    ['POST /api/keys/{id}/rotate', `/api/keys/${key.id}/rotate`, { basic, body: { overlapSeconds: 60 } }],
    ['DELETE /api/keys/{id}', `/api/keys/${old.id}`, { method: 'DELETE', basic }],
    ['GET /api/credits', '/api/credits', { basic }],
    ['GET /api/credits/ledger', '/api/credits/ledger?limit=1', { basic }],
    ['GET /api/credits/usage', '/api/credits/usage', { basic }],
    ['POST /api/credits/spend', '/api/credits/spend', { basic, body: { amount: 1, reason: 'a hat' } }],
    ['POST /api/credits/holds', '/api/credits/holds', { basic, body: { amount: 1, expiresInSeconds: 60 } }],
    ['POST /api/credits/holds/{id}/capture', `/api/credits/holds/${captured}/capture`, { basic, body: { amount: 1 } }],
    ['POST /api/credits/holds/{id}/release', `/api/credits/holds/${released}/release`, { method: 'POST', basic }],
    ['POST /api/credits/refunds', '/api/credits/refunds', { bearer, body: { id: spent.id } }],
    ['GET /api/users/{user}/credits', '/api/users/kicksent/credits', { bearer }],
    ['GET /api/users/{user}/credits/ledger', '/api/users/kicksent/credits/ledger?limit=1', { bearer }],
    ['GET /api/users/{user}/credits/usage', '/api/users/kicksent/credits/usage', { bearer }],
    ['PATCH /api/users/{user}/credits', '/api/users/kicksent/credits', { method: 'PATCH', bearer, body: { lowAt: 1 } }],
    [
      'POST /api/users/{user}/credits/grants',
      '/api/users/kicksent/credits/grants',
      { bearer, body: { amount: 1, reason: 'x' } },
    ],
    ['GET /api/v1.0/{dataset}/{key}', '/api/v1.0/banks_data/EBILAEAD', { basic }],
    ['GET /api/datasets', '/api/datasets', { bearer }],
    ['PUT /api/datasets/{dataset}/{key}', '/api/datasets/banks_data/X', { method: 'PUT', bearer, body: { data: [1] } }],
    ['DELETE /api/datasets/{dataset}/{key}', '/api/datasets/banks_data/X', { method: 'DELETE', bearer }],
    ['POST /api/webhooks', '/api/webhooks', { bearer, body: endpoint }],
    ['GET /api/webhooks', '/api/webhooks', { bearer }],
    ['GET /api/webhooks/{webhook}', `/api/webhooks/${webhook.id}`, { bearer }],
    [
      'PATCH /api/webhooks/{webhook}',
      `/api/webhooks/${webhook.id}`,
      { method: 'PATCH', bearer, body: { enabled: true } },
    ],
    ['POST /api/webhooks/{webhook}/test', `/api/webhooks/${webhook.id}/test`, { method: 'POST', bearer }],
    ['GET /api/webhooks/deliveries', '/api/webhooks/deliveries', { bearer }],
    [
      'POST /api/webhooks/deliveries/{delivery}/replay',
      `/api/webhooks/deliveries/${delivery.id}/replay`,
      { method: 'POST', bearer },
    ],
    ['DELETE /api/webhooks/{webhook}', `/api/webhooks/${webhook.id}`, { method: 'DELETE', bearer }],
    ['GET /api/jobs', '/api/jobs', { bearer }],
    ['GET /api/jobs/{id}', '/api/jobs/daily', { bearer }],
    ['PUT /api/jobs/{id}', '/api/jobs/daily', { method: 'PUT', bearer, body: { ...job, enabled: false } }],
    ['POST /api/jobs/{id}/run', '/api/jobs/daily/run', { method: 'POST', bearer }],
    ['DELETE /api/jobs/{id}', '/api/jobs/daily', { method: 'DELETE', bearer }],
    ['DELETE /api/sessions', '/api/sessions', { method: 'DELETE', basic }],
    [
      'DELETE /api/users/me',
      '/api/users/me',
      { method: 'DELETE', basic: 'second:python', body: { currentPassword: 'python' } },
    ],
    ['DELETE /api/users/{user}', '/api/users/third', { method: 'DELETE', bearer }],
    ['POST /stopServer', '/stopServer', { method: 'POST', bearer }],
    ['POST /startServer', '/startServer', { method: 'POST', bearer }],
  ]
  return { service, calls: calls.map(([operation, path, options = {}]): Sample => ({ operation, path, options })) }
}
