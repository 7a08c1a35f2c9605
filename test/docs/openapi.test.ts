import { expect, test, vi } from 'vitest'
import * as z from 'zod'
import packageJson from '../../package.json'
import { createApp } from '../../src/app.ts'
import { describeRoutes } from '../../src/docs/openapi.ts'
import { everyCall } from '../support/every-call.ts'
import { type Answer, type Call, insertKey, startService } from '../support/service.ts'
import { WEBSITE } from '../support/website.ts'

vi.setConfig({ testTimeout: 60_000 }) // hundreds of calls

const document: any = describeRoutes(createApp())

type Operation = { name: string; path: string; method: string; [member: string]: any }

const operations: Operation[] = Object.entries<Record<string, any>>(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    method,
    ...operation,
  })),
)
const operationNamed = (name: string) => operations.find((operation) => operation.name === name) as Operation

/** What a reference stands for. */
const resolved = (item: any): any =>
  item?.$ref
    ? item.$ref
        .slice(2)
        .split('/')
        .reduce((at: any, key: string) => at[key], document)
    : item

const parametersOf = ({ parameters = [] }: Operation): any[] => parameters.map(resolved)

test('is a public OpenAPI 3.1 document of this version, under the MIT licence', async () => {
  const { status, headers, body } = await startService().call('/openapi.json')
  expect([status, headers.get('Content-Type'), body.openapi]).toEqual([200, 'application/json', '3.1.0'])
  expect(body.info).toMatchObject({ title: 'Statkeep', version: packageJson.version, license: { identifier: 'MIT' } })
  expect(body.servers).toEqual([{ url: '/', description: expect.any(String) }])
  expect(Object.keys(body.components.securitySchemes)).toEqual(expect.arrayContaining(['bearer', 'basic']))
})

