import { expect, test } from 'vitest'
import { spender } from '../support/credits.ts'
import { insertKey, startService } from '../support/service.ts'

test('fills, sells, lists and empties a dataset', async () => {
  const service = startService()
  const { key } = await spender(service)
  const admin = await insertKey(['admin'])
  const { call } = service
  const path = '/api/datasets/cities/Ünter%20Linden'
  const put = (data: unknown) => call(path, { method: 'PUT', bearer: admin, body: { data } })
  expect((await put({ population: 1 })).status).toBe(201)
  expect((await put([2, 'two', null])).status).toBe(200)
  expect((await call('/api/v1.0/cities/Ünter%20Linden', { bearer: key })).body).toEqual({
    dataset: 'cities',
    key: 'Ünter Linden',
    data: [2, 'two', null],
  })
  expect((await put(3)).status).toBe(200)
  expect((await call('/api/v1.0/cities/Ünter%20Linden', { bearer: key })).body.data).toBe(3)
  expect((await call('/api/datasets', { bearer: admin })).body.datasets).toMatchObject([
    { dataset: 'cities', entries: 1 },
  ])
  expect((await call(path, { method: 'DELETE', bearer: admin })).status).toBe(204)
  expect((await call(path, { method: 'DELETE', bearer: admin })).status).toBe(404)
  expect((await call('/api/v1.0/cities/Ünter%20Linden', { bearer: key })).status).toBe(404)
})

test('is for admins only, and refuses an invalid entry', async () => {
  const service = startService()
  const { key } = await spender(service)
  const admin = await insertKey(['admin'])
  const put = (path: string, body: unknown, bearer = admin) =>
    service.call(`/api/datasets/${path}`, { method: 'PUT', bearer, body })
  expect((await put('d/k', { data: 1 }, key)).status).toBe(403)
  expect((await put('d/k', {})).status).toBe(400)
  expect((await put('d/k', { data: 1, more: 2 })).status).toBe(400)
  expect((await put(`d/${'k'.repeat(129)}`, { data: 1 })).status).toBe(404)
  expect((await put('D/k', { data: 1 })).status).toBe(404)
  expect((await put('d/k', { data: 'x'.repeat(200_000) })).status).toBe(201)
  expect((await put('d/k', { data: 'x'.repeat(300_000) })).status).toBe(413)
})
