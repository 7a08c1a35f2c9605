/** An event as the request that tells it. */
import { fromBase64, toBase64, utf8 } from '../lib/bytes.ts'
import { SECOND } from '../lib/time.ts'
import { discordMessage } from './discord.ts'
import { slackMessage } from './slack.ts'

export type Message = { headers: Record<string, string>; body: string }

const JSON_TYPE = { 'Content-Type': 'application/json', 'User-Agent': 'Statkeep' }

/** What Discord takes. `payload` is JSON text. */
export const toDiscord = (payload: string): Message => ({
  headers: JSON_TYPE,
  body: JSON.stringify(discordMessage(JSON.parse(payload))),
})

/** What Slack takes. `payload` is JSON text. */
export const toSlack = (payload: string): Message => ({
  headers: JSON_TYPE,
  body: JSON.stringify(slackMessage(JSON.parse(payload))),
})

/**
 * Standard Webhooks: the id stays across retries, so that a receiver recognises what it has; the time and the signature
 * are of this attempt. Unsigned where there is no `secret`. `now` in milliseconds.
 */
export async function toStandard(
  { eventId, payload, secret }: { eventId: string; payload: string; secret?: string },
  now: number,
): Promise<Message> {
  const timestamp = String(Math.floor(now / SECOND))
  const headers: Record<string, string> = { ...JSON_TYPE, 'webhook-id': eventId, 'webhook-timestamp': timestamp }
  if (secret) headers['webhook-signature'] = `v1,${await signatureOf(secret, `${eventId}.${timestamp}.${payload}`)}`
  return { headers, body: payload }
}

/** HMAC-SHA-256 under the bytes that follow `whsec_`. */
async function signatureOf(secret: string, text: string): Promise<string> {
  const bytes = fromBase64(secret.replace(/^whsec_/, '')) as Uint8Array<ArrayBuffer>
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text))))
}
