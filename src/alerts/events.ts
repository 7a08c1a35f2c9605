/** The events of alerts. */

/** The events that an endpoint can subscribe to. */
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

/** `webhook.test` goes only to the endpoint that is tested, whatever it subscribed to. */
export type EventName = (typeof EVENTS)[number] | 'webhook.test'

/** What a receiver gets, as the Standard Webhooks specification recommends. */
export type Payload = { type: EventName; timestamp: string; data: Record<string, unknown> }
