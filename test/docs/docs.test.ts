import { expect, test } from 'vitest'
import { explainProblem } from '../../src/docs/problems.ts'
import { type ErrorCode, PROBLEMS } from '../../src/errors.ts'
import { startService } from '../support/service.ts'

const page = async () => {
  const { text } = await startService().call('/docs')
  return { text, files: [...text.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map(([, path]) => path as string) }
}

test('shows the page with and without a trailing slash', async () => {
  const { call } = startService()
  for (const path of ['/docs', '/docs/']) {
    const { status, headers, text } = await call(path)
    expect([status, headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(text).toContain('<title>Statkeep API</title>')
  }
})

test('needs no other host: each file comes from this service, and no script stands in the page', async () => {
  const { call } = startService()
  const { text, files } = await page()
  expect(text).not.toMatch(/https?:|\/\/|<style|\sstyle=|\son\w+=/i)
  expect(text).not.toMatch(/<script(?![^>]* src=)/i)
  expect(files.sort()).toEqual([
    '/docs/start.js',
    '/docs/vendor/favicon-32x32.png',
    '/docs/vendor/swagger-ui-bundle.js',
    '/docs/vendor/swagger-ui.css',
  ])
  const types = { js: 'text/javascript', css: 'text/css', png: 'image/png' }
  for (const path of files) {
    const { status, headers, text } = await call(path)
    const type = types[path.split('.').at(-1) as keyof typeof types]
    expect([path, status, headers.get('Content-Type')?.split(';')[0]]).toEqual([path, 200, type])
    expect(text.length).toBeGreaterThan(100)
  }
  for (const path of ['/docs/vendor/LICENSE', '/docs/vendor/NOTICE']) expect((await call(path)).status).toBe(200)
  expect((await call('/docs/start.js')).text).toContain("url: '/openapi.json'")
})

test('lets the page do nothing but talk to this service', async () => {
  const { call } = startService()
  for (const path of ['/docs', '/docs/start.js', '/problems/conflict']) {
    const { headers } = await call(path)
    const policy = headers.get('Content-Security-Policy')?.split('; ')
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
      ]),
    )
    expect(policy?.join()).not.toMatch(/unsafe|https?:|\*/)
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('X-Frame-Options')).toBe('DENY')
    expect(headers.get('Referrer-Policy')).toBe('no-referrer')
  }
})

test('has no other files', async () => {
  const { call } = startService()
  for (const path of [
    '/docs/nothing',
    '/docs/vendor',
    '/docs/../wrangler.toml',
    '/docs/..%2fwrangler.toml',
    '/index.html',
  ]) {
    const { status, body } = await call(path)
    expect([path, status, body?.code]).toEqual([path, 404, 'not_found'])
  }
})

test('explains every code, as JSON or to a browser as a page', async () => {
  const { call } = startService()
  for (const code of Object.keys(PROBLEMS) as ErrorCode[]) {
    const json = await call(`/problems/${code}`)
    expect([json.status, json.headers.get('Content-Type')]).toEqual([200, 'application/json'])
    expect(json.body).toEqual(explainProblem(code))
    expect(json.body.explanation.length).toBeGreaterThan(20)

    const html = await call(`/problems/${code}/`, {
      headers: { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
    })
    expect([html.status, html.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=UTF-8'])
    expect(html.text).toContain(`<h1>${PROBLEMS[code].title}</h1>`)
    expect(html.text).not.toMatch(/<script|`/)
    for (const { headers } of [json, html]) expect(headers.get('Vary')).toBe('Accept')
    expect(html.headers.get('ETag')).not.toBe(json.headers.get('ETag'))
  }
})

test('gives JSON to who takes anything', async () => {
  const { call } = startService()
  for (const accept of ['*/*', 'application/json', 'application/json, text/html;q=0.5', 'text/plain', 'image/png']) {
    const { headers } = await call('/problems/conflict', { headers: { Accept: accept } })
    expect([accept, headers.get('Content-Type')]).toEqual([accept, 'application/json'])
  }
})

test('knows no code that is none', async () => {
  const { call } = startService()
  for (const code of ['', 'nothing', 'CONFLICT', '__proto__', 'toString', '%3Cscript%3E', 'conflict/x']) {
    const { status, headers } = await call(`/problems/${code}`, { headers: { Accept: 'text/html' } })
    expect([code, status, headers.get('Content-Type')]).toEqual([code, 404, 'application/problem+json'])
  }
})
