/** Compiles the package and the tests' programs with Roslyn, C# 9, warnings as errors, into dist/unity. */
import { copyFileSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { NUNIT, REFERENCES, type Toolchain, toolchain } from './toolchain.ts'

export const PACKAGE = 'clients/unity'
export const OUT = 'dist/unity'
const CODE = 'scripts/unity/csharp'

/** What Unity defines, by platform and version. */
const DEFINES = {
  editor: 'UNITY_EDITOR;UNITY_2021_3;UNITY_2021_3_OR_NEWER',
  webgl: 'UNITY_WEBGL;UNITY_2021_3;UNITY_2021_3_OR_NEWER',
  '2021': 'UNITY_STANDALONE;UNITY_2021_3;UNITY_2021_3_OR_NEWER',
  '6000': 'UNITY_STANDALONE;UNITY_2021_3_OR_NEWER;UNITY_2022_1_OR_NEWER;UNITY_6000_0_OR_NEWER',
}

export type Target = {
  out: string
  sources: string[]
  references?: string[]
  define?: string
}

export function build(tools: Toolchain): void {
  const core = `${OUT}/Statkeep.dll`
  const targets: Target[] = [
    { out: core, sources: [`${PACKAGE}/Runtime/Core/**/*.cs`] },
    { out: `${OUT}/Statkeep.Server.dll`, sources: [`${PACKAGE}/Runtime/Server/*.cs`], references: [core] },
    {
      out: `${OUT}/Statkeep.Probe.exe`,
      sources: [`${CODE}/probe/*.cs`],
      references: [core, `${OUT}/Statkeep.Server.dll`, `${REFERENCES}/System.Net.Http.dll`],
    },
    {
      out: `${OUT}/UnityEngine.dll`,
      sources: [`${CODE}/stubs/*.cs`],
      references: [`${REFERENCES}/System.Net.Http.dll`],
    },
    ...Object.entries(DEFINES).flatMap(([name, define]): Target[] => {
      const unity = `${OUT}/${name}/Statkeep.Unity.dll`
      const references = [core, `${OUT}/UnityEngine.dll`]
      return [
        { out: unity, sources: [`${PACKAGE}/Runtime/Unity/*.cs`], references, define },
        {
          out: `${OUT}/${name}/LevelUp.dll`,
          sources: [`${PACKAGE}/Samples~/LevelUp/*.cs`],
          references: [...references, unity],
          define,
        },
      ]
    }),
    {
      out: `${OUT}/Statkeep.PlayMode.exe`,
      sources: [`${CODE}/playmode/*.cs`],
      references: [core, `${OUT}/UnityEngine.dll`, `${OUT}/editor/Statkeep.Unity.dll`],
    },
    {
      out: `${OUT}/Statkeep.Game.exe`,
      sources: [`${CODE}/game/*.cs`],
      references: [core, `${OUT}/UnityEngine.dll`, `${OUT}/editor/Statkeep.Unity.dll`],
    },
    { out: `${OUT}/Statkeep.Tests.dll`, sources: [`${PACKAGE}/Tests/Runtime/*.cs`], references: [core, NUNIT] },
    ...(['net', 'mono'] as const).map((name) => ({
      out: `${OUT}/oracle-${name}/Oracle.exe`,
      sources: [`${CODE}/oracle/*.cs`],
      // Both bind to the one that lies beside them.
      references: [tools.newtonsoft.mono, `${REFERENCES}/System.Numerics.dll`],
    })),
  ]
  mkdirSync(OUT, { recursive: true })
  tools.compile(targets.map(responseFile))
  for (const name of ['net', 'mono'] as const)
    copyFileSync(tools.newtonsoft[name], `${OUT}/oracle-${name}/Newtonsoft.Json.dll`)
}

export function responseFile({ out, sources, references = [], define }: Target): string {
  const file = `${OUT}/${out.slice(OUT.length + 1).replaceAll('/', '-')}.rsp`
  const framework = ['mscorlib', 'System', 'System.Core'].map((name) => `${REFERENCES}/${name}.dll`)
  const lines = [
    `-target:${out.endsWith('.exe') ? 'exe' : 'library'}`,
    `-out:${out}`,
    ...['-noconfig', '-nostdlib', '-langversion:9', '-warnaserror', '-warn:4', '-optimize'],
    ...(define ? [`-define:${define}`] : []),
    ...[...framework, ...references].map((path) => `-r:${path}`),
    ...globSync(sources).sort(),
  ]
  writeFileSync(file, lines.join('\n'))
  return file
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const start = performance.now()
  build(toolchain())
  console.log(`Built into ${OUT} in ${((performance.now() - start) / 1000).toFixed(1)} s, without a warning.`)
}
