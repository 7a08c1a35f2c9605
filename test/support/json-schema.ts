/** Values that a JSON Schema takes, for the part of JSON Schema that the OpenAPI document uses. */
import fc from 'fast-check'

type Schema = Record<string, any>

/** Names and texts that some pattern of the document takes, for patterns with parts that fast-check cannot make. */
const TEXTS = [
  ...['kicksent', 'second', 'a.b-c_D', 'A1', 'player@example.com', 'jörg@exämple.de', 'x', 'EBILAEAD', 'Ünïcödé 🐍'],
  ...[
    'https://example.com/x',
    'https://[::1]/',
    'every 10m',
    'every 2h',
    '0 9 * * 1 Europe/Berlin',
    '* * * * *',
    '61 * * * *',
  ],
]

/** `definitions` are the components that `$ref` names. */
export function valuesOf(schema: Schema, definitions: Record<string, Schema>): fc.Arbitrary<any> {
  const inner = (part: Schema) => valuesOf(part, definitions)
  if (schema.$ref === '#/components/schemas/Json') return fc.jsonValue({ maxDepth: 3 })
  if (schema.$ref) return inner(definitions[schema.$ref.split('/').at(-1)] as Schema)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if ('const' in schema) return fc.constant(schema.const)
  const forms = schema.type ? undefined : (schema.oneOf ?? schema.anyOf)
  if (forms) return fc.oneof(...forms.map(inner))
  switch (schema.type) {
    case 'string':
      return texts(schema)
    case 'integer':
    case 'number':
      return integers(schema)
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(inner(schema.items), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, Math.max(schema.minItems ?? 0, 5)),
      })
    case 'object':
      return objects(schema, inner)
    default:
      return fc.jsonValue({ maxDepth: 3 })
  }
}

function objects(schema: Schema, inner: (part: Schema) => fc.Arbitrary<any>): fc.Arbitrary<any> {
  const { properties = {}, required = [], minProperties = 0, oneOf } = schema
  const fields = Object.fromEntries(Object.entries<Schema>(properties).map(([name, part]) => [name, inner(part)]))
  const needed = Object.fromEntries(Object.entries(fields).filter(([name]) => required.includes(name)))
  const minimal = { weight: 1, arbitrary: fc.record(needed) }
  return fc
    .oneof(
      { weight: 4, arbitrary: fc.record(fields, { requiredKeys: required }) },
      ...(minProperties > 0 || oneOf ? [] : [minimal]),
    )
    .filter((value) => Object.keys(value).length >= minProperties)
    .filter(
      (value) =>
        !oneOf || oneOf.filter((form: Schema) => form.required.every((name: string) => name in value)).length === 1,
    )
}

function integers({ minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: Schema) {
  const near = (value: number) => Math.min(maximum, Math.max(minimum, value))
  return fc.oneof(
    fc.constantFrom(minimum, maximum, near(0), near(1), near(-1)),
    fc.integer({ min: near(-100), max: near(100) }),
    fc.maxSafeInteger().map(near),
  )
}

function texts({ pattern, format, minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') {
    const time = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    return time.map((date) => date.toISOString())
  }
  const fits = (text: string) =>
    [...text].length >= minLength && [...text].length <= maxLength && (!pattern || new RegExp(pattern, 'u').test(text))
  if (!pattern)
    return fc
      .oneof(fc.string({ unit: 'binary', minLength, maxLength }), fc.string({ minLength, maxLength }))
      .filter(fits)
  const known = TEXTS.filter(fits)
  const made = matching(pattern)?.filter(fits)
  const forms = [...(known.length > 0 ? [fc.constantFrom(...known)] : []), ...(made ? [made] : [])]
  if (forms.length === 0) throw new Error(`nothing is known that matches ${pattern}`)
  return fc.oneof(...forms)
}

/** undefined for a pattern with a part that fast-check cannot make, such as a lookahead. */
function matching(pattern: string): fc.Arbitrary<string> | undefined {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'))
  } catch {
    return undefined
  }
}
