/** Alerts for a Discord channel. */
import type { Payload } from './events.ts'
import { sentenceOf, shortened } from './sentence.ts'

/** Discord's own limit. */
const MAX_CHARACTERS = 2000

/** The body of Discord's "Execute Webhook". It mentions nobody, whatever the text says. */
export const discordMessage = (payload: Payload) => ({
  content: shortened(sentenceOf(payload, plain), MAX_CHARACTERS),
  allowed_mentions: { parse: [] },
})

/** A value as text without formatting, mentions or links. A backslash does not stop `@everyone`; a zero-width space does. */
function plain(value: unknown): string {
  return String(value ?? '')
    .replace(/\s+/g, ' ')
    .replace(/[\\*_~`|[\]()<>#:]/g, '\\$&')
    .replaceAll('@', '@\u200b')
}
