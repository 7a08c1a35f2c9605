/** A change of the API that the client does not know is found here, and named. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { contractOf, type Document, driftOf, readModel } from '../api-model.ts'
import { PACKAGE } from '../build.ts'
import { CONTRACT, currentDocument, GENERATED, generate } from '../generate.ts'

const known: string[] = JSON.parse(readFileSync(CONTRACT, 'utf8'))

function driftAfter(change: (document: Document) => void): string[] {
  const document = currentDocument()
  change(document)
  return driftOf(known, contractOf(readModel(document)))
}

test('knows every call and field of the API, and the API has every one that it knows', () => {
  assert.deepEqual(
    driftAfter(() => undefined),
    [],
  )
})

test('the generated code is up to date: if not, run node scripts/unity/generate.ts', () => {
  for (const [name, text] of Object.entries(generate(readModel(currentDocument()))))
    assert.equal(readFileSync(`${GENERATED}/${name}`, 'utf8'), text, name)
})

test('makes each call that it knows, and no other', () => {
  const code = globSync(`${PACKAGE}/Runtime/**/*.cs`)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  // Such as "/api/users/" + Call.Part(user) + "/stats".
  const paths = [...code.matchAll(/"\/api\/[^"]*"(?: \+ (?:Call\.Part\([\w.]+\)|userId|"\/[^"]*"))*/g)]
    .map(([expression]) => expression.replace(/Call\.Part\([\w.]+\)|userId/g, '"{}"').replaceAll('" + "', ''))
    .map((text) => text.slice(1, -1).replace(/\?.*/, ''))
    // The start of a path, to compare with.
    .filter((path) => path !== '/api/users/')
  const calls = known.filter((line) => line.startsWith('call ')).map((line) => line.split(' ')[2] ?? '')
  assert.deepEqual([...new Set(paths)].sort(), [...new Set(calls.map((path) => path.replace(/{\w+}/g, '{}')))].sort())
})

const changes: [what: string, change: (document: Document) => void, drift: string[]][] = [
  [
    'a new field of an answer',
    ({ components: { schemas } }) => {
      Object.assign(schemas.Spent?.properties ?? {}, { tax: { type: 'integer' } })
      schemas.Spent?.required?.push('tax')
    },
    ['The API has, and the client does not know: answer Spent.tax: long'],
  ],
  [
    'a field that is gone',
    ({ components: { schemas } }) => delete schemas.Spent?.properties?.balance,
    ['The client knows, and the API no longer has: answer Spent.balance: long'],
  ],
  [
    'a new field of a body',
    ({ paths }) => {
      const body = paths['/api/credits/spend']?.post?.requestBody?.content['application/json'].schema
      for (const form of [body, ...(body?.oneOf ?? [])])
        Object.assign(form?.properties ?? {}, { tip: { type: 'integer' } })
    },
    ['The API has, and the client does not know: body Spend.tip: long (optional)'],
  ],
  [
    'a new call',
    ({ paths }) => {
      paths['/api/credits/gifts'] = { post: { operationId: 'postCreditsGifts' } }
    },
    ['The API has, and the client does not know: call POST /api/credits/gifts'],
  ],
  [
    'a new parameter',
    ({ paths }) =>
      paths['/api/stats']?.get &&
      Object.assign(paths['/api/stats'].get, { parameters: [{ name: 'locale', in: 'query' }] }),
    [
      'The API has, and the client does not know: call GET /api/stats (locale)',
      'The client knows, and the API no longer has: call GET /api/stats',
    ],
  ],
  [
    'a new value of an enumeration',
    ({ components: { schemas } }) => schemas.Problem?.properties?.code?.enum?.push('teapot'),
    [],
  ],
]

for (const [what, change, drift] of changes)
  test(`${what} ${drift.length > 0 ? 'is named' : 'needs no new client'}`, () =>
    assert.deepEqual(driftAfter(change), drift))

test('an operation that the client used and that is gone is named', () => {
  assert.throws(
    () => driftAfter(({ paths }) => delete paths['/api/credits/spend']),
    /postCreditsSpend: the API no longer has this call/,
  )
})
