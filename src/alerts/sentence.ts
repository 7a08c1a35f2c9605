/** Events as sentences, for receivers that show text to people. */
import type { Payload } from './events.ts'

const MAX_NAMES = 20

/** One readable sentence. `plain` makes a value harmless in the receiver's markup. */
export function sentenceOf({ type, data }: Payload, plain: (value: unknown) => string): string {
  const say = (field: string) => plain(data[field])
  const reset = data.resetsAt ? ` New credits come at ${timeOf(data.resetsAt)}.` : ''
  switch (type) {
    case 'credits.low':
      return `Credits are low: ${say('username')} has ${say('balance')} left of ${say('allowance')} a month.${reset}`
    case 'credits.exhausted':
      return `Credits no longer suffice: ${say('username')} has ${say('balance')} left of ${say('allowance')} a month.${reset}`
    case 'credits.reset':
      return `A new month of credits has begun for ${namesIn(data, plain)}.`
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
    default: // stored by a version of the service that knew more events
      return `An event: ${plain(type)}.`
  }
}

/** At most `max` characters, with an ellipsis where something was cut off. Never cuts an emoji in two. */
export function shortened(text: string, max: number): string {
  const characters = [...text]
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : text
}

/** "a, b and 98 more", from whichever field lists the accounts. */
function namesIn(data: Payload['data'], plain: (value: unknown) => string): string {
  const list = Object.values(data).find(Array.isArray) ?? []
  const names = list.map((entry) => plain(entry?.username ?? entry))
  const rest = names.length - MAX_NAMES
  if (names.length === 0) return 'some accounts'
  return names.slice(0, MAX_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

function timeOf(iso: unknown): string {
  const at = Date.parse(String(iso))
  return Number.isNaN(at) ? 'an unknown time' : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
