/** The shapes of the service's state on the wire. */
import * as z from 'zod'

export const ServiceState = z
  .object({
    state: z.enum(['running', 'stopped']),
    stoppedAt: z.string().meta({ description: 'ISO 8601; empty while it is running' }),
  })
  .meta({ id: 'ServiceState' })
