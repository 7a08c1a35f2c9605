/** What the package is made of. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { test } from 'node:test'
import { OUT, PACKAGE, responseFile } from '../build.ts'
import { MANUAL, manual } from '../generate.ts'
import { changedGuids, faultsOf, guids, lastRelease, releasesHere } from '../meta.ts'
import { toolchain } from '../toolchain.ts'

/** Nothing that stripping would remove, and nothing that WebGL does not have. */
const FORBIDDEN =
  /System\.Reflection|System\.Activator|Type::(Get(Method|Field|Propert|Constructor|Member)|InvokeMember)|Linq\.Expressions|Newtonsoft|System\.Net[.:]|Threading\.(Thread|Timer|ThreadPool)\b|Task::(Run|Delay)|ConfigureAwait/
const ALLOWED = /Assembly\w*Attribute|DefaultMemberAttribute|Type::GetTypeFromHandle/

const scan = (assembly: string) =>
  execFileSync('monodis', ['--memberref', assembly], { encoding: 'utf8' })
    .concat(execFileSync('monodis', ['--typeref', assembly], { encoding: 'utf8' }))
    .split('\n')
    .filter((line) => FORBIDDEN.test(line) && !ALLOWED.test(line))

test('uses no reflection, thread, timer or System.Net', () => {
  for (const assembly of [
    'Statkeep.dll',
    'Statkeep.Server.dll',
    ...['editor', 'webgl', '2021', '6000'].map((name) => `${name}/Statkeep.Unity.dll`),
  ])
    assert.deepEqual(scan(`${OUT}/${assembly}`), [], assembly)
})

test('the scan finds what it is for', () => assert.ok(scan(`${OUT}/Statkeep.Probe.exe`).length > 0))

test('brings no dll and no link.xml', () =>
  assert.deepEqual(globSync([`${PACKAGE}/**/*.dll`, `${PACKAGE}/**/link.xml`]), []))

test('has a .meta file for each file and folder, each with a GUID of its own', () => {
  assert.deepEqual(faultsOf(), [])
  const copy = mkdtempSync(join(tmpdir(), 'statkeep-meta-'))
  cpSync(PACKAGE, copy, { recursive: true })
  rmSync(join(copy, 'README.md'))
  rmSync(join(copy, 'Runtime/Core/Credits.cs.meta'))
  assert.deepEqual(
    faultsOf(copy).map((fault) => fault.slice(copy.length + 1)),
    ['Runtime/Core/Credits.cs.meta is missing', 'README.md.meta belongs to nothing'],
  )
})

test('changes no GUID of a release', () => {
  const now = guids()
  const release = lastRelease()
  assert.deepEqual(changedGuids(release ? guids(release) : guids('HEAD'), now), [])
  const [path = ''] = Object.keys(now)
  assert.deepEqual(changedGuids({ ...now, [path]: 'of a release' }, now), [path])
})

test('has one version, in the manifest, the changelog and the code', () => {
  const { version, samples } = JSON.parse(readFileSync(`${PACKAGE}/package.json`, 'utf8'))
  assert.match(readFileSync(`${PACKAGE}/CHANGELOG.md`, 'utf8'), new RegExp(`^## ${version}$`, 'm'))
  assert.match(readFileSync(`${PACKAGE}/Runtime/Core/StatkeepClient.cs`, 'utf8'), new RegExp(`Version = "${version}"`))
  for (const tag of releasesHere()) assert.equal(tag, `v${version}`)
  assert.equal(samples.length, 1)
  for (const { path } of samples) assert.ok(existsSync(join(PACKAGE, path)), path)
})

test('holds what a package holds, and nothing of the service', () => {
  const kinds = new Set(
    readdirSync(PACKAGE, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => extname(name)),
  )
  assert.deepEqual([...kinds].sort(), ['.asmdef', '.cs', '.json', '.md', '.meta'])
  const assemblies = globSync(`${PACKAGE}/Runtime/*/*.asmdef`).map((path) => JSON.parse(readFileSync(path, 'utf8')))
  const engineFree = assemblies.filter(({ noEngineReferences }) => noEngineReferences).map(({ name }) => name)
  assert.deepEqual(engineFree.sort(), ['Statkeep', 'Statkeep.Server'])
  assert.ok(assemblies.every(({ references }) => references.every((name: string) => name === 'Statkeep')))
})

test('brings the guide as its manual', () => assert.equal(readFileSync(MANUAL, 'utf8'), manual()))

test('enters and leaves play mode a hundred times with nothing left over', () => {
  const faults = spawnSync('mono', [`${OUT}/Statkeep.PlayMode.exe`], {
    env: { ...process.env, MONO_PATH: `${OUT}/editor` },
    encoding: 'utf8',
  })
  assert.deepEqual(
    faults.stdout.split('\n').filter((line) => line.startsWith('not true')),
    [],
  )
  assert.equal(faults.status, 0, faults.stderr)
})

test('passes its own tests under NUnit', () => {
  const { stdout } = spawnSync('nunit-console', ['-nologo', '-noresult', 'Statkeep.Tests.dll'], {
    cwd: OUT,
    encoding: 'utf8',
  })
  assert.match(stdout, /Tests run: [1-9]\d*, Errors: 0, Failures: 0, Inconclusive: 0/)
  assert.match(stdout, /Not run: 0/)
})

/** What the compiler says of a file of one's own; the package itself was compiled before the tests. */
function compile(code: string): void {
  const source = join(mkdtempSync(join(tmpdir(), 'statkeep-compile-')), 'Sample.cs')
  writeFileSync(source, code)
  toolchain().compile([responseFile({ out: `${OUT}/Sample.dll`, sources: [source] })])
}

test('is compiled as C# 9, and a warning is an error', () => {
  compile(
    'class Sample { public Sample Next { get; init; } } namespace System.Runtime.CompilerServices { class IsExternalInit { } }',
  )
  assert.throws(() => compile('namespace Sample;'), /CS8773/)
  assert.throws(() => compile('class Sample { int unused; }'), /CS0169/)
})
