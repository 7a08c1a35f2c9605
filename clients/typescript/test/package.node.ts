/** What is in the package: its size, its files, its types, and whether they fit the service. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { changedFields } from '../scripts/changed-fields.ts'

const HOME = fileURLToPath(new URL('..', import.meta.url))
const MAX_BUNDLE_BYTES = 6144
const work = mkdtempSync(join(tmpdir(), 'statkeep-package-'))
after(() => rmSync(work, { recursive: true }))

const node = (args: string[], env = {}) =>
  spawnSync(process.execPath, ['--no-warnings', ...args], {
    cwd: HOME,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })

it('is at most 6,144 bytes, minified and compressed', () => {
  const size = execFileSync('gzip', ['-9c', 'dist/statkeep.min.js'], { cwd: HOME }).length
  console.log(`dist/statkeep.min.js: ${size} bytes compressed`)
  assert.ok(size <= MAX_BUNDLE_BYTES, `${size} bytes`)
})

it('holds its own files, and none of the service or the tests', () => {
  const printed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: HOME,
    encoding: 'utf8',
  })
  const answer = JSON.parse(printed)
  const { files } = Array.isArray(answer) ? answer[0] : answer['@statkeep/client']
  const others = files
    .map(({ path }: { path: string }) => path)
    .filter(
      (path: string) =>
        !/^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/[a-z.]+\.(js|d\.ts|txt|LEGAL\.txt))$/i.test(path),
    )
  assert.deepEqual(others, [])
  assert.ok(files.some(({ path }: { path: string }) => path === 'dist/index.d.ts'))
})

it('brings openapi-fetch and its helpers, and nothing else', () => {
  const printed = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], { cwd: HOME, encoding: 'utf8' })
  const names = printed
    .trim()
    .split('\n')
    .slice(1)
    .map((path) => path.split('/').pop())
  assert.deepEqual(names.sort(), ['openapi-fetch', 'openapi-typescript-helpers'])
})

const typeErrors = (code: string) => {
  const file = join(work, 'try.ts')
  writeFileSync(
    file,
    `import { createStatkeep } from '${HOME}dist/index.js'\nconst client = createStatkeep({ url: '' })\n${code}\n`,
  )
  const options = [
    '--strict',
    '--noEmit',
    '--skipLibCheck',
    '--target',
    'es2022',
    '--module',
    'esnext',
    '--moduleResolution',
    'bundler',
    '--types',
    'node',
    '--typeRoots',
    '../../node_modules/@types',
  ]
  return node(['node_modules/typescript/bin/tsc', ...options, file]).stdout
}

it('refuses an unknown field when it is compiled', () => {
  const right = ['client.stats.add({ speedXp: 1 })', 'client.credits.spend({ amount: 1 })']
  const wrong = [
    'client.stats.add({ nope: 1 })',
    'client.credits.spend({ amount: 1, nope: 1 })',
    "client.stats.batch([{ username: 'a', stat: 'speedXp', change: 1, nope: 1 }])",
    "client.leaderboards.top('nope')",
  ]
  const lines = typeErrors([...right, ...wrong].join('\n'))
    .trim()
    .split('\n')
    .filter((line) => /error/.test(line))
  const firstWrong = 3 + right.length
  assert.deepEqual(
    lines.map((line) => Number(/\((\d+),/.exec(line)?.[1])),
    wrong.map((_, i) => firstWrong + i),
  )
  for (const line of lines) assert.match(line, /nope/)
})

it('knows the API as it is', () => {
  const { status, stderr } = node(['scripts/generate.ts', '--check'])
  assert.equal(status, 0, stderr)
})

it('names the field of the API that it does not know', () => {
  const document = join(work, 'openapi.json')
  execFileSync(process.execPath, ['scripts/openapi.ts', document], { cwd: join(HOME, '../..') })
  const api = JSON.parse(readFileSync(document, 'utf8'))
  const changed = structuredClone(api)
  changed.components.schemas.Profile.properties.title = { type: 'string' }
  changed.components.schemas.Profile.required.push('title')
  delete changed.components.schemas.Leaderboard.properties.nextCursor
  writeFileSync(document, JSON.stringify(changed))
  const { status, stderr } = node(['scripts/generate.ts', '--check'], { OPENAPI: document })
  assert.equal(status, 1)
  assert.match(stderr, /\+ components > schemas > Profile > title: string/)
  assert.match(stderr, /- components > schemas > Leaderboard > nextCursor: string/)
})

it('compares fields and not lines', () => {
  assert.deepEqual(changedFields('a: {\n  b?: number;\n}', 'a: {\n  b: number;\n}'), ['~ a > b: ?: number; -> number;'])
})

it('has one version in the manifest and in the changelog', () => {
  const { version } = JSON.parse(readFileSync(`${HOME}package.json`, 'utf8'))
  assert.match(readFileSync(`${HOME}CHANGELOG.md`, 'utf8'), new RegExp(`^## ${version}$`, 'm'))
})

it("reads no clock of the device's owner", () => {
  for (const file of readdirSync(`${HOME}src`)) {
    if (file !== 'api.gen.ts')
      assert.doesNotMatch(readFileSync(`${HOME}src/${file}`, 'utf8'), /\bDate\b\.|new Date/, file)
  }
})

it('refuses an API key in a browser that did not ask for it', async () => {
  const { createStatkeep } = await import('../src/index.ts')
  const options = { url: 'http://localhost', apiKey: 'sk_x' }
  assert.ok(createStatkeep(options))
  Object.assign(globalThis, { document: {} })
  try {
    assert.throws(() => createStatkeep(options), TypeError)
    assert.ok(createStatkeep({ ...options, allowApiKeyInBrowser: true }))
  } finally {
    Reflect.deleteProperty(globalThis, 'document')
  }
})
