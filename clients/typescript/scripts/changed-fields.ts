/** Compares two generated files by the full names of their fields. */

/** @returns a line for each field that is only in one of them, or whose type differs. */
export function changedFields(committed: string, made: string): string[] {
  const before = fields(committed)
  const after = fields(made)
  const names = [...new Set([...before.keys(), ...after.keys()])]
  const changed = names.flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)]
    if (old === now) return []
    return old === undefined
      ? [`+ ${name}: ${now}`]
      : now === undefined
        ? [`- ${name}: ${old}`]
        : [`~ ${name}: ${old} -> ${now}`]
  })
  return changed.length === 0 && committed !== made ? ['~ a description'] : changed
}

function fields(text: string): Map<string, string> {
  const found = new Map<string, string>()
  const parents: { indent: number; name: string }[] = []
  for (const line of text.split('\n')) {
    const [, indent, name, type] = /^( *)(?:export interface |readonly )?("[^"]+"|[\w$]+)(\??:? .*)$/.exec(line) ?? []
    if (indent === undefined || name === undefined || type === undefined) continue
    while ((parents.at(-1)?.indent ?? -1) >= indent.length) parents.pop()
    parents.push({ indent: indent.length, name: name.replaceAll('"', '') })
    found.set(parents.map((parent) => parent.name).join(' > '), type.replace(/^:? /, ''))
  }
  return found
}
