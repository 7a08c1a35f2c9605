/** The shapes of the documentation's answers. */
import * as z from 'zod'
import { type ErrorCode, PROBLEMS } from '../errors.ts'

const Code = z.enum(Object.keys(PROBLEMS) as [ErrorCode, ...ErrorCode[]])

export const ProblemPath = z.object({ code: Code.meta({ description: 'The `code` of an error' }) })

export const Explanation = z
  .object({
    code: Code,
    status: z.int(),
    title: z.string(),
    explanation: z.string().meta({ description: 'Markdown: names are in backticks' }),
  })
  .meta({ id: 'Explanation' })

export const OpenApiDocument = z.looseObject({ openapi: z.literal('3.1.0') }).meta({ description: 'OpenAPI 3.1' })
