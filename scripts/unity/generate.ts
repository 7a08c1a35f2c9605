/** `node scripts/unity/generate.ts`: writes Runtime/Core/Generated of the Unity package from the OpenAPI document, and its manual from docs/unity.md. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { openapiDocument } from '../openapi-document.ts'
import { contractOf, type Document, type Field, type Model, readModel } from './api-model.ts'

export const GENERATED = 'clients/unity/Runtime/Core/Generated'
export const MANUAL = 'clients/unity/Documentation~/index.md'
export const CONTRACT = 'scripts/unity/contract.json'
const HEAD = '// Generated from /openapi.json by scripts/unity/generate.ts.\n'

export const currentDocument = (): Document => JSON.parse(JSON.stringify(openapiDocument()))

/** File name -> text. */
export function generate(model: Model): Record<string, string> {
  return {
    'Answers.g.cs': file(['System.Collections.Generic'], Object.entries(model.answers).map(answer)),
    'Bodies.g.cs': file(['System.Collections.Generic'], [bodies(model)]),
    'ProblemCode.g.cs': file(
      [],
      [constants('ProblemCode', 'The codes of the service. Others may come.', model.codes, true)],
    ),
    'Stat.g.cs': file(
      [],
      [
        constants(
          'Stat',
          'The stats of the service. Any text is taken, so a new stat needs no new client.',
          model.stats,
          false,
        ),
      ],
    ),
  }
}

const file = (usings: string[], types: string[]) =>
  `${HEAD}${usings.map((name) => `using ${name};\n`).join('')}\nnamespace Statkeep\n{\n${types.join('\n')}}\n`

const pascal = (name: string) => name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())
const csharp = ({ type, list }: Field) => {
  const one = type === 'StatMap' ? 'StatValues' : type
  return list ? `IReadOnlyList<${one}>` : one
}
const doc = (about: string) =>
  about ? `        /// <summary>${about.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</summary>\n` : ''

function answer([name, fields]: [string, Field[]]): string {
  const properties = fields.map(
    (field) => `${doc(field.about)}        public ${csharp(field)} ${pascal(field.name)} { get; }\n`,
  )
  const reads = fields.map((field) => `            ${pascal(field.name)} = ${read(field)};\n`)
  return `    public sealed class ${name}
    {
${properties.join('')}
        ${name}(JsonValue from)
        {
${reads.join('')}        }

        internal static ${name} Read(JsonValue from) => new ${name}(from);
    }
`
}

function read({ name, type, list, required }: Field): string {
  const rest = required ? '' : ', required: false'
  if (list) return `Fields.List(from, "${name}", ${type === 'string' ? 'Fields.Item' : `${type}.Read`}${rest})`
  const kind = { string: 'Text', long: 'Long', bool: 'Boolean' }[type]
  if (kind) return `Fields.${kind}(from, "${name}"${rest})`
  return `Fields.Object(from, "${name}", ${type === 'StatMap' ? 'StatValues' : type}.Read${rest})`
}

function bodies({ bodies }: Model): string {
  const methods = Object.entries(bodies).map(([name, fields]) => {
    // What is required comes first, since what is optional has a default.
    const ordered = [...fields].sort((a, b) => Number(b.required) - Number(a.required))
    const parameters = ordered.map((field) => `${parameter(field)} ${field.name}${field.required ? '' : ' = null'}`)
    const members = fields.map(({ name }) => `.Member("${name}", ${name})`)
    return name.endsWith('Item')
      ? item(name, fields)
      : `        internal static string ${name}(${parameters.join(', ')}) =>
            new JsonWriter().Begin('{')${members.join('')}.End('}').ToString();
`
  })
  const items = methods.filter((text) => text.startsWith('    public'))
  return `    internal static class Bodies
    {
${methods.filter((text) => !items.includes(text)).join('\n')}    }

${items.join('\n')}`
}

function item(name: string, fields: Field[]): string {
  const members = fields.map(({ name }) => `.Member("${name}", ${pascal(name)})`)
  return `    public sealed class ${name.replace('StatsItem', 'Change')} : IJsonWritable
    {
${fields.map((field) => `        public ${parameter(field)} ${pascal(field.name)} { get; set; }\n`).join('')}
        void IJsonWritable.Write(JsonWriter json) =>
            json.Begin('{')${members.join('')}.End('}');
    }
`
}

function parameter({ type, list, required }: Field): string {
  if (type === 'StatMap') return 'IEnumerable<KeyValuePair<string, long>>'
  if (list) return `IEnumerable<${type.replace('StatsItem', 'Change')}>`
  return type === 'string' || required ? type : `${type}?`
}

function constants(name: string, about: string, values: string[], isClient: boolean): string {
  return `    /// <summary>${about}</summary>
    public static ${isClient ? 'partial ' : ''}class ${name}
    {
${values.map((value) => `        public const string ${pascal(value)} = "${value}";\n`).join('')}    }
`
}

/** The guide as the package brings it: what it links to in the repository is not there. */
export const manual = (): string =>
  readFileSync('docs/unity.md', 'utf8')
    .replace('../clients/unity/README.md', '../README.md')
    .replace('([operations](operations.md))', '(`docs/operations.md` in the repository)')

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const model = readModel(currentDocument())
  mkdirSync(GENERATED, { recursive: true })
  for (const [name, text] of Object.entries(generate(model))) writeFileSync(`${GENERATED}/${name}`, text)
  writeFileSync(CONTRACT, `${JSON.stringify(contractOf(model), null, 2)}\n`)
  writeFileSync(MANUAL, manual())
  console.log(`${GENERATED} is made from the OpenAPI document.`)
}
