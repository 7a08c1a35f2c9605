/** One JSON line an event. Names and causes only: an error's message may hold parameters, tokens or passwords. */

export type LogRecord = Record<string, string | number | boolean | undefined>
export type Log = (level: 'info' | 'warn' | 'error', record: LogRecord) => void

export const logToConsole: Log = (level, record) => console[level](JSON.stringify({ level, ...record }))

/**
 * What is safe to log of an error: the classes along its chain of causes, and the file and line where each arose.
 * Messages stay out: Drizzle's hold every parameter, hono/jwt's the whole token.
 */
export function describeError(error: unknown): { error: string; at: string } {
  const names: string[] = []
  const places: string[] = []
  for (let e = error; e instanceof Error && names.length < 5; e = e.cause) {
    names.push(e.name)
    places.push(...framesOf(e).slice(0, 3))
  }
  return { error: names.join(' < ') || typeof error, at: places.join(' | ') }
}

/** The lines of the stack below the message, which may have lines that look like them. */
function framesOf({ stack = '', message }: Error): string[] {
  const end = stack.indexOf(message)
  if (end < 0) return []
  return stack
    .slice(end + message.length)
    .split('\n')
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .map((line) => line.trim())
}
