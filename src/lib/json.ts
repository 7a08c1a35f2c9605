/** Reads JSON as text, to tell what `JSON.parse` would change without a word. */

/** Deeper than this nobody writes by hand, and recursive code runs out of stack. */
export const MAX_JSON_DEPTH = 64

/** A string, a bracket, a comma, a colon, or a number, true, false or null. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/** Where the reader is: in a list at an index, or in an object at a name. */
type Level = { names: Set<string> | undefined; at: string | number }

/**
 * The first thing in valid JSON that would not come back as it was sent: a number that a double cannot hold, a name that is given twice, `__proto__`, half of a surrogate pair, or more than 64 levels.
 */
export function jsonFault(text: string): { path: string; message: string } | undefined {
  const levels: Level[] = []
  const fault = (message: string) => ({ path: levels.map(({ at }) => at).join('.'), message })
  let expectsName = false

  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1)
    if (token === '{' || token === '[') {
      if (levels.length === MAX_JSON_DEPTH) return fault(`is nested more than ${MAX_JSON_DEPTH} levels deep`)
      levels.push(token === '{' ? { names: new Set(), at: '' } : { names: undefined, at: 0 })
      expectsName = token === '{'
    } else if (token === '}' || token === ']') {
      levels.pop()
      expectsName = false
    } else if (token === ',') {
      if (level && typeof level.at === 'number') level.at += 1
      expectsName = level?.names !== undefined
    } else if (token === ':') {
      expectsName = false
    } else {
      const message = valueFault(token)
      if (expectsName && level?.names) {
        const name: string = JSON.parse(token)
        const twice = level.names.has(name)
        level.names.add(name)
        level.at = name.slice(0, 64).toWellFormed()
        if (name === '__proto__') return fault('is a name that cannot be stored')
        if (twice) return fault('is given twice')
      }
      if (message) return fault(message)
    }
  }
  return undefined
}

function valueFault(token: string): string | undefined {
  const value: unknown = JSON.parse(token)
  if (typeof value === 'string' && !value.isWellFormed()) return 'holds half of a surrogate pair, which is no character'
  return typeof value === 'number' && isRounded(token, value)
    ? 'is a number that would be rounded, as whole numbers beyond 2^53 − 1 are: send it as text'
    : undefined
}

/** Fractions are kept as any JSON reader keeps them, to 15 digits or more. */
function isRounded(token: string, value: number): boolean {
  if (/^-?\d+$/.test(token)) return !Number.isSafeInteger(value)
  const isExtreme = value === 0 || Math.abs(value) > Number.MAX_SAFE_INTEGER
  return isExtreme && digitsOf(token) !== digitsOf(String(value))
}

/** `-0.0120e7` -> `12`: two texts of one number have the same. */
const digitsOf = (number: string) =>
  number
    .replace(/e.*$/i, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '')
