/** Lists in pages: `limit`, and a signed `cursor` that only the list which gave it takes back. */
import * as z from 'zod'
import type { Deps } from '../deps.ts'
import { invalidField } from '../errors.ts'
import { equalDigests, fromBase64, fromUtf8, hmac, toBase64Url, utf8 } from '../lib/bytes.ts'
import { queryInteger, queryText } from './validated.ts'

/** The query of a list. */
export const Page = (otherwise: number, most: number) =>
  z.object({ limit: queryInteger(1, most, otherwise), cursor: queryText(z.string().max(512)) })

const SIGNATURE_BYTES = 16

/** Signs where the next page starts. `list` names the list and its filters: a cursor of another list is refused. */
export async function signCursor({ config }: Pick<Deps, 'config'>, list: string, position: unknown): Promise<string> {
  const text = utf8(JSON.stringify(position))
  const signature = await signatureOf(config.tokenSecrets[0] as string, list, text)
  return `${toBase64Url(text)}.${toBase64Url(signature)}`
}

/** @throws AppError invalid_request for a cursor that is edited, foreign, or of random bytes. */
export async function readCursor<Position>(
  { config }: Pick<Deps, 'config'>,
  list: string,
  cursor: string | undefined,
): Promise<Position | undefined> {
  if (cursor === undefined) return undefined
  const [text, signature] = cursor.split('.').map(fromBase64)
  if (text && signature) {
    for (const secret of config.tokenSecrets) {
      if (equalDigests(await signatureOf(secret, list, text), signature)) return JSON.parse(fromUtf8(text) ?? '')
    }
  }
  throw invalidField('cursor', 'is none that this list has given')
}

const signatureOf = async (secret: string, list: string, text: Uint8Array) =>
  (await hmac(secret, 'cursor', `${list}\n${toBase64Url(text)}`)).slice(0, SIGNATURE_BYTES)
