/** An event as the request that a receiver gets. */
import { Webhook } from 'standardwebhooks'
import { SECOND } from '../lib/time.ts'
import { discordMessage } from './discord.ts'
import type { Format } from './formats.ts'
import { slackMessage } from './slack.ts'

export type Message = { headers: Record<string, string>; body: string }

const JSON_TYPE = { 'Content-Type': 'application/json', 'User-Agent': 'Statkeep' }

/** An event in the format of its receiver. `payload` is JSON text; `secret` signs the standard format. `now` in milliseconds. */
export function messageOf(
  { format, ...event }: { format: Format; eventId: string; payload: string; secret?: string | undefined },
  now: number,
): Message {
  if (format === 'discord')
    return { headers: JSON_TYPE, body: JSON.stringify(discordMessage(JSON.parse(event.payload))) }
  if (format === 'slack') return { headers: JSON_TYPE, body: JSON.stringify(slackMessage(JSON.parse(event.payload))) }
  return standardMessage(event, now)
}

/**
 * Standard Webhooks: the id is the same in every attempt, so that a receiver recognises a repeat; time and signature
 * are this attempt's.
 */
function standardMessage(
  { eventId, payload, secret }: { eventId: string; payload: string; secret?: string | undefined },
  now: number,
): Message {
  const timestamp = String(Math.floor(now / SECOND))
  const headers: Record<string, string> = { ...JSON_TYPE, 'webhook-id': eventId, 'webhook-timestamp': timestamp }
  if (secret) headers['webhook-signature'] = new Webhook(secret).sign(eventId, new Date(now), payload)
  return { headers, body: payload }
}
