/** Alerts as a Slack channel shows them: one readable sentence. */
import { sentenceOf } from './discord.ts'
import type { Payload } from './events.ts'

/** Slack's incoming webhooks, which take their own form of message. */
export function isSlackWebhook(url: string): boolean {
  const { hostname, pathname } = URL.parse(url) ?? {}
  return /^hooks\.slack(-gov)?\.com$/.test(hostname ?? '') && (pathname ?? '').startsWith('/services/')
}

/** The body of an incoming webhook. As plain text, it neither formats nor mentions. */
export const slackMessage = (payload: Payload) => ({
  blocks: [{ type: 'section', text: { type: 'plain_text', text: sentence(payload), emoji: false } }],
  text: escaped(sentence(payload)), // what notifications show; here Slack reads markup
})

/** Slack's limit for the text of a section. */
const MAX_CHARACTERS = 3000

const sentence = (payload: Payload) =>
  [...sentenceOf(payload, (value) => String(value ?? '').replace(/\s+/g, ' '))].slice(0, MAX_CHARACTERS).join('')

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