test('names every route with its methods, and no other', () => {
  const routes = createApp()
    .routes.filter(({ method, path }) => method !== 'ALL' && path !== '/docs/*') // the files of the page
    .filter(({ method, path }) => !WEBSITE.test(`${method} ${path}`))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`)
  expect(operations.map(({ name }) => name).sort()).toEqual([...new Set(routes)].sort())
})

test('gives each operation a summary, a room that is described, and a short name of its own', () => {
  const rooms = document.tags.map(({ name }: { name: string }) => name)
  for (const { name, summary, tags } of operations) {
    expect([name, typeof summary, rooms.includes(tags?.[0]), tags?.length]).toEqual([name, 'string', true, 1])
  }
  const ids = operations.map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9]{2,49}$/)
  const used = operations.flatMap(({ tags }) => tags)
  expect(rooms.filter((room: string) => !used.includes(room))).toEqual([])
})

test('names each shape in words', () => {
  for (const name of Object.keys(document.components.schemas)) expect(name).toMatch(/^[A-Z][A-Za-z]+$/)
})

test('describes each parameter, and requires those of the path', () => {
  for (const operation of operations) {
    for (const parameter of parametersOf(operation)) {
      const required = parameter.in === 'path' ? true : undefined
      expect([operation.name, parameter.name, typeof parameter.description, parameter.required]).toEqual([
        operation.name,
        parameter.name,
        'string',
        required,
      ])
    }
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const described = parametersOf(operation).filter((parameter) => parameter.in === 'path')
    expect(described.map(({ name }) => name).sort()).toEqual(inPath.sort())
  }
})

test('offers an Idempotency-Key on every POST and PATCH and on metered reads, nowhere else', () => {
  const offered = operations.filter((operation) =>
    parametersOf(operation).some(({ name }) => name === 'Idempotency-Key'),
  )
  const expected = operations.filter(
    ({ method, path }) => method === 'post' || method === 'patch' || path.startsWith('/api/v1.0/'),
  )
  expect(offered.map(({ name }) => name)).toEqual(expected.map(({ name }) => name))
  for (const { name, responses } of offered) {
    const [, success] = Object.entries<any>(responses).find(([status]) => status.startsWith('2')) ?? []
    expect([name, '400' in responses, '422' in responses, 'Idempotency-Replayed' in success.headers]).toEqual([
      name,
      true,
      true,
      true,
    ])
  }
})

test('tells every error as a problem, with an example of each code', () => {
  for (const { name, responses } of operations) {
    expect([name, '500' in responses, '503' in responses]).toEqual([name, true, true])
    for (const [status, response] of Object.entries(responses).filter(([status]) => Number(status) >= 400)) {
      const { content, headers } = resolved(response)
      expect(Object.keys(content)).toEqual(['application/problem+json'])
      const { schema, examples } = content['application/problem+json']
      expect(schema).toEqual({ $ref: '#/components/schemas/Problem' })
      expect(Object.keys(headers)).toContain('X-Request-Id')
      for (const [code, example] of Object.entries<any>(examples)) {
        expect(example.value).toMatchObject({ code, status: Number(status), type: `/problems/${code}` })
      }
    }
  }
})

test('holds for a successful call of every operation: its status, its headers, its shape', async () => {
  const { service, calls } = await everyCall()
  const called = calls.map(({ operation }) => operation)
  expect([...called].sort()).toEqual(operations.map(({ name }) => name).sort())
  for (const { operation, path, options } of calls) {
    const answer = await service.call(path, options)
    expect([operation, answer.status < 300, answer.text.slice(0, 200)]).toEqual([operation, true, expect.anything()])
    expectDocumented(operationNamed(operation), answer)
  }
})

test('holds for callers who may not: each gets what the operation lists', async () => {
  const { service, calls } = await everyCall()
  const callers: Call[] = [
    {},
    { basic: 'kicksent:wrong' },
    { basic: 'nobody:python' },
    { bearer: 'sk_nothing' },
    { bearer: 'a.b.c' },
    { headers: { Authorization: 'Nonsense' } },
    { bearer: await service.token() },
    { bearer: await insertKey(['admin']), headers: { Origin: 'https://game.example' } },
  ]
  const last = ['POST /stopServer', 'DELETE /api/sessions'] // would end what the others need
  for (const { operation, path, options } of calls.filter(({ operation }) => !last.includes(operation))) {
    const { basic: _, bearer: __, ...rest } = options
    for (const caller of callers) {
      expectDocumented(operationNamed(operation), await service.call(path, { ...rest, ...caller }))
    }
  }
})

test('holds for bodies, queries and keys that are malformed', async () => {
  const { service, calls } = await everyCall()
  const bodies: Call[] = [
    { body: { unknown: 1 } },
    { body: [] },
    { body: 'no json' },
    { body: '{}', headers: { 'Content-Type': 'text/plain' } },
    { body: 'x'.repeat(300_000) },
  ]
  const keys: Call[] = ['x'.repeat(256), ''].map((key) => ({ headers: { 'Idempotency-Key': key } }))
  const expectRefused = async (operation: Operation, path: string, options: Call) => {
    const answer = await service.call(path, options)
    expect([operation.name, answer.status >= 400]).toEqual([operation.name, true])
    expectDocumented(operation, answer)
  }
  for (const { operation: name, path, options } of calls) {
    const operation = operationNamed(name)
    const method = operation.method.toUpperCase()
    const parameters = parametersOf(operation)
    if (operation.requestBody)
      for (const wrong of bodies) await expectRefused(operation, path, { ...options, method, ...wrong })
    for (const { name } of parameters.filter((parameter) => parameter.in === 'query')) {
      await expectRefused(operation, `${path.split('?')[0]}?${name}=%00%C3`, options)
    }
    const writes = name !== 'POST /api/users/lookup' && parameters.some(({ name }) => name === 'Idempotency-Key')
    if (writes) for (const wrong of keys) await expectRefused(operation, path, { ...options, method, ...wrong })
  }
})

test('holds for paths that name nothing', async () => {
  const { service, calls } = await everyCall()
  for (const { operation: name, options } of calls.filter(({ operation }) => operation.includes('{'))) {
    const operation = operationNamed(name)
    for (const wrong of ['nothing-here', 'me', '0', '%00', '%2F', 'x'.repeat(300)]) {
      const answer = await service.call(operation.path.replace(/\{\w+\}/g, wrong), options)
      expectDocumented(operation, answer)
    }
  }
})

function expectDocumented({ name, responses }: Operation, { status, headers, body, text }: Answer): void {
  const response = resolved(responses[status])
  expect([name, status, response !== undefined], text.slice(0, 300)).toEqual([name, status, true])
  for (const header of Object.keys(response.headers)) {
    if (header !== 'Idempotency-Replayed') expect([name, header, headers.has(header)]).toEqual([name, header, true])
  }
  const [type, content] = Object.entries<any>(response.content ?? {})[0] ?? []
  if (!type) return
  expect([name, headers.get('Content-Type')]).toEqual([name, type])
  if (status >= 400)
    expect([name, status, body.code in content.examples, body.code]).toEqual([name, status, true, body.code])
  const { success, error } = schemaOf(content.schema).safeParse(body)
  expect([name, status, success], JSON.stringify(error?.issues)).toEqual([name, status, true])
}

const schemas = new Map<string, z.ZodType>()

/** A schema of the document, to check answers with. */
function schemaOf(schema: any): z.ZodType {
  const text = JSON.stringify(schema)
  const known = schemas.get(text)
  if (known) return known
  const local = (json: unknown) => JSON.parse(JSON.stringify(json).replaceAll('#/components/schemas/', '#/$defs/'))
  const made = z.fromJSONSchema({ ...local(schema), $defs: local(document.components.schemas) })
  schemas.set(text, made)
  return made
}
