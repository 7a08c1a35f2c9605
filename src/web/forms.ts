/** Forms: sent from our own pages only, each once. */
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import { AppError } from '../errors.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { equalDigests, hmac, sha256, toBase64Url, utf8 } from '../lib/bytes.ts'
import { HOUR } from '../lib/time.ts'
import { insertFormUse } from './pages.store.ts'

/** How long a page with a form may stay open. */
const FORM_LIFETIME = 2 * HOUR

/** The name of the field with the token. */
export const FORM_FIELD = 'form'

/** Who a form's token is for, before anybody has logged in. */
export const ANYONE = 'anyone'

const check = csrf()

/** Refuses what another origin sends. @throws AppError forbidden */
export const sameOrigin: MiddlewareHandler<AppEnv> = async (c, next) => {
  try {
    await check(c, next)
  } catch (error) {
    if (error instanceof HTTPException) throw new AppError('forbidden', 'The form did not come from this site.')
    throw error
  }
}

/** The largest form in KiB, and the largest file that is sent with one. */
const MAX_FORM_KIB = 64
export const MAX_FILE_KIB = 4096

export const formsUpTo = (kibibytes = MAX_FORM_KIB): MiddlewareHandler<AppEnv> =>
  bodyLimit({
    maxSize: kibibytes * 1024,
    onError: () => {
      throw new AppError('body_too_large', `This is larger than ${kibibytes} KiB.`)
    },
  })

/** A token for the forms of one page. `subject` is whose page it is. */
export async function newFormToken(c: Ctx, subject: string): Promise<string> {
  const { random, now } = c.var.deps
  return sign(c, subject, toBase64Url(random(16)), now().getTime() + FORM_LIFETIME)
}

async function sign(c: Ctx, subject: string, nonce: string, until: number): Promise<string> {
  const secret = c.var.deps.config.tokenSecrets[0] as string
  const mac = await hmac(secret, 'form', `${subject}\n${nonce}\n${until}`)
  return `${nonce}.${until}.${toBase64Url(mac)}`
}

export type Fields = Record<string, string>

/** The fields of a form, whose token is used up by it. @throws AppError forbidden, conflict for a form that was sent before. */
export async function readForm(c: Ctx, subject: string): Promise<Fields> {
  const fields: Fields = {}
  for (const [name, value] of Object.entries(await c.req.parseBody({ all: true }))) fields[name] = await asText(value)
  const token = fields[FORM_FIELD] ?? ''
  const [nonce = '', until = ''] = token.split('.')
  if (!equalDigests(utf8(await sign(c, subject, nonce, Number(until))), utf8(token)))
    throw new AppError('forbidden', 'The form is not one of this page. Load the page again.')
  const { db, now } = c.var.deps
  if (Number(until) <= now().getTime()) throw usedUp()
  if (!(await insertFormUse(db, await sha256(token), Number(until)))) throw usedUp()
  return fields
}

/** Several values of one name are joined by spaces; a file is its text. */
async function asText(value: string | File | (string | File)[]): Promise<string> {
  if (Array.isArray(value)) return (await Promise.all(value.map(asText))).join(' ')
  return typeof value === 'string' ? value : value.text()
}

const usedUp = () =>
  new AppError('conflict', 'This form was sent before, or the page was open too long. Load the page again.')

/** What went wrong with a form, for the page that shows it again; anything else is thrown on. */
export async function faultOf(work: () => Promise<unknown>): Promise<AppError | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof AppError && !['stopped', 'unavailable', 'internal'].includes(error.code)) return error
    throw error
  }
}
