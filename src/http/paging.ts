/** Lists in pages: `limit`, and a signed `cursor` that only works on the list that gave it. */
import * as z from 'zod'
import type { Deps } from '../deps.ts'
import { invalidField } from '../errors.ts'
import { equalDigests, fromBase64, fromUtf8, hmac, toBase64Url, utf8 } from '../lib/bytes.ts'
import { queryInteger, queryText } from './validated.ts'

const NOT_A_CURSOR = 'is none that this list has given'

const SIGNATURE_BYTES = 16

/** A position and its signature, both in base64url. */
const CURSOR = /^[\w-]{1,489}\.[\w-]{22}$/

/** The query of a list. */
export const Page = (defaultLimit: number, maxLimit: number) =>
  z.object({
    limit: queryInteger(1, maxLimit, defaultLimit).meta({
      description: `Entries of a page; ${defaultLimit} where it is left out`,
    }),
    cursor: queryText(z.string().regex(CURSOR, NOT_A_CURSOR)).meta({
      description:
        '`nextCursor` of the page before. It is signed: another one is refused, and so is that of another list',
    }),
  })

/** Signs where the next page starts. `list` names the list and its filters: a cursor of another list is refused. */
export function signCursor({ config }: Pick<Deps, 'config'>, list: string, position: unknown): Promise<string> {
  return signed(config.tokenSecrets[0] as string, list, utf8(JSON.stringify(position)))
}

/** @throws AppError invalid_request for a cursor that was edited, made up, or given by another list. */
export async function readCursor<Position>(
  { config }: Pick<Deps, 'config'>,
  list: string,
  cursor: string | undefined,
): Promise<Position | undefined> {
  if (cursor === undefined) return undefined
  const text = fromBase64(cursor.split('.')[0] ?? '') ?? new Uint8Array()
  for (const secret of config.tokenSecrets) {
    // Compared as text: base64 has several spellings of the same bytes, and the list gave only one of them.
    const given = await signed(secret, list, text)
    if (equalDigests(utf8(given), utf8(cursor))) return JSON.parse(fromUtf8(text) ?? '')
  }
  throw invalidField('cursor', NOT_A_CURSOR)
}

async function signed(secret: string, list: string, text: Uint8Array): Promise<string> {
  const encoded = toBase64Url(text)
  const signature = await hmac(secret, 'cursor', `${list}\n${encoded}`)
  return `${encoded}.${toBase64Url(signature.slice(0, SIGNATURE_BYTES))}`
}
