/** `node scripts/unity/meta.ts`: writes the .meta files that Unity wants of each file and folder of a package. A GUID never changes. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const PACKAGE = 'clients/unity'

type Entry = { path: string; isFolder: boolean }

/** What Unity imports: not what begins with a dot or ends with a tilde. */
export function imported(root = PACKAGE): Entry[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !name.endsWith('~') && !name.endsWith('.meta'))
    .flatMap((entry) => {
      const path = join(root, entry.name)
      return [{ path, isFolder: entry.isDirectory() }, ...(entry.isDirectory() ? imported(path) : [])]
    })
}

/** Every .meta file, wherever. */
export const metas = (root = PACKAGE): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.meta'))
    .map((path) => join(root, path))

/** What is wrong with the .meta files; empty where nothing is. */
export function faultsOf(root = PACKAGE): string[] {
  const wanted = imported(root).map(({ path }) => `${path}.meta`)
  const present = metas(root)
  const guids = new Map<string, string>()
  const faults = [
    ...wanted.filter((path) => !present.includes(path)).map((path) => `${path} is missing`),
    ...present.filter((path) => !wanted.includes(path)).map((path) => `${path} belongs to nothing`),
  ]
  for (const path of present) {
    const guid = /^guid: ([0-9a-f]{32})$/m.exec(readFileSync(path, 'utf8'))?.[1]
    if (!guid) faults.push(`${path} has no GUID`)
    else if (guids.has(guid)) faults.push(`${path} has the GUID of ${guids.get(guid)}`)
    else guids.set(guid, path)
  }
  return faults
}

export type Guids = Record<string, string>

/** The GUID of each .meta file: of the working tree, or of a commit. */
export function guids(commit?: string): Guids {
  const listed = commit
    ? git('ls-tree', '-r', '--name-only', commit, PACKAGE)
        .split('\n')
        .filter((path) => path.endsWith('.meta'))
    : metas()
  return Object.fromEntries(
    listed.map((path) => {
      const text = commit ? git('show', `${commit}:${path}`) : readFileSync(path, 'utf8')
      return [path, /^guid: (\w+)$/m.exec(text)?.[1] ?? '']
    }),
  )
}

/** Scenes refer to scripts by GUID: one that changes breaks every game. */
export const changedGuids = (before: Guids, now: Guids): string[] =>
  Object.keys(before).filter((path) => path in now && now[path] !== before[path])

/** The last release, if there was one. */
export function lastRelease(): string | undefined {
  return git('tag', '--list', 'v*', '--merged', 'HEAD', '--sort=-v:refname').split('\n')[0] || undefined
}

/** The releases that this commit is. */
export const releasesHere = (): string[] =>
  git('tag', '--list', 'v*', '--points-at', 'HEAD').split('\n').filter(Boolean)

const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim()

function metaOf({ path, isFolder }: Entry): string {
  const guid = createHash('md5')
    .update(`com.statkeep.client/${path.slice(PACKAGE.length + 1)}`)
    .digest('hex')
  const importer = isFolder
    ? 'folderAsset: yes\nDefaultImporter:'
    : ({ '.cs': 'MonoImporter:', '.asmdef': 'AssemblyDefinitionImporter:', '.md': 'TextScriptImporter:' }[
        extname(path)
      ] ?? (basename(path) === 'package.json' ? 'PackageManifestImporter:' : 'DefaultImporter:'))
  return `fileFormatVersion: 2\nguid: ${guid}\n${importer}\n  externalObjects: {}\n  userData: \n  assetBundleName: \n  assetBundleVariant: \n`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const entry of imported()) {
    const file = `${entry.path}.meta`
    if (!existsSync(file)) writeFileSync(file, metaOf(entry))
  }
  for (const fault of faultsOf()) console.error(fault)
  process.exitCode = faultsOf().length === 0 ? 0 : 1
}
