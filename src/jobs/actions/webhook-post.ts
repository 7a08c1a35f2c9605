/** `webhook.post`: a heartbeat. Its receiver notices when this service no longer runs. */
import * as z from 'zod'
import { attempt } from '../../alerts/attempt.ts'
import { refusalOf } from '../../alerts/target.ts'
import { AppError, invalidField } from '../../errors.ts'
import type { Action } from './action.ts'

const Payload = z.strictObject({
  url: z.string().min(1, 'is required').meta({ format: 'uri', pattern: '^https://[^/?#@\\s]+', maxLength: 2048 }),
  body: z.json().optional().meta({ description: 'Left out: {"job", "runId", "timestamp"}' }),
})

export const webhookPost: Action<z.infer<typeof Payload>> = {
  name: 'webhook.post',
  payload: Payload,
  check({ config }, { url }) {
    const refusal = refusalOf(url, { allowLocal: config.allowLocalWebhooks })
    if (refusal) throw invalidField('payload.url', refusal)
  },
  async run(deps, { payload: { url, body }, id, runId }) {
    const message = {
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'Statkeep', 'Idempotency-Key': runId },
      body: JSON.stringify(body ?? { job: id, runId, timestamp: deps.now().toISOString() }),
    }
    const { result, status, error = '' } = { error: '', ...(await attempt(deps, url, message)) }
    if (result !== 'delivered') throw new AppError('unavailable', status === 410 ? 'answered 410 Gone' : error)
    return { outcome: `answered ${status}` }
  },
}
