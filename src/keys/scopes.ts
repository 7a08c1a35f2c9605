/** The scopes of API keys: what a key may do. */

export const SCOPES = [
  'metered:read',
  'credits:spend',
  'credits:charge',
  'credits:grant',
  'users:write',
  'stats:write',
  'admin',
] as const
export type Scope = (typeof SCOPES)[number]

const WIDE: ReadonlySet<Scope> = new Set(['credits:charge', 'credits:grant', 'users:write', 'stats:write', 'admin'])

/** True if one of them has effects beyond the key's owner. */
export function isWide(scopes: readonly Scope[]): boolean {
  return scopes.some((scope) => WIDE.has(scope))
}

/** `admin` contains every other scope. */
export function allows(scopes: readonly Scope[], wanted: Scope): boolean {
  return scopes.includes(wanted) || scopes.includes('admin')
}
