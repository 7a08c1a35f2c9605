/** Sealed cookies: HttpOnly, Secure, SameSite=Strict, and for one path only. What is in them is readable by this service alone. */
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Ctx } from '../http/context.ts'
import { seal, unseal } from '../lib/bytes.ts'
import { SECOND } from '../lib/time.ts'

/** The cookie's name is its path too: `account` is sent to /account and nowhere else. */
export type CookieName = 'account' | 'console'

const optionsOf = (name: CookieName) =>
  ({ path: `/${name}`, httpOnly: true, secure: true, sameSite: 'Strict' }) as const

const purposeOf = (name: CookieName) => `cookie ${name}`

/** `lifetime` in milliseconds; past it the cookie counts no longer, whatever the browser does. */
export async function setSealed(c: Ctx, name: CookieName, content: object, lifetime: number): Promise<void> {
  const { config, now, random } = c.var.deps
  const text = JSON.stringify({ ...content, until: now().getTime() + lifetime })
  const sealed = await seal(config.tokenSecrets[0] as string, purposeOf(name), text, random(12))
  setCookie(c, name, sealed, { ...optionsOf(name), maxAge: Math.floor(lifetime / SECOND) })
}

/** @returns undefined for a cookie that is missing, edited or too old. */
export async function readSealed<Content>(c: Ctx, name: CookieName): Promise<Content | undefined> {
  const sealed = getCookie(c, name)
  if (!sealed) return undefined
  const { config, now } = c.var.deps
  for (const secret of config.tokenSecrets) {
    const text = await unseal(secret, purposeOf(name), sealed)
    const content = text === undefined ? undefined : (JSON.parse(text) as Content & { until: number })
    if (content) return content.until > now().getTime() ? content : undefined
  }
  return undefined
}

export const dropCookie = (c: Ctx, name: CookieName) => void deleteCookie(c, name, optionsOf(name))
