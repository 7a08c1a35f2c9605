/** What the pages of /console have in common: a form does something, and its page is shown again. */
import { PROBLEMS } from '../errors.ts'
import type { Ctx } from '../http/context.ts'
import { type Fields, faultOf, newFormToken, readForm } from './forms.ts'
import type { ConsoleProps } from './pages/console/frame.tsx'
import { siteOf } from './site.ts'

/** What a page shows beside its own. */
export type Shown = Partial<Pick<ConsoleProps, 'fault' | 'done'>> & { values?: Fields; secret?: string }

type ShowPage = (c: Ctx, shown?: Shown) => Promise<Response>

/** Does what a form asks and shows its page again: with what was done, or with what was wrong and what was typed. */
export async function doing(c: Ctx, show: ShowPage, work: (fields: Fields) => Promise<Shown>): Promise<Response> {
  const { file, ...values } = await readForm(c, c.var.operator.keyId)
  let shown: Shown = {}
  const fault = await faultOf(async () => {
    shown = await work({ ...values, ...(file === undefined ? {} : { file }) })
  })
  return show(c, fault ? { fault, values } : shown)
}

export async function consoleFrame(c: Ctx, shown: Shown = {}): Promise<ConsoleProps & Shown> {
  const { operator, deps } = c.var
  const token = await newFormToken(c, operator.keyId)
  return { site: siteOf(deps.config, c.req.url), operator: operator.name, token, ...shown }
}

export const statusOf = ({ fault }: Shown) => (fault ? (PROBLEMS[fault.code].status as 400) : 200)
