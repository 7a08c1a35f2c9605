/** An error and those that caused it: Drizzle wraps D1's error in its own. */
export function causes(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : []
}
