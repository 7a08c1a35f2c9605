/** Alerts for a Slack channel. */
import type { Payload } from './events.ts'
import { sentenceOf, shortened } from './sentence.ts'

/** Slack's own limit for the text of a section. */
const MAX_CHARACTERS = 3000

/** The body of an incoming webhook. `blocks` are what the channel shows; as plain text they neither format nor mention. */
export function slackMessage(payload: Payload) {
  const text = shortened(sentenceOf(payload, oneLine), MAX_CHARACTERS)
  return {
    blocks: [{ type: 'section', text: { type: 'plain_text', text, emoji: false } }],
    text: escaped(text), // what notifications show: here Slack reads markup
  }
}

const oneLine = (value: unknown) => String(value ?? '').replace(/\s+/g, ' ')

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
