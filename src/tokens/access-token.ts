/** Access tokens: JWTs (RFC 7519), HS256 only. `kid` names the secret that signed them. */
import { sign, verify } from 'hono/jwt'
import * as z from 'zod'
import { AppError } from '../errors.ts'
import { fromBase64, fromUtf8, sha256, toBase64Url, utf8 } from '../lib/bytes.ts'
import { MAX_USERNAME_LENGTH } from '../users/user-ref.ts'

/** Lifetime of an access token; the old app's `duration`. */
export const ACCESS_TOKEN_SECONDS = 600

/** Longer than any token that we issue. A longer text is refused before it is parsed. */
const MAX_TOKEN_LENGTH = 1024

const ISSUER = 'statkeep'

/** The user of a token, the version of the account, and the session, if any. */
export type Identity = { userId: number; version: number; sessionId: string | undefined }

const Header = z.object({ alg: z.literal('HS256'), kid: z.string() })
const Payload = z.object({
  iss: z.literal(ISSUER),
  sub: z.string().regex(/^[1-9]\d{0,15}$/),
  ver: z.int(),
  sid: z.string().optional(),
  exp: z.int(),
})

/** A secret as a JWK. Its `kid` is derived from it, so that several secrets can be valid at once. */
async function keyOf(secret: string) {
  const kid = (await sha256(`kid\0${secret}`)).slice(0, 16)
  return { kty: 'oct', k: toBase64Url(utf8(secret)), alg: 'HS256', kid } as const
}

/** When a token that is signed now expires; both in milliseconds. */
export const accessTokenEnd = (now: number): number => (Math.floor(now / 1000) + ACCESS_TOKEN_SECONDS) * 1000

/** Signs with the first secret. `now` in milliseconds. */
export async function signAccessToken(secrets: string[], identity: Identity, now: number): Promise<string> {
  const payload = {
    iss: ISSUER,
    sub: String(identity.userId),
    ver: identity.version,
    ...(identity.sessionId === undefined ? {} : { sid: identity.sessionId }),
    iat: Math.floor(now / 1000),
    exp: accessTokenEnd(now) / 1000,
  }
  return sign(payload, await keyOf(secrets[0] as string), 'HS256')
}

/**
 * Accepts a token signed with any of `secrets`. Whether it was revoked is not checked here.
 * @throws AppError `token_expired`; `unauthenticated` for anything else, without saying what is wrong.
 */
export async function readAccessToken(
  secrets: string[],
  token: string,
  now: number,
): Promise<Identity & { expiresAt: number }> {
  if (token.length > MAX_TOKEN_LENGTH) throw refused()
  const header = readHeader(token)
  const keys = await Promise.all(secrets.map(keyOf))
  const key = keys.find(({ kid }) => kid === header?.kid)
  if (!key) throw refused()
  // hono/jwt compares times with Date.now(); the clock is handed in here, so `exp` is checked below.
  const claims = await verify(token, key, { alg: 'HS256', exp: false, iat: false, nbf: false }).catch(() => {
    throw refused() // not rethrown: hono's messages contain the whole token
  })
  const { success, data } = Payload.safeParse(claims)
  if (!success) throw refused()
  const expiresAt = data.exp * 1000
  if (expiresAt <= now) throw new AppError('token_expired', 'The access token has expired.')
  return { userId: Number(data.sub), version: data.ver, sessionId: data.sid, expiresAt }
}

const refused = () => new AppError('unauthenticated', 'The access token is not valid.')

/** Tells a token from a username, which is shorter. */
export function looksLikeAccessToken(text: string): boolean {
  return text.length > MAX_USERNAME_LENGTH && text.split('.').length === 3
}

function readHeader(token: string): z.infer<typeof Header> | undefined {
  try {
    const bytes = fromBase64(token.split('.')[0] ?? '')
    return Header.safeParse(JSON.parse((bytes && fromUtf8(bytes)) || 'null')).data
  } catch {
    return undefined
  }
}
