/** What the service itself needs done each minute. Each call is a bounded piece of work; the next tick continues. */
import { deliverDue } from '../../alerts/deliver.ts'
import { releaseExpiredHolds } from '../../credits/holds.ts'
import { rollOverPeriods } from '../../credits/rollover.ts'
import { splitBuckets } from '../../leaderboards/buckets.ts'
import { keyEmails } from '../../users/email-keys.ts'
import type { SystemAction } from './action.ts'

const said = (what: string, count: number, more: boolean) => ({
  outcome: count === 0 && !more ? '' : `${what}: ${count}${more ? ', more to come' : ''}`,
})

/** Sends the alerts that are due. */
export const deliveries: SystemAction = {
  name: 'deliveries',
  async run(deps) {
    const { sent, failed, more } = await deliverDue(deps)
    return said('alerts tried', sent + failed, more)
  },
}

/** Gives back the holds that nobody settled. */
export const holds: SystemAction = {
  name: 'holds',
  async run(deps) {
    const { released, more } = await releaseExpiredHolds(deps)
    return said('expired holds given back', released, more)
  },
}

/** Rolls over accounts whose billing period is over, some thousands at a time. */
export const month: SystemAction = {
  name: 'month',
  async run(deps) {
    const { accounts, more } = await rollOverPeriods(deps)
    return said(ROLLED_OVER, accounts, more)
  },
}

/** The same in slices, until no account is due or the invocation has used what D1 allows it. */
export const allMonths: SystemAction = {
  name: 'month',
  async run(deps, { cursor }) {
    const before: Progress = cursor ? JSON.parse(cursor) : { accounts: 0, slices: 0 }
    const { accounts, more } = await rollOverPeriods(deps)
    const progress: Progress = { accounts: before.accounts + accounts, slices: before.slices + 1 }
    const resumes = more && progress.slices < MAX_ROLLOVER_SLICES
    return { ...said(ROLLED_OVER, progress.accounts, more), cursor: resumes ? JSON.stringify(progress) : undefined }
  },
}

type Progress = { accounts: number; slices: number }

/** D1 allows an invocation 1,000 statements, and a slice has 120: twenty pages of six. */
const MAX_ROLLOVER_SLICES = 7

const ROLLED_OVER = 'accounts with a new month'

/** Keeps ranks cheap to count. */
export const ranks: SystemAction = {
  name: 'ranks',
  async run(deps) {
    return said('buckets of ranks split', await splitBuckets(deps), false)
  },
}

/** Gives emails from before migration 0005 their folded keys. Emails that two users have in two spellings are a fault. */
export const emails: SystemAction = {
  name: 'emails',
  async run(deps) {
    const { keyed, collisions, more } = await keyEmails(deps)
    const names = collisions.map(({ id, username }) => `${username} (${id})`).join(', ')
    const fault = names === '' ? undefined : `Another user has the same email in another spelling: ${names}.`
    return { ...said('emails given a key', keyed, more), fault }
  },
}
