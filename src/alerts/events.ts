/** What an operator can be alerted of. */

/** The events that an endpoint can ask for. */
export const EVENTS = [
  'credits.low',
  'credits.exhausted',
  'credits.reset',
  'service.stopped',
  'service.started',
  'service.failing',
  'job.failed',
  'webhook.disabled',
] as const

/** `webhook.test` goes to the one endpoint that is tested, whatever it asked for. */
export type EventName = (typeof EVENTS)[number] | 'webhook.test'

/** What a receiver gets, as the Standard Webhooks specification recommends. */
export type Payload = { type: EventName; timestamp: string; data: Record<string, unknown> }
