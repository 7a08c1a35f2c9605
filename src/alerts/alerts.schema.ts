/** The shapes of alerts on the wire. */
import * as z from 'zod'
import { Page } from '../http/paging.ts'
import { optionalText, queryText } from '../http/validated.ts'
import { EVENTS } from './events.ts'
import { FORMATS } from './formats.ts'
import { MAX_URL_LENGTH } from './target.ts'

const Url = z
  .string()
  .min(1, 'is required')
  .meta({
    description: `https, a public host, no user name or password, at most ${MAX_URL_LENGTH.toLocaleString('en')} characters`,
    format: 'uri',
    pattern: '^https://[^/?#@\\s]+',
    maxLength: MAX_URL_LENGTH,
    example: 'https://example.com/alerts',
  })
const Format = z.enum(FORMATS).meta({
  description:
    '`standard`: signed by the Standard Webhooks specification. `discord`, `slack`: a sentence for a channel. Left out: `discord` or `slack` for a URL of theirs, otherwise `standard`',
})
const Events = z.array(z.enum(EVENTS)).min(1, 'has to name at least one event').max(100)

export const NewWebhook = z.strictObject({ url: Url, events: Events, format: optionalText(Format) })

export const WebhookChange = z.strictObject({
  url: optionalText(Url),
  events: Events.optional(),
  format: optionalText(Format),
  enabled: z.boolean().optional().meta({ description: 'A disabled endpoint gets nothing' }),
})

export const WebhookPath = z.object({
  webhook: z
    .string()
    .regex(/^whk_[A-Za-z0-9_-]{20}$/)
    .meta({ description: 'The `id` of an endpoint', example: 'whk_0123456789abcdefghij' }),
})

export const Webhook = z
  .object({
    id: z.string(),
    url: z.string(),
    format: Format,
    events: z.array(z.enum(EVENTS)),
    enabled: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Webhook' })

export const CreatedWebhook = Webhook.extend({
  secret: z.string().meta({ description: '`whsec_…`: what receivers verify signatures with; shown this once' }),
}).meta({ id: 'CreatedWebhook' })

export const Webhooks = z.object({ webhooks: z.array(Webhook) }).meta({ id: 'Webhooks' })

const Status = z.enum(['pending', 'delivered', 'dead']).meta({
  description:
    '`pending`: it is tried (again) at `nextAttemptAt`. `dead`: it is not tried again, unless it is replayed',
})

export const DeliveryList = Page(50, 200).extend({ status: queryText(Status) })

export const DeliveryPath = z.object({
  delivery: z
    .string()
    .regex(/^dlv_[1-9]\d{0,14}$/)
    .transform((text) => Number(text.slice('dlv_'.length)))
    .meta({ description: 'The `id` of a delivery', example: 'dlv_1' }),
})

const Time = z.union([z.iso.datetime(), z.literal('')])

export const Delivery = z
  .object({
    id: z.string(),
    webhookId: z.string(),
    eventId: z.string().meta({ description: 'The `webhook-id` header; the same in every attempt' }),
    event: z.enum([...EVENTS, 'webhook.test']),
    status: Status,
    attempts: z.int(),
    lastStatus: z.int().meta({ description: "The status of the receiver's last answer; 0 where there was none" }),
    lastError: z.string(),
    createdAt: z.iso.datetime(),
    nextAttemptAt: Time,
    deliveredAt: Time,
    payload: z.object({
      type: z.string(),
      timestamp: z.iso.datetime(),
      data: z.record(z.string(), z.unknown()).meta({ description: 'What the event tells' }),
    }),
  })
  .meta({ id: 'Delivery' })

export const Deliveries = z.object({ deliveries: z.array(Delivery), nextCursor: z.string() }).meta({ id: 'Deliveries' })
