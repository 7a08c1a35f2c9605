/** Alerts as a Discord channel shows them: one readable sentence. */
import type { Payload } from './events.ts'

const MAX_CHARACTERS = 2000
const NAMES_SHOWN = 20

/** Webhooks of Discord, which take their own form of message. */
export function isDiscordWebhook(url: string): boolean {
  const { hostname, pathname } = URL.parse(url) ?? {}
  return /^([a-z]+\.)?discord(app)?\.com$/.test(hostname ?? '') && /^\/api\/(v\d+\/)?webhooks\//.test(pathname ?? '')
}

/** The body of Discord's "Execute Webhook". Nobody is mentioned, whatever the text holds. */
export function discordMessage(payload: Payload) {
  const characters = [...sentenceOf(payload)]
  const content =
    characters.length > MAX_CHARACTERS ? `${characters.slice(0, MAX_CHARACTERS - 1).join('')}…` : characters.join('')
  return { content, allowed_mentions: { parse: [] } }
}

function sentenceOf({ type, data }: Payload): string {
  const say = (field: string) => plain(data[field])
  const reset = data.resetsAt ? ` New credits come at ${timeOf(data.resetsAt)}.` : ''
  switch (type) {
    case 'credits.low':
      return `Credits are low: ${say('username')} has ${say('balance')} left of ${say('allowance')} a month.${reset}`
    case 'credits.exhausted':
      return `Credits no longer suffice: ${say('username')} has ${say('balance')} left of ${say('allowance')} a month.${reset}`
    case 'credits.reset':
      return `A new month of credits has begun for ${namesIn(data)}.`
    case 'service.stopped':
      return 'The service was stopped: calls are answered 503 until it is started again.'
    case 'service.started':
      return 'The service was started: calls are answered again.'
    case 'service.failing':
      return `The service is failing: ${say('failures')} calls were answered with a server error within ${say('withinSeconds')} seconds.`
    case 'job.failed':
      return `The job ${say('job')} failed: ${say('error')}`
    case 'webhook.disabled':
      return `The alert endpoint ${say('webhookId')} at ${say('host')} was disabled: it answered 410 Gone.`
    case 'webhook.test':
      return 'This is a test: alerts of the service arrive here.'
    default: // noted by a version of the service that knew more events
      return `An event: ${plain(type)}.`
  }
}

/** "a, b and 98 more", out of whichever field lists the accounts. */
function namesIn(data: Payload['data']): string {
  const list = Object.values(data).find(Array.isArray) ?? []
  const names = list.map((entry) => plain(entry?.username ?? entry))
  const rest = names.length - NAMES_SHOWN
  if (names.length === 0) return 'some accounts'
  return names.slice(0, NAMES_SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

function timeOf(iso: unknown): string {
  const at = Date.parse(String(iso))
  return Number.isNaN(at) ? 'an unknown time' : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** A value as text that neither formats, nor mentions, nor links. A backslash does not stop `@everyone`; a joiner of no width does. */
function plain(value: unknown): string {
  return String(value ?? '')
    .replace(/\s+/g, ' ')
    .replace(/[\\*_~`|[\]()<>#:]/g, '\\$&')
    .replaceAll('@', '@\u200b')
}
