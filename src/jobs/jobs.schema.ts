/** The shapes of jobs on the wire. */
import * as z from 'zod'
import { ACTIONS } from './actions.ts'
import { normalSchedule, scheduleFault } from './schedules.ts'

export const NoFields = z.strictObject({})

export const JobPath = z.object({
  id: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/)
    .meta({ description: 'The name of a job', example: 'daily-gift' }),
})

const Schedule = z
  .string()
  .max(200)
  .transform(normalSchedule)
  .superRefine((text, c) => {
    const fault = scheduleFault(text)
    if (fault) c.addIssue({ code: 'custom', message: fault })
  })
  .meta({
    description:
      '`every 10m` (m, h or d, in lower case; a minute at least), or a cron line of five fields and a time zone: `0 9 * * 1 Europe/Berlin`. UTC where no zone is named',
    pattern: '^\\s*(every +[0-9]{1,9} ?[mhd]|\\S+( +\\S+){4,5})\\s*$',
  })

const settings = ACTIONS.map(({ name, payload }) =>
  z.strictObject({
    action: z.literal(name),
    schedule: Schedule,
    payload: z.preprocess((value) => value ?? {}, payload),
    enabled: z.boolean().optional().default(true),
  }),
)

export const JobSettings = z.discriminatedUnion('action', settings as [(typeof settings)[number]], {
  error: `has to be one of ${ACTIONS.map(({ name }) => name).join(', ')}`,
})

const time = z.string().meta({ description: 'ISO 8601; empty for never' })

export const Job = z
  .object({
    id: z.string(),
    action: z.string(),
    schedule: z.string(),
    payload: z.record(z.string(), z.unknown()),
    enabled: z.boolean(),
    system: z.boolean().meta({ description: 'The service needs it: it cannot be changed or removed' }),
    running: z.boolean(),
    nextRunAt: time,
    lastRunAt: time.meta({ description: 'For what runs each minute: to the hour, while it finds nothing to do' }),
    lastOutcome: z.string(),
    lastError: z.string().meta({ description: 'Empty after a success' }),
    failures: z.int().meta({ description: 'In a row' }),
  })
  .meta({ id: 'Job' })

export const Jobs = z.object({ jobs: z.array(Job) }).meta({ id: 'Jobs' })

export const JobRun = z
  .object({
    id: z.string(),
    runId: z.string(),
    state: z.enum(['done', 'failed', 'running']),
    outcome: z.string(),
    error: z.string(),
  })
  .meta({ id: 'JobRun' })
