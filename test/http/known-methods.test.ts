import { expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { startService } from '../support/service.ts'

test('answers a wrong method with 405 and Allow', async () => {
  const { call } = startService()
  const wrong = [
    ['PUT', '/api/users', 'GET, HEAD, POST'],
    ['DELETE', '/api/users/', 'GET, HEAD, POST'],
    ['POST', '/api/users/kicksent', 'DELETE, GET, HEAD, PATCH'],
    ['POST', '/openapi.json', 'GET, HEAD'],
    ['GET', '/stopServer', 'POST'],
    ['GET', '/api/users/update/', 'POST'],
    ['PATCH', '/api/users/update', 'POST'],
    ['DELETE', '/api/users/lookup', 'POST'],
    ['DELETE', '/api/webhooks/deliveries', 'GET, HEAD'],
    ['HEAD', '/api/password-reset', 'POST'],
    ['PROPFIND', '/api/users', 'GET, HEAD, POST'],
  ] as const
  for (const [method, path, allow] of wrong) {
    const { status, headers } = await call(path, { method })
    expect([method, path, status, headers.get('Allow')?.split(', ').sort().join(', ')]).toEqual([
      method,
      path,
      405,
      allow,
    ])
  }
})

test('answers 405, not 404, on each path without parameters', async () => {
  const { call } = startService()
  const paths = new Set(createApp().routes.map(({ path }) => path))
  for (const path of [...paths].filter((one) => !/[:*]/.test(one))) {
    const { status, headers } = await call(path, { method: 'PROPFIND' })
    expect([path, status, headers.has('Allow')]).toEqual([path, 405, true])
  }
})
