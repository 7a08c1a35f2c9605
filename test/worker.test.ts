/** The Worker as Cloudflare calls it: what src/index.ts exports, with the bindings of wrangler.toml. */
import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import worker from '../src/index.ts'
import { ACCESS_TOKEN_SECONDS } from '../src/tokens/access-token.ts'

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: { default: typeof worker }
    }
  }
}

const URL_OF_WORKER = 'https://statkeep.test'
const fetchWorker = (path: string, init?: RequestInit) => exports.default.fetch(`${URL_OF_WORKER}${path}`, init)

test('answers to fetch, with the real clock, randomness and limits', async () => {
  const health = await fetchWorker('/health')
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok', service: 'running' }])

  const before = Date.now()
  const made = await fetchWorker('/api/users', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  })
  const { username, password } = await made.json<{ username: string; password: string }>()
  const token = await fetchWorker('/api/token', {
    headers: { Authorization: `Basic ${btoa(`${username}:${password}`)}` },
  })
  const { expiresAt } = await token.json<{ expiresAt: string }>()
  expect(Date.parse(expiresAt)).toBeGreaterThanOrEqual((Math.floor(before / 1000) + ACCESS_TOKEN_SECONDS) * 1000)
})

test('answers unknown paths with a problem and a request id', async () => {
  const answer = await fetchWorker('/nothing')
  expect([answer.status, answer.headers.get('Content-Type')]).toEqual([404, 'application/problem+json'])
  const problem = await answer.json<{ requestId: string }>()
  expect(problem.requestId).toBe(answer.headers.get('X-Request-Id'))
})

test('runs its crons, and throws for others', async () => {
  const fire = async (cron: string) => {
    const context = createExecutionContext()
    await worker.scheduled(createScheduledController({ cron, scheduledTime: new Date() }), env, context)
    await waitOnExecutionContext(context)
  }
  await fire('* * * * *')
  await fire('0 0 1 * *')
  await expect(fire('1 2 3 4 5')).rejects.toThrow('1 2 3 4 5')
})
