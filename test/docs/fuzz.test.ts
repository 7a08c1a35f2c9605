/** A fuzzer that sends what the OpenAPI document allows meets only answers that a rule of the product explains. */
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { everyCall, type Sample } from '../support/every-call.ts'
import { valuesOf } from '../support/json-schema.ts'
import type { Answer, Service } from '../support/service.ts'

vi.setConfig({ testTimeout: 120_000 }) // some hundred calls

const RUNS_A_CALL = 12

/** Rules that JSON Schema cannot say, or that depend on the service; each is told in a description of the document. */
const RULES: [path: RegExp, message: RegExp][] = [
  [/^cursor$/, /^is none that this list has given$/],
  [/assword$/, /^has to be at (least|most) \d+ characters$/], // counted after NFKC
  [/url$/, /^(has to be an absolute URL|must not (hold|name) |has to have a host)/],
  [/schedule$/, /^has to |^is a time that never comes$|minute|hour|day|month/],
  [/timeZone$/, /^has to be an IANA time zone/],
  [/^expiresAt$/, /(past|future|later)/],
  [/^(data|payload\.body)/, /^(is a number|is a name|is given twice|holds half)/],
  [/^changes\.\d+$/, /^needs one of username and userId/], // an empty name counts as absent
]

const isExplained = ({ path, message }: { path: string; message: string }) =>
  RULES.some(([paths, messages]) => paths.test(path) && messages.test(message))

test('answers whatever the document allows with what the document lists', async () => {
  const { service, calls } = await everyCall()
  const { body: document } = await service.call('/openapi.json')
  const seen = { calls: 0, successes: 0 }

  for (const sample of calls.filter(({ operation }) => operation !== 'POST /stopServer')) {
    const [method = '', pattern = ''] = sample.operation.split(' ')
    const operation = document.paths[pattern][method.toLowerCase()]
    const inputs = fc.sample(inputsOf(operation, document.components), { numRuns: RUNS_A_CALL, seed: 9 })
    for (const input of inputs) {
      const { answer, sent } = await send(service, sample, input)
      seen.calls += 1
      if (answer.status < 400) seen.successes += 1
      const told = `${sample.operation} ${sent} -> ${answer.status} ${answer.text.slice(0, 400)}`
      expect(Object.keys(operation.responses), told).toContain(String(answer.status))
      expect(answer.status, told).toBeLessThan(500)
      if (answer.status === 400)
        expect(
          answer.body.errors.filter((error: any) => !isExplained(error)),
          told,
        ).toEqual([])
    }
  }
  // Most of it gets through, or the fuzzer would show nothing.
  expect(seen.calls).toBeGreaterThan(700)
  expect(seen.successes / seen.calls).toBeGreaterThan(0.4)
})

type Input = { body: unknown; query: Record<string, unknown>; path: Record<string, unknown> | undefined }

/** Bodies, queries and, one time in four, paths. */
function inputsOf({ requestBody, parameters = [] }: any, { schemas }: any): fc.Arbitrary<Input> {
  const fieldsIn = (place: string) =>
    Object.fromEntries(
      parameters.filter((one: any) => one.in === place).map((one: any) => [one.name, valuesOf(one.schema, schemas)]),
    )
  // A URL resolves these before anybody sees them.
  const isDots = (value: unknown) => value === '.' || value === '..'
  const content = requestBody?.content['application/json'].schema
  return fc.record({
    body: content ? valuesOf(content, schemas) : fc.constant(undefined),
    query: fc.record(fieldsIn('query'), { requiredKeys: [] }),
    path: fc.option(
      fc.record(fieldsIn('path')).filter((fields) => !Object.values(fields).some(isDots)),
      { nil: undefined, freq: 3 },
    ),
  })
}

async function send(service: Service, { operation, path, options }: Sample, input: Input) {
  const [method = '', pattern = ''] = operation.split(' ')
  const place = input.path
    ? pattern.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(input.path?.[name])))
    : (path.split('?')[0] as string)
  const query = new URLSearchParams(Object.entries(input.query).map(([name, value]) => [name, String(value)]))
  const url = `${place}${query.size > 0 ? `?${query}` : ''}`
  const answer: Answer = await service.call(url, { ...options, method, body: input.body })
  return { answer, sent: `${url} ${JSON.stringify(input.body)?.slice(0, 400)}` }
}
