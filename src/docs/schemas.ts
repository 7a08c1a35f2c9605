/** Zod's schemas as JSON Schema, with those that have a name put into the components of the OpenAPI document. */
import * as z from 'zod'

type Json = Record<string, unknown>

/** Collects the named schemas of one document. */
export class Schemas {
  /** Name -> schema, for `components.schemas`. */
  readonly named: Record<string, unknown> = {}

  /** The schema of what callers send or get; a reference where it has a name. */
  describe(schema: z.ZodType): Json {
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
    const { $schema: _, $defs = {}, ...whole } = JSON.parse(withReferences(json), readable)
    Object.assign(this.named, $defs)
    const { id, ...rest } = whole
    if (id === undefined) return whole
    this.named[id] = rest
    return { $ref: `#/components/schemas/${id}` }
  }

  /** The fields of an object, as parameters in the path or the query. */
  parameters(place: 'path' | 'query', schema: z.ZodObject | undefined): ({ $ref: string } | Json)[] {
    if (!schema) return []
    const { properties } = this.describe(schema) as { properties: Record<string, Json> }
    return Object.entries(properties).map(([name, { description, default: _, ...rest }]) => ({
      in: place,
      name,
      schema: rest,
      ...(place === 'path' ? { required: true } : {}),
      description,
    }))
  }
}

/** Zod refers to its own `$defs`, and has no name for the recursive `z.json()`, the one schema of the house that needs one. */
const withReferences = (json: unknown) =>
  JSON.stringify(json).replaceAll('#/$defs/', '#/components/schemas/').replaceAll('__schema0', 'Json')

/** Zod spells out the pattern of a date, and the bounds of a safe integer, which a page would take for an example. */
function readable(_key: string, value: unknown): unknown {
  if (!isSchema(value)) return value
  const { minimum, maximum, pattern, ...rest } = value
  if (rest.format === 'date-time') return rest
  if (rest.type !== 'integer' || maximum !== Number.MAX_SAFE_INTEGER) return value
  return { ...rest, format: 'int64', ...(minimum === Number.MIN_SAFE_INTEGER ? {} : { minimum }) }
}

const isSchema = (value: unknown): value is Json => typeof value === 'object' && value !== null && 'type' in value
