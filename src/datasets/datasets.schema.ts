/** The shapes of metered data on the wire. */
import * as z from 'zod'

export const EntryPath = z.object({
  dataset: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/)
    .meta({ description: 'A dataset', example: 'banks_data' }),
  key: z
    .string()
    .regex(/^[^\p{Cc}/]{1,128}$/u)
    .meta({ description: 'An entry of it', example: 'EBILAEAD' }),
})

export const Entry = z.object({ dataset: z.string(), key: z.string(), data: z.unknown() }).meta({ id: 'Entry' })

export const EntryData = z.strictObject({
  data: z.json().meta({
    description:
      'Any JSON. It is stored as it was sent, or refused: whole numbers beyond 2^53 − 1, `__proto__`, a name given twice, half a surrogate pair, more than 64 levels',
  }),
})

export const Datasets = z
  .object({ datasets: z.array(z.object({ dataset: z.string(), entries: z.int(), updatedAt: z.iso.datetime() })) })
  .meta({ id: 'Datasets' })
